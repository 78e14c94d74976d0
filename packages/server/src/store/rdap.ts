import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";

const keyOfSubject = (vault: Vault, subject: string) => vault.keyOf(subject, "rdap_answer/subject");

/** A kept answer about a subject such as `domain shop.example` or `network 192.0.2.0/24`; null when there is none, or it ran out. */
export async function findRdapAnswer(
  db: Database,
  vault: Vault,
  subject: string,
  now: Temporal.Instant,
): Promise<unknown> {
  const row = await db
    .selectFrom("rdapAnswer")
    .select("answerSealed")
    .where("subjectKey", "=", keyOfSubject(vault, subject))
    .where("expiresAt", ">", now)
    .executeTakeFirst();
  return row === undefined ? null : vault.open(row.answerSealed, `rdap_answer/answer/${subject}`);
}

export async function saveRdapAnswer(
  db: Database,
  vault: Vault,
  subject: string,
  { answer, expiresAt }: { readonly answer: unknown; readonly expiresAt: Temporal.Instant },
): Promise<void> {
  const values = {
    answerSealed: vault.seal(answer, `rdap_answer/answer/${subject}`),
    expiresAt: expiresAt.toString(),
  };
  await db
    .insertInto("rdapAnswer")
    .values({ subjectKey: keyOfSubject(vault, subject), ...values })
    .onConflict((same) => same.column("subjectKey").doUpdateSet(values))
    .execute();
}

/** The files that say which directory answers for what. */
export type RdapFileName = "dns" | "ipv4" | "ipv6";
export type RdapFile = {
  readonly content: string;
  readonly etag: string | null;
  readonly checkedAt: Temporal.Instant;
};

export async function findRdapFile(db: Database, name: RdapFileName): Promise<RdapFile | null> {
  const row = await db.selectFrom("rdapFile").selectAll().where("name", "=", name).executeTakeFirst();
  return row ?? null;
}

export async function saveRdapFile(db: Database, name: RdapFileName, file: RdapFile): Promise<void> {
  const values = { content: file.content, etag: file.etag, checkedAt: file.checkedAt.toString() };
  await db
    .insertInto("rdapFile")
    .values({ name, ...values })
    .onConflict((same) => same.column("name").doUpdateSet(values))
    .execute();
}

/** Requests to one server in a minute at most: ours, but for servers that are known to allow fewer. */
const MOST_A_MINUTE = 30;
/** LACNIC: 10 a minute (notes of 2026 on registries' limits; others publish none). */
const SLOWER: Readonly<Record<string, number>> = { "rdap.lacnic.net": 10 };

const keyOfServer = (vault: Vault, server: string) => vault.keyOf(server, "rdap_server/server");

/** Counts a request to a server, for all processes together. Null: it may be asked; else the moment from which it may. */
export async function takeTurn(
  db: Database,
  vault: Vault,
  server: string,
  now: Temporal.Instant,
): Promise<Temporal.Instant | null> {
  const serverKey = keyOfServer(vault, server);
  const minuteEndsAt = now.add({ seconds: 60 }).toString();
  const taken = await db
    .insertInto("rdapServer")
    .values({ serverKey, minuteEndsAt, asked: 1 })
    .onConflict((same) =>
      same
        .column("serverKey")
        .doUpdateSet((eb) => ({
          asked: sql<number>`case when ${eb.ref("rdapServer.minuteEndsAt")} <= ${now.toString()} then 1 else ${eb.ref("rdapServer.asked")} + 1 end`,
          minuteEndsAt: sql<string>`case when ${eb.ref("rdapServer.minuteEndsAt")} <= ${now.toString()} then excluded.minute_ends_at else ${eb.ref("rdapServer.minuteEndsAt")} end`,
        }))
        .where((eb) =>
          eb.and([
            eb.or([eb("rdapServer.pausedUntil", "is", null), eb("rdapServer.pausedUntil", "<=", now)]),
            eb.or([
              eb("rdapServer.minuteEndsAt", "<=", now),
              eb("rdapServer.asked", "<", SLOWER[server] ?? MOST_A_MINUTE),
            ]),
          ]),
        ),
    )
    .returning("asked")
    .executeTakeFirst();
  if (taken !== undefined) return null;
  const row = await db.selectFrom("rdapServer").selectAll().where("serverKey", "=", serverKey).executeTakeFirst();
  const moments = [row?.pausedUntil, row?.minuteEndsAt].flatMap((one) => (one ? [one] : []));
  return moments.toSorted(Temporal.Instant.compare).at(-1) ?? now;
}

/** Leaves a server alone until a moment. */
export async function pauseServer(db: Database, vault: Vault, server: string, until: Temporal.Instant): Promise<void> {
  await db
    .updateTable("rdapServer")
    .set({ pausedUntil: until.toString() })
    .where("serverKey", "=", keyOfServer(vault, server))
    .execute();
}

/** Deletes answers that ran out and servers that nobody asked lately. */
export async function forgetRdap(db: Database, now: Temporal.Instant): Promise<void> {
  await db.deleteFrom("rdapAnswer").where("expiresAt", "<", now).execute();
  await db
    .deleteFrom("rdapServer")
    .where("minuteEndsAt", "<", now.subtract({ hours: 48 }))
    .execute();
}
