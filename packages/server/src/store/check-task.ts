import { type Consent, countsAsMinor, isLive, mayFetch, type PlaceAddress, type PlaceState } from "@jikim/casework";
import type { Fingerprint } from "@jikim/fingerprint";
import { type RawBuilder, sql } from "kysely";
import type { Database, NamedBy } from "../database.ts";
import type { Vault } from "../vault.ts";
import { openMemory } from "./memory.ts";
import { openAddress, openCodes, openFingerprint } from "./sealed.ts";

/** What a check needs to know. */
export type CheckTask = {
  readonly caseId: string;
  readonly address: PlaceAddress;
  /** The fingerprints of each item. */
  readonly families: readonly (readonly Fingerprint[])[];
  readonly mayFetchMedia: boolean;
  /** A link that may be unique to her is fetched only after her yes and a caseworker's. */
  readonly mayFetch: boolean;
  /** She gave a mandate and still wants removal: without either nothing is watched for her. */
  readonly watched: boolean;
  /** Its turn at its host. */
  readonly turnAt: Temporal.Instant | null;
  /** As it was when the check began; who records what was seen asks whether it still is. */
  readonly before: PlaceBefore;
  /** What earlier looks said to remember, by vantage. */
  readonly memories: ReadonlyMap<string, unknown>;
};

export type PlaceBefore = {
  readonly state: PlaceState;
  /** When it is due again; while it is looked at, when it would be if we died. */
  readonly nextCheckAt: Temporal.Instant | null;
  readonly ladderStart: Temporal.Instant | null;
};

export function findCheckTask(db: Database, vault: Vault, placeId: string): Promise<CheckTask | null> {
  return readTask(db, vault, { placeId, taken: sql`select id, next_check_at from place where id = ${placeId}` });
}

/**
 * Takes a check that is due until a moment, and finds what it needs: nobody else looks meanwhile, and when we are killed it is due
 * again. One statement, since there are many checks. Null: no such place, or nothing is due and nobody asked.
 */
export function takeCheckTask(
  db: Database,
  vault: Vault,
  { placeId, asked }: { readonly placeId: string; readonly asked: boolean },
  { now, until }: { readonly now: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<CheckTask | null> {
  const due = sql`update place set next_check_at = ${until.toString()}::timestamptz
    where id = ${placeId} and next_check_at <= ${now.toString()}::timestamptz returning id, next_check_at`;
  return readTask(db, vault, { placeId, taken: due, asked });
}

type Row = {
  readonly id: string;
  readonly caseId: string;
  readonly state: PlaceState;
  readonly addressSealed: Buffer;
  readonly namedBy: NamedBy;
  readonly fetchYesSurvivor: Temporal.Instant | null;
  readonly fetchYesStaff: Temporal.Instant | null;
  readonly turnAt: Temporal.Instant | null;
  readonly checkedUntil: Temporal.Instant | null;
  readonly ladderStart: Temporal.Instant | null;
  readonly codesSealed: Buffer;
  readonly hasMandate: boolean;
  readonly wantsRemoval: Consent["state"] | null;
  readonly counselOpinion: string | null;
  readonly itemIds: readonly string[] | null;
  readonly positions: readonly number[] | null;
  readonly fingerprints: readonly Buffer[] | null;
  readonly vantages: readonly string[] | null;
  readonly memories: readonly Buffer[] | null;
};

/**
 * What the ladder of checks of a place counts from: the last notice about it that left while it was not known to be gone, or whose
 * answer was "removed", else the first time a check saw it gone.
 */
export function ladderStart(placeId: RawBuilder<unknown>): RawBuilder<Temporal.Instant | null> {
  return sql`coalesce(
    (select greatest(
        max(n.sent_at) filter (where not coalesce((select k.outcome = 'removed' from place_check k
          where k.place_id = ${placeId} and k.checked_at <= n.sent_at order by k.checked_at desc limit 1), false)),
        max(n.answered_at) filter (where n.answer = 'removed'))
      from notice n join notice_place np on np.notice_id = n.id where np.place_id = ${placeId}),
    (select min(k.checked_at) from place_check k where k.place_id = ${placeId} and k.outcome = 'removed'))`;
}

type Asking = { readonly placeId: string; readonly taken: RawBuilder<unknown>; readonly asked?: boolean };

async function readTask(
  db: Database,
  vault: Vault,
  { placeId, taken, asked = true }: Asking,
): Promise<CheckTask | null> {
  const { rows } = await sql<Row>`with taken as (${taken})
    select place.id, place.case_id, place.state, place.address_sealed, place.named_by, place.fetch_yes_survivor,
      place.fetch_yes_staff, place.turn_at, coalesce(taken.next_check_at, place.next_check_at) as checked_until,
      ${ladderStart(sql`place.id`)} as ladder_start, cases.codes_sealed,
      exists (select from mandate where mandate.case_id = place.case_id) as has_mandate,
      consent.state as wants_removal, centre.settings ->> 'counselOpinion' as counsel_opinion,
      prints.*, known.*
    from place join cases on cases.id = place.case_id join centre on centre.id = 1
      left join taken on taken.id = place.id
      left join consent on consent.case_id = place.case_id and consent.act = 'remove'
      cross join lateral (select array_agg(f.item_id::text order by f.item_id, f.position) as item_ids,
        array_agg(f.position order by f.item_id, f.position) as positions,
        array_agg(f.fingerprint_sealed order by f.item_id, f.position) as fingerprints
        from item_fingerprint f join item on item.id = f.item_id where item.case_id = place.case_id) as prints
      cross join lateral (select array_agg(m.vantage order by m.vantage) as vantages,
        array_agg(m.memory_sealed order by m.vantage) as memories
        from place_memory m where m.place_id = place.id) as known
    where place.id = ${placeId} and (${asked} or taken.id is not null)`.execute(db);
  const [row] = rows;
  return row === undefined ? null : openTask(vault, row);
}

function openTask(vault: Vault, row: Row): CheckTask {
  const { id, caseId, codesSealed, state, turnAt } = row;
  const address = openAddress(vault, row);
  const minor = countsAsMinor(openCodes(vault, { id: caseId, codesSealed }).ageBand);
  const yes = { survivor: row.fetchYesSurvivor !== null, staff: row.fetchYesStaff !== null };
  const { memories } = row;
  return {
    ...{ caseId, address, turnAt },
    families: openFamilies(vault, row),
    mayFetchMedia: !minor || Boolean(row.counselOpinion?.trim()),
    mayFetch: mayFetch({ address, namedByWatch: row.namedBy === "watch" }, yes),
    watched: row.hasMandate && row.wantsRemoval !== null && isLive({ state: row.wantsRemoval }),
    before: { state, nextCheckAt: row.checkedUntil, ladderStart: row.ladderStart },
    memories: new Map(
      row.vantages?.flatMap((vantage, at) => {
        const memorySealed = memories?.[at];
        const of = { placeId: id, vantage };
        return memorySealed === undefined ? [] : [[vantage, openMemory(vault, { ...of, memorySealed })] as const];
      }),
    ),
  };
}

function openFamilies(vault: Vault, { itemIds, positions, fingerprints }: Row): CheckTask["families"] {
  const rows = (itemIds ?? []).flatMap((itemId, at) => {
    const [position, fingerprintSealed] = [positions?.[at], fingerprints?.[at]];
    return position === undefined || fingerprintSealed === undefined ? [] : [{ itemId, position, fingerprintSealed }];
  });
  return [...Map.groupBy(rows, ({ itemId }) => itemId).values()].map((its) =>
    its.map((row) => openFingerprint(vault, row)),
  );
}
