import { createHash } from "node:crypto";
import type { Selectable } from "kysely";
import type { PackOrder, SealedPack, Unit } from "../contract/packs.ts";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";

type Row = Selectable<Tables["pack"]>;

/** What is kept of an order; `digest` tells the same order from another. */
export type KeptOrder = Pick<PackOrder, "exhibit" | "unit" | "ground" | "legalBasis"> & {
  readonly digest: string;
  /** Packs and chats that are nested in it. */
  readonly exhibits: readonly string[];
  /** Bodies that its captures kept, by number; absent where an older order did not say. */
  readonly kept?: { readonly leftOut: number; readonly handed: number };
};

/** A pack for a unit outside, as it is kept. */
export type Pack = Omit<Row, "orderSealed" | "answerSealed"> & { readonly order: KeptOrder; readonly unit: Unit };

/** Tells the same order from another. */
export function digestOfOrder(order: PackOrder): string {
  return createHash("sha256").update(JSON.stringify(order)).digest("hex");
}

/** Whether a file of an order is a body that a capture kept. */
export function isKeptPath(path: string): boolean {
  return /^data\/exhibits\/\d+\/kept\//.test(path);
}

/** What is kept of an order while its pack lives. */
export function keptOrder(order: PackOrder): KeptOrder {
  const { exhibit, unit, ground, legalBasis } = order;
  const exhibits = order.exhibits.map(({ packId }) => packId);
  const handed = order.files.filter(({ path }) => isKeptPath(path)).length;
  const kept = { leftOut: order.leftOut.length, handed };
  return { exhibit, unit, ground, legalBasis, exhibits, kept, digest: digestOfOrder(order) };
}

export type NewPack = {
  readonly caseId: string;
  readonly order: PackOrder;
  readonly answer: SealedPack;
  readonly staffId: string;
  readonly at: Temporal.Instant;
};

/** Keeps a pack that was signed; what the browser writes it with is kept until its ciphertext came. */
export async function insertPack(
  tx: InTransaction,
  vault: Vault,
  { caseId, order, answer, staffId, at }: NewPack,
): Promise<void> {
  const { packId: id, ground, authorityId } = order;
  await tx
    .insertInto("pack")
    .values({
      ...{ id, caseId, state: "ordered", authorityId, orderedAt: at.toString(), orderedBy: staffId },
      ...{ basis: ground.kind, groundId: ground.kind === "law" ? ground.id : null },
      orderSealed: vault.seal(keptOrder(order), `pack/order/${id}`),
      answerSealed: vault.seal(answer, `pack/answer/${id}`),
    })
    .execute();
}

function read(vault: Vault, row: Row): Pack {
  const { orderSealed, answerSealed: _answer, ...plain } = row;
  const order = vault.open(orderSealed, `pack/order/${row.id}`) as KeptOrder;
  return { ...plain, order, unit: order.unit };
}

export async function findPack(db: Database, vault: Vault, id: string): Promise<Pack | null> {
  const row = await db.selectFrom("pack").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : read(vault, row);
}

/** The same, locked until the transaction ends. */
export async function lockPack(tx: InTransaction, vault: Vault, id: string): Promise<Pack | null> {
  const row = await tx.selectFrom("pack").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
  return row === undefined ? null : read(vault, row);
}

/** What an ordered pack is written with; null once its ciphertext came. */
export async function findAnswer(db: Database, vault: Vault, id: string): Promise<SealedPack | null> {
  const row = await db.selectFrom("pack").select("answerSealed").where("id", "=", id).executeTakeFirst();
  if (row === undefined || row.answerSealed === null) return null;
  return vault.open(row.answerSealed, `pack/answer/${id}`) as SealedPack;
}

/** A case's packs, newest first. */
export async function findPacks(db: Database, vault: Vault, caseId: string): Promise<Pack[]> {
  const rows = await db
    .selectFrom("pack")
    .selectAll()
    .where("caseId", "=", caseId)
    .orderBy("orderedAt", "desc")
    .orderBy("id")
    .execute();
  return rows.map((row) => read(vault, row));
}

/** The last pack of a case that was made for a unit, by its kind and name; null: there is none. */
export async function findLastPackFor(
  db: Database,
  vault: Vault,
  of: { readonly caseId: string; readonly unit: Pick<Unit, "kind" | "name"> },
): Promise<string | null> {
  const packs = await findPacks(db, vault, of.caseId);
  const isFor = ({ unit }: Pack) => unit.kind === of.unit.kind && unit.name === of.unit.name;
  return packs.find((pack) => pack.state !== "erased" && isFor(pack))?.id ?? null;
}

/** Its ciphertext lies here now. False when somebody was first, or the pack was withdrawn meanwhile. */
export async function recordSealedFile(
  tx: InTransaction,
  { id, fileId, at }: { readonly id: string; readonly fileId: string; readonly at: Temporal.Instant },
): Promise<boolean> {
  const result = await tx
    .updateTable("pack")
    .set({ state: "sealed", fileId, sealedAt: at.toString(), answerSealed: null })
    .where("id", "=", id)
    .where("state", "=", "ordered")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Ends a pack. @returns the file to be dropped, where there is one; undefined when it had ended before. */
export async function endPack(
  tx: InTransaction,
  { id, state, at }: { readonly id: string; readonly state: "withdrawn" | "erased"; readonly at: Temporal.Instant },
): Promise<{ readonly fileId: string | null } | undefined> {
  const before = await tx.selectFrom("pack").select("fileId").where("id", "=", id).executeTakeFirst();
  const result = await tx
    .updateTable("pack")
    .set({ state, endedAt: at.toString(), answerSealed: null, fileId: null })
    .where("id", "=", id)
    .where("state", "in", ["ordered", "sealed"])
    .executeTakeFirst();
  return result.numUpdatedRows === 1n ? { fileId: before?.fileId ?? null } : undefined;
}

/** Packs whose ciphertext never came. */
export async function findHalfPacks(db: Database, before: Temporal.Instant): Promise<string[]> {
  const rows = await db
    .selectFrom("pack")
    .select("id")
    .where("state", "=", "ordered")
    .where("orderedAt", "<", before)
    .limit(500)
    .execute();
  return rows.map(({ id }) => id);
}

/** The case that a pack, a capture's pack or a chat belongs to. */
export async function findCaseOfPack(db: Database, packId: string): Promise<string | null> {
  const seal = await db.selectFrom("seal").select("caseId").where("packId", "=", packId).executeTakeFirst();
  if (seal !== undefined) return seal.caseId;
  const chat = await db.selectFrom("chat").select("caseId").where("id", "=", packId).executeTakeFirst();
  return chat?.caseId ?? null;
}
