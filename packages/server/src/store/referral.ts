import { type Selectable, sql } from "kysely";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { hashOfToken } from "./token.ts";

export type Receipt = { readonly number: string; readonly who: string };
type Row = Selectable<Tables["referral"]>;
/** A link by which a unit fetches a pack. */
export type ReferralRow = Omit<Row, "tokenHash" | "receiptSealed"> & { readonly receipt: Receipt | null };

function read(vault: Vault, { tokenHash: _token, receiptSealed, ...row }: Row): ReferralRow {
  const receipt = receiptSealed === null ? null : (vault.open(receiptSealed, `referral/receipt/${row.id}`) as Receipt);
  return { ...row, receipt };
}

export type NewReferral = {
  readonly id: string;
  readonly packId: string;
  readonly token: string;
  readonly staffId: string;
  readonly at: Temporal.Instant;
  readonly expiresAt: Temporal.Instant;
};

export async function insertReferral(
  tx: InTransaction,
  { id, packId, token, staffId, at, expiresAt }: NewReferral,
): Promise<void> {
  await tx
    .insertInto("referral")
    .values({
      ...{ id, packId, state: "open", madeBy: staffId, madeAt: at.toString(), expiresAt: expiresAt.toString() },
      tokenHash: hashOfToken(token),
    })
    .execute();
}

/** All links of some packs, newest first. */
export async function findReferrals(db: Database, vault: Vault, packIds: readonly string[]): Promise<ReferralRow[]> {
  if (packIds.length === 0) return [];
  const rows = await db
    .selectFrom("referral")
    .selectAll()
    .where("packId", "in", packIds)
    .orderBy("number", "desc")
    .execute();
  return rows.map((row) => read(vault, row));
}

export async function findReferral(db: Database, vault: Vault, id: string): Promise<ReferralRow | null> {
  const row = await db.selectFrom("referral").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : read(vault, row);
}

/** The link of a token; null for a wrong one. */
export async function findByToken(db: Database, vault: Vault, token: string): Promise<ReferralRow | null> {
  const row = await db
    .selectFrom("referral")
    .selectAll()
    .where("tokenHash", "=", hashOfToken(token))
    .executeTakeFirst();
  return row === undefined ? null : read(vault, row);
}

/**
 * The bytes are about to leave: from now on they cannot be called back. False when the link is dead, or was used as often as it may be.
 * @param most  fetches: a download may break off and be begun again.
 */
export async function recordTaken(
  tx: InTransaction,
  id: string,
  { at, most }: { readonly at: Temporal.Instant; readonly most: number },
): Promise<boolean> {
  const result = await tx
    .updateTable("referral")
    .set((row) => ({
      state: "taken" as const,
      takenAt: sql<string>`coalesce(taken_at, ${at.toString()}::timestamptz)`,
      fetches: row("fetches", "+", 1),
    }))
    .where("id", "=", id)
    .where("state", "in", ["open", "taken"])
    .where("expiresAt", ">", at)
    .where("fetches", "<", most)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A receipt is written once. False when there is one. */
export async function recordReceipt(
  tx: InTransaction,
  vault: Vault,
  { id, receipt, at }: { readonly id: string; readonly receipt: Receipt; readonly at: Temporal.Instant },
): Promise<boolean> {
  const result = await tx
    .updateTable("referral")
    .set({ receiptSealed: vault.seal(receipt, `referral/receipt/${id}`), receiptAt: at.toString() })
    .where("id", "=", id)
    .where("receiptSealed", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** It was handed over another way than the link. False when it was taken before. */
export async function recordHandedOver(tx: InTransaction, id: string, at: Temporal.Instant): Promise<boolean> {
  const result = await tx
    .updateTable("referral")
    .set({ state: "taken", takenAt: at.toString() })
    .where("id", "=", id)
    .where("state", "=", "open")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Kills the links of a pack; who took it is to be told, from now on by mail or by a person. @returns ids of those. */
export async function endReferrals(
  tx: InTransaction,
  packId: string,
  { at, by }: { readonly at: Temporal.Instant; readonly by: "mail" | "person" },
): Promise<string[]> {
  await tx
    .updateTable("referral")
    .set({ state: "withdrawn" })
    .where("packId", "=", packId)
    .where("state", "=", "open")
    .execute();
  const told =
    by === "mail" ? ({ told: "waiting", tellNextAt: at.toString() } as const) : ({ told: "by-hand" } as const);
  const rows = await tx
    .updateTable("referral")
    .set(told)
    .where("packId", "=", packId)
    .where("state", "=", "taken")
    .where("told", "=", "not-needed")
    .returning("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** Units that are to be told by mail by now. */
export async function findDueWords(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("referral")
    .select("id")
    .where("tellNextAt", "<=", now)
    .orderBy("tellNextAt")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Takes the telling for one try until a moment. False: not due, or somebody took it. */
export async function takeWords(
  db: Database,
  id: string,
  { now, until }: { readonly now: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<boolean> {
  const result = await db
    .updateTable("referral")
    .set({ tellNextAt: until.toString() })
    .where("id", "=", id)
    .where("tellNextAt", "<=", now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** told: the unit knows · by-hand: mail does not reach it, a person must. False when nothing was to be told. */
export async function settleWords(db: Database, id: string, told: "told" | "by-hand"): Promise<boolean> {
  const result = await db
    .updateTable("referral")
    .set({ told, tellNextAt: null })
    .where("id", "=", id)
    .where("told", "in", ["waiting", "by-hand"])
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
