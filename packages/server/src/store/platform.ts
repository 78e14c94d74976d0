import type { RecipientCard } from "@jikim/casework";
import { type Selectable, type SqlBool, sql } from "kysely";
import type { Database, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { findRecipients, insertRecipient, type Recipient } from "./recipient.ts";

export type PlatformRow = Selectable<Tables["platform"]>;
/** A recipient that takes the list. */
export type Platform = Recipient & { readonly keys: PlatformRow };

/** Null also when the recipient does not take the list. */
export async function findPlatform(db: Database, id: string): Promise<PlatformRow | null> {
  return (await db.selectFrom("platform").selectAll().where("id", "=", id).executeTakeFirst()) ?? null;
}

/** Ids of all recipients that take the list. */
export async function findPlatformIds(db: Database): Promise<ReadonlySet<string>> {
  return new Set((await db.selectFrom("platform").select("id").execute()).map((row) => row.id));
}

/** A platform whose key was shown; whether the key still holds is for the caller to decide. */
export type KeyHolder = {
  readonly id: string;
  readonly hostile: boolean;
  readonly keyExpiresAt: Temporal.Instant | null;
  readonly keyRevokedAt: Temporal.Instant | null;
};

export async function findKeyHolder(db: Database, keyHash: Buffer): Promise<KeyHolder | null> {
  const row = await db
    .selectFrom("platform")
    .innerJoin("recipient", "recipient.id", "platform.id")
    .select(["platform.id", "recipient.hostile", "keyExpiresAt", "keyRevokedAt"])
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

/** Whether a platform can read what we show it: it has a key that has neither run out nor been revoked. */
export function holdsKey(
  platform: Pick<PlatformRow, "keyExpiresAt" | "keyRevokedAt"> | null,
  now: Temporal.Instant,
): boolean {
  if (platform === null) return false;
  const { keyExpiresAt, keyRevokedAt } = platform;
  return keyExpiresAt !== null && keyRevokedAt === null && Temporal.Instant.compare(keyExpiresAt, now) > 0;
}

/** All platforms by name. */
export async function findPlatforms(db: Database, vault: Vault): Promise<Platform[]> {
  const rows = await db.selectFrom("platform").selectAll().execute();
  const recipients = await findRecipients(
    db,
    vault,
    rows.map((row) => row.id),
  );
  return rows
    .flatMap((keys) => {
      const recipient = recipients.get(keys.id);
      return recipient === undefined ? [] : [{ ...recipient, keys }];
    })
    .sort((a, b) => a.card.name.ko.localeCompare(b.card.name.ko, "ko"));
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

/** @returns its id; null when a platform of this name exists. */
export async function insertPlatform(
  db: Database,
  vault: Vault,
  platform: NewPlatform,
  now: Temporal.Instant,
): Promise<string | null> {
  const { keyHash, expiresAt } = platform;
  const known = { card: cardOf(platform), hosts: hostsOf(platform.hosts), foundBy: "hand" as const };
  return db.transaction().execute(async (tx) => {
    const id = await insertRecipient(tx, vault, known, now);
    if (id === null) return null;
    await tx
      .insertInto("platform")
      .values({ id, keyHash, keyExpiresAt: expiresAt?.toString() ?? null, createdAt: now.toString() })
      .execute();
    return id;
  });
}

export function hostsOf(written: readonly string[]): string[] {
  return [...new Set(written.map((host) => host.toLowerCase()))];
}

/** Most places of one notice to a platform that said nothing of it: as many as one body of the feed holds at their longest. */
const MOST_PLACES = 250;

/** The card of a platform that was told by hand. Whose law it answers to is not known. */
export function cardOf({ name, mail, language }: Pick<NewPlatform, "name" | "mail" | "language">): RecipientCard {
  return {
    ...{ kind: "platform", name: { ko: name, en: name }, registryKey: null, jurisdiction: null },
    ...{ language, mail, form: null, api: null, xarf: false, mostPlaces: MOST_PLACES, sameHost: false },
  };
}

/** Takes a platform's key back; a revoked key stays revoked. False when there is no such platform. */
export async function revokeKey(db: Database, id: string, now: Temporal.Instant): Promise<boolean> {
  const result = await db
    .updateTable("platform")
    .set({ keyRevokedAt: sql<string>`coalesce(key_revoked_at, ${now.toString()}::timestamptz)` })
    .where("id", "=", id)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
