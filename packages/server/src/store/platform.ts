import { randomUUID } from "node:crypto";
import { type Selectable, type SqlBool, sql } from "kysely";
import type { Database, InTransaction, Tables } from "../database.ts";

export type PlatformRow = Selectable<Tables["platform"]>;

export async function findPlatform(db: Database, id: string): Promise<PlatformRow | null> {
  return (await db.selectFrom("platform").selectAll().where("id", "=", id).executeTakeFirst()) ?? null;
}

/** A platform whose key was shown; whether the key still holds is for the caller to decide. */
export type KeyHolder = {
  readonly id: string;
  readonly name: string;
  readonly hostile: boolean;
  readonly keyExpiresAt: Temporal.Instant | null;
  readonly keyRevokedAt: Temporal.Instant | null;
};

export async function findKeyHolder(db: Database, keyHash: Buffer): Promise<KeyHolder | null> {
  const row = await db
    .selectFrom("platform")
    .select(["id", "name", "hostile", "keyExpiresAt", "keyRevokedAt"])
    .where("keyHash", "=", keyHash)
    .executeTakeFirst();
  return row ?? null;
}

/** Seconds within which another sight of a platform is not worth writing down: they come every two. */
const SEEN_SECONDS = 10;

/** Keeps when a platform was last here, and the number of the list it asked from, when it asked for the list. */
export async function recordSeen(
  db: Database,
  platformId: string,
  seen: { readonly at: Temporal.Instant; readonly listNumber: number | null },
): Promise<void> {
  const { at, listNumber } = seen;
  const before = at.subtract({ seconds: SEEN_SECONDS }).toString();
  await db
    .updateTable("platform")
    .set({ lastSeenAt: at.toString(), ...(listNumber === null ? {} : { listNumber }) })
    .where("id", "=", platformId)
    .where(
      sql<SqlBool>`(last_seen_at is null or last_seen_at < ${before}::timestamptz
        or list_number is distinct from coalesce(${listNumber}::bigint, list_number))`,
    )
    .execute();
}

/** Locks a platform's row until the transaction ends; for who sends to it, after the case and the notice. */
export function lockPlatform(tx: InTransaction, platformId: string): Promise<PlatformRow> {
  return tx.selectFrom("platform").selectAll().where("id", "=", platformId).forNoKeyUpdate().executeTakeFirstOrThrow();
}

/** Whether a platform can read what we show it: it has a key that has neither run out nor been revoked. */
export function holdsKey(platform: Pick<PlatformRow, "keyExpiresAt" | "keyRevokedAt">, now: Temporal.Instant): boolean {
  const { keyExpiresAt, keyRevokedAt } = platform;
  return keyExpiresAt !== null && keyRevokedAt === null && Temporal.Instant.compare(keyExpiresAt, now) > 0;
}

/** The next number of a platform's notices. Its row stays locked until the transaction ends, so none is seen before an earlier one. */
export async function takeNoticeNumber(tx: InTransaction, platformId: string): Promise<number> {
  const { noticesSent } = await tx
    .updateTable("platform")
    .set((any) => ({ noticesSent: any("noticesSent", "+", 1) }))
    .where("id", "=", platformId)
    .returning("noticesSent")
    .executeTakeFirstOrThrow();
  return noticesSent;
}

/** All platforms by name. */
export function findPlatforms(db: Database): Promise<PlatformRow[]> {
  return db.selectFrom("platform").selectAll().orderBy("name").execute();
}

export type NewPlatform = {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly mail: string | null;
  readonly language: "ko" | "en";
  /** Both null: no access to the API. */
  readonly keyHash: Buffer | null;
  readonly expiresAt: Temporal.Instant | null;
};

/** Null when a platform of this name exists. */
export async function insertPlatform(
  db: Database,
  platform: NewPlatform,
  now: Temporal.Instant,
): Promise<PlatformRow | null> {
  const { name, hosts, mail, language, keyHash, expiresAt } = platform;
  const row = await db
    .insertInto("platform")
    .values({
      id: randomUUID(),
      ...{ name, mail, language, keyHash },
      hosts: hosts.map((host) => host.toLowerCase()),
      keyExpiresAt: expiresAt?.toString() ?? null,
      createdAt: now.toString(),
    })
    .onConflict((same) => same.column("name").doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** False when there is no such platform. A revoked key stays revoked. */
export async function changePlatform(
  db: Database,
  id: string,
  change: { readonly hostile?: boolean | undefined; readonly revokeKey?: true | undefined },
  now: Temporal.Instant,
): Promise<boolean> {
  const { hostile, revokeKey } = change;
  const revokedAt = sql<string>`coalesce(key_revoked_at, ${now.toString()}::timestamptz)`;
  const result = await db
    .updateTable("platform")
    .set({
      id,
      ...(hostile === undefined ? {} : { hostile }),
      ...(revokeKey ? { keyRevokedAt: revokedAt } : {}),
    })
    .where("id", "=", id)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
