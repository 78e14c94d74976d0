import { randomUUID } from "node:crypto";
import type { PlaceAddress } from "@jikim/casework";
import { type SqlBool, sql } from "kysely";
import type { Source, SourcePost } from "../contract/watch.ts";
import type { Database, SourceKind, SweepResult } from "../database.ts";
import type { Vault } from "../vault.ts";
import { keyOfAddress } from "./sealed.ts";

/** A source at work. */
export type WatchedSource = {
  readonly id: string;
  readonly kind: SourceKind;
  readonly address: string;
  readonly everyHours: number;
  readonly turnAt: Temporal.Instant | null;
  readonly memory: object | null;
};

type Authorisation = { readonly text: string };

const addressContext = (id: string) => `source/address/${id}`;
const authorisationContext = (id: string) => `source/authorisation/${id}`;
const memoryContext = (id: string) => `source/memory/${id}`;

/** Adds a source, due at once. False when the same address is watched already. */
export async function insertSource(
  db: Database,
  vault: Vault,
  { source, staffId }: { readonly source: SourcePost; readonly staffId: string },
  now: Temporal.Instant,
): Promise<boolean> {
  const id = randomUUID();
  const address: PlaceAddress = { kind: "url", text: source.address };
  const authorisation: Authorisation = { text: source.authorisation.text };
  const result = await db
    .insertInto("source")
    .values({
      ...{ id, kind: source.kind, everyHours: source.everyHours, addedBy: staffId },
      addressSealed: vault.seal(source.address, addressContext(id)),
      addressKey: keyOfAddress(vault, address),
      authorisationSealed: vault.seal(authorisation, authorisationContext(id)),
      authorisedOn: source.authorisation.on,
      addedAt: now.toString(),
      nextSweepAt: now.toString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** All sources, those still watched first, then the newest. */
export async function findSources(db: Database, vault: Vault): Promise<Source[]> {
  const rows = await db
    .selectFrom("source")
    .innerJoin("staff", "staff.id", "source.addedBy")
    .selectAll("source")
    .select("staff.pseudonym")
    .select(sql<number>`(select count(*) from watched_page p where p.source_id = source.id)`.as("pages"))
    .select(sql<number>`(select count(*) from sighting s where s.source_id = source.id)`.as("sightings"))
    .orderBy(sql<SqlBool>`ended_at is not null`)
    .orderBy("addedAt", "desc")
    .execute();
  return rows.map((row) => {
    const { id, kind, everyHours, pages, sightings, lastSweptAt, result } = row;
    const { text } = vault.open(row.authorisationSealed, authorisationContext(id)) as Authorisation;
    return {
      ...{ id, kind, everyHours, pages, sightings },
      address: vault.open(row.addressSealed, addressContext(id)) as string,
      authorisation: { text, on: row.authorisedOn },
      ...{ addedBy: row.pseudonym ?? "", addedAt: row.addedAt.toString() },
      last: lastSweptAt && result && { at: lastSweptAt.toString(), result },
      nextAt: row.nextSweepAt?.toString() ?? null,
      endedAt: row.endedAt?.toString() ?? null,
    };
  });
}

/** Ends the watch of a source and forgets the pages it led to. False when there is none at work. */
export async function endSource(
  db: Database,
  of: { readonly sourceId: string; readonly staffId: string },
  now: Temporal.Instant,
): Promise<boolean> {
  const result = await db
    .updateTable("source")
    .set({ endedAt: now.toString(), endedBy: of.staffId, nextSweepAt: null, turnAt: null, memorySealed: null })
    .where("id", "=", of.sourceId)
    .where("endedAt", "is", null)
    .executeTakeFirst();
  await db.deleteFrom("watchedPage").where("sourceId", "=", of.sourceId).execute();
  return result.numUpdatedRows === 1n;
}

/** Makes a source due now. False when there is none at work. */
export async function hastenSource(db: Database, sourceId: string, now: Temporal.Instant): Promise<boolean> {
  const result = await db
    .updateTable("source")
    .set({ nextSweepAt: now.toString() })
    .where("id", "=", sourceId)
    .where("endedAt", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function findDueSources(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("source")
    .select("id")
    .where("nextSweepAt", "<=", now)
    .orderBy("nextSweepAt")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Takes a due source until a moment: nobody else sweeps it meanwhile. Null: it is not due, or somebody took it. */
export async function takeSource(
  db: Database,
  vault: Vault,
  sourceId: string,
  { now, until }: { readonly now: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<WatchedSource | null> {
  const row = await db
    .updateTable("source")
    .set({ nextSweepAt: until.toString() })
    .where("id", "=", sourceId)
    .where("nextSweepAt", "<=", now)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  const { id, kind, everyHours, turnAt, memorySealed } = row;
  return {
    ...{ id, kind, everyHours, turnAt },
    address: vault.open(row.addressSealed, addressContext(id)) as string,
    memory: memorySealed && (vault.open(memorySealed, memoryContext(id)) as object),
  };
}

/** Puts a sweep off until its turn at the host. A source that was ended meanwhile stays so. */
export async function awaitSourceTurn(db: Database, sourceId: string, turnAt: Temporal.Instant): Promise<void> {
  const at = turnAt.toString();
  await db
    .updateTable("source")
    .set({ nextSweepAt: at, turnAt: at })
    .where("id", "=", sourceId)
    .where("endedAt", "is", null)
    .execute();
}

export type Swept = {
  readonly result: SweepResult | null;
  readonly memory: object | null;
  readonly nextAt: Temporal.Instant;
};

/** Records a sweep; `result` null: it was not looked at. A source that was ended meanwhile stays so. */
export async function recordSweep(
  db: Database,
  vault: Vault,
  of: Swept & { readonly sourceId: string },
  now: Temporal.Instant,
): Promise<void> {
  const { sourceId, result, memory, nextAt } = of;
  await db
    .updateTable("source")
    .set({ nextSweepAt: nextAt.toString(), turnAt: null })
    .set(result === null ? {} : { result, lastSweptAt: now.toString() })
    .set({ memorySealed: memory && vault.seal(memory, memoryContext(sourceId)) })
    .where("id", "=", sourceId)
    .where("endedAt", "is", null)
    .execute();
}

/** How many sources are watched, and when one was last looked at. */
export async function countSources(
  db: Database,
): Promise<{ readonly sources: number; readonly lastLookedAt: Temporal.Instant | null }> {
  return db
    .selectFrom("source")
    .select((the) => [
      the.fn.countAll<number>().filterWhere("endedAt", "is", null).as("sources"),
      sql<Temporal.Instant | null>`greatest(max(last_swept_at), (select max(looked_at) from watched_page))`.as(
        "lastLookedAt",
      ),
    ])
    .executeTakeFirstOrThrow();
}

export async function findSourceAddress(db: Database, vault: Vault, sourceId: string): Promise<string | null> {
  const row = await db.selectFrom("source").select("addressSealed").where("id", "=", sourceId).executeTakeFirst();
  return row === undefined ? null : (vault.open(row.addressSealed, addressContext(sourceId)) as string);
}
