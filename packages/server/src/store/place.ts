import { canaryOf, type PlaceAddress, UNASKED } from "@jikim/casework";
import type { Place } from "../contract/desk.ts";
import type { Database, InTransaction, NamedBy } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import type { Vault } from "../vault.ts";
import { findLinks } from "./place-questions.ts";
import { newPlaces } from "./place-row.ts";
import { keyOfAddress, openAddress } from "./sealed.ts";

/** Places of one case: as many as a survivor's search in a whole year, and few enough for one screen. */
const MOST_PLACES = 2000;

/** A case's places with what checks saw, in order of number. */
export async function findPlaces(db: Database, vault: Vault, caseId: string): Promise<Place[]> {
  const places = await db.selectFrom("place").selectAll().where("caseId", "=", caseId).orderBy("number").execute();
  const checks = await db
    .selectFrom("placeCheck")
    .innerJoin("place", "place.id", "placeCheck.placeId")
    .select(["placeCheck.placeId", "placeCheck.checkedAt", "placeCheck.outcome"])
    .select(["placeCheck.vantages", "placeCheck.blockedIn", "placeCheck.robots"])
    .where("place.caseId", "=", caseId)
    .orderBy("placeCheck.checkedAt")
    .execute();
  const byPlace = Map.groupBy(checks, (check) => check.placeId);
  const links = await findLinks(db, vault, caseId);
  return places.map((row) => {
    const { id, number, state, namedBy } = row;
    const its = byPlace.get(id) ?? [];
    const address = openAddress(vault, row);
    return {
      ...{ id, number, state, namedBy, address },
      canary: namedBy === "watch" ? null : canaryOf(address),
      fetchYes: { survivor: row.fetchYesSurvivor !== null, staff: row.fetchYesStaff !== null },
      link: links[id] ?? UNASKED,
      checks: its.map(({ checkedAt, outcome, vantages, blockedIn, robots }, at) => ({
        ...{ at: checkedAt.toString(), outcome, blockedIn, robots },
        vantages: [...vantages],
        nextAt: at === its.length - 1 ? (row.nextCheckAt?.toString() ?? null) : null,
      })),
    };
  });
}

/**
 * Adds places to a case whose row is locked; those it has already are left alone.
 * @returns how many are new.
 * @throws {ServerRefusal} `TOO_MANY_PLACES`.
 */
export async function addPlaces(
  tx: InTransaction,
  vault: Vault,
  to: { readonly caseId: string; readonly namedBy: NamedBy },
  addresses: readonly PlaceAddress[],
): Promise<number> {
  const rows = await tx.selectFrom("place").select(["number", "addressKey"]).where("caseId", "=", to.caseId).execute();
  const known = new Set(rows.map((row) => row.addressKey.toString("hex")));
  const fresh = new Map(
    addresses
      .map((address) => [keyOfAddress(vault, address).toString("hex"), address] as const)
      .filter(([key]) => !known.has(key)),
  );
  if (fresh.size === 0) return 0;
  if (rows.length + fresh.size > MOST_PLACES) throw new ServerRefusal({ code: "TOO_MANY_PLACES" });
  const firstNumber = 1 + Math.max(0, ...rows.map((row) => row.number));
  const values = newPlaces(vault, [...fresh.values()], { ...to, firstNumber });
  await tx.insertInto("place").values(values).execute();
  return values.length;
}

/** A case's places by id, in order of number. Null when one of them is not of this case. */
export async function findKnownPlaces(
  db: Database,
  vault: Vault,
  of: { readonly caseId: string; readonly places: readonly string[] },
): Promise<{ readonly id: string; readonly address: PlaceAddress }[] | null> {
  const wanted = [...new Set(of.places)];
  const rows = await db
    .selectFrom("place")
    .select(["id", "addressSealed"])
    .where("caseId", "=", of.caseId)
    .where("id", "=", (any) => any.fn.any(any.val(wanted)))
    .orderBy("number")
    .execute();
  return rows.length === wanted.length ? rows.map((row) => ({ id: row.id, address: openAddress(vault, row) })) : null;
}

/** Texts of a case's places in order of number. Null when one of them is not of this case. */
export async function findAddresses(
  db: Database,
  vault: Vault,
  of: { readonly caseId: string; readonly places: readonly string[] },
): Promise<string[] | null> {
  const rows = await db
    .selectFrom("place")
    .select(["id", "addressSealed"])
    .where("caseId", "=", of.caseId)
    .where("id", "in", [...of.places])
    .orderBy("number")
    .execute();
  return rows.length === of.places.length ? rows.map((row) => openAddress(vault, row).text) : null;
}

export async function findAddress(db: Database, vault: Vault, placeId: string): Promise<PlaceAddress | null> {
  const row = await db.selectFrom("place").select(["id", "addressSealed"]).where("id", "=", placeId).executeTakeFirst();
  return row === undefined ? null : openAddress(vault, row);
}
