import { randomUUID } from "node:crypto";
import type { RecipientCard, SilentRecipient } from "@jikim/casework";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";

/** Who hosts a place and who registered its name, as far as known. */
export type HostAnswer = {
  readonly network: RecipientCard | null;
  readonly host: RecipientCard | null;
  readonly registrar: RecipientCard | null;
  readonly silent: readonly SilentRecipient[];
};

/** What is known of a host, and whether directories are still being asked. */
export type HostLookup = {
  readonly id: string;
  readonly answer: HostAnswer | null;
  readonly asking: boolean;
  /** It was not asked for until now, or what is known is old: whoever got this wakes who asks. */
  readonly wake: boolean;
};

const keyOfHost = (vault: Vault, host: string) => vault.keyOf(host, "host_lookup/host");

/** What is known of a host; asks for it when that is nothing, or old. */
export async function askForHost(db: Database, vault: Vault, host: string, now: Temporal.Instant): Promise<HostLookup> {
  const row = (await findRow(db, vault, host)) ?? (await addRow(db, vault, host, now));
  const answer = row.answerSealed === null ? null : openAnswer(vault, row.id, row.answerSealed);
  const isOld = row.nextTryAt === null && row.staleAt !== null && Temporal.Instant.compare(row.staleAt, now) <= 0;
  const wake = row.isNew || (isOld && (await renew(db, row.id, now)));
  // Kept exact to the hour, so that what is known costs no write.
  if (!wake && row.askedAt.until(now).total("hours") >= 1) await noteAsking(db, row.id, now);
  return { id: row.id, answer, asking: isOld || row.nextTryAt !== null, wake };
}

type Row = {
  readonly id: string;
  readonly answerSealed: Buffer | null;
  readonly askedAt: Temporal.Instant;
  readonly staleAt: Temporal.Instant | null;
  readonly nextTryAt: Temporal.Instant | null;
  readonly isNew: boolean;
};

async function findRow(db: Database, vault: Vault, host: string): Promise<Row | null> {
  const row = await db
    .selectFrom("hostLookup")
    .select(["id", "answerSealed", "askedAt", "staleAt", "nextTryAt"])
    .where("hostKey", "=", keyOfHost(vault, host))
    .executeTakeFirst();
  return row === undefined ? null : { ...row, isNew: false };
}

async function addRow(db: Database, vault: Vault, host: string, now: Temporal.Instant): Promise<Row> {
  const id = randomUUID();
  const sealed = { hostKey: keyOfHost(vault, host), hostSealed: vault.seal(host, `host_lookup/host/${id}`) };
  const added = await db
    .insertInto("hostLookup")
    .values({ id, ...sealed, askedAt: now.toString(), nextTryAt: now.toString() })
    .onConflict((same) => same.column("hostKey").doNothing())
    .executeTakeFirst();
  const isNew = added.numInsertedOrUpdatedRows === 1n;
  const row = isNew ? null : await findRow(db, vault, host);
  return row ?? { id, answerSealed: null, askedAt: now, staleAt: null, nextTryAt: now, isNew };
}

/** Asks again for what is old. False: somebody was first. */
async function renew(db: Database, id: string, now: Temporal.Instant): Promise<boolean> {
  const moment = now.toString();
  const renewed = await db
    .updateTable("hostLookup")
    .set({ nextTryAt: moment, askedAt: moment, attempts: 0 })
    .where("id", "=", id)
    .where("nextTryAt", "is", null)
    .executeTakeFirst();
  return renewed.numUpdatedRows === 1n;
}

async function noteAsking(db: Database, id: string, now: Temporal.Instant): Promise<void> {
  await db.updateTable("hostLookup").set({ askedAt: now.toString() }).where("id", "=", id).execute();
}

function openAnswer(vault: Vault, id: string, sealed: Buffer): HostAnswer {
  return vault.open(sealed, `host_lookup/answer/${id}`) as HostAnswer;
}

export type HostTask = {
  readonly id: string;
  readonly host: string;
  /** How often directories could not tell. */
  readonly attempts: number;
  /** When a caseworker last wanted to know. */
  readonly askedAt: Temporal.Instant;
};

/** Takes a lookup that is due until a moment: nobody else asks meanwhile, and when we are killed it is due again. Null: not due. */
export async function takeHostLookup(
  db: Database,
  vault: Vault,
  id: string,
  { now, until }: { readonly now: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<HostTask | null> {
  const row = await db
    .updateTable("hostLookup")
    .set({ nextTryAt: until.toString() })
    .where("id", "=", id)
    .where("nextTryAt", "<=", now)
    .returning(["hostSealed", "attempts", "askedAt"])
    .executeTakeFirst();
  if (row === undefined) return null;
  const host = vault.open(row.hostSealed, `host_lookup/host/${id}`) as string;
  return { id, host, attempts: row.attempts, askedAt: row.askedAt };
}

/** Records what is known now; `nextTryAt` null when nothing is left to ask. */
export async function recordHostAnswer(
  db: Database,
  vault: Vault,
  task: HostTask,
  known: {
    readonly answer: HostAnswer;
    readonly staleAt: Temporal.Instant;
    readonly nextTryAt: Temporal.Instant | null;
    readonly attempts: number;
  },
): Promise<void> {
  await db
    .updateTable("hostLookup")
    .set({
      answerSealed: vault.seal(known.answer, `host_lookup/answer/${task.id}`),
      staleAt: known.staleAt.toString(),
      nextTryAt: known.nextTryAt?.toString() ?? null,
      attempts: known.attempts,
    })
    .where("id", "=", task.id)
    .execute();
}

/** Lookups that are due. */
export async function findDueHosts(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("hostLookup")
    .select("id")
    .where("nextTryAt", "<=", now)
    .orderBy("nextTryAt")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Days after which a host that no case asked for again is forgotten. */
const KEPT_DAYS = 30;

export async function forgetHosts(db: Database, now: Temporal.Instant): Promise<void> {
  await db
    .deleteFrom("hostLookup")
    .where("askedAt", "<", now.subtract({ hours: 24 * KEPT_DAYS }))
    .execute();
}
