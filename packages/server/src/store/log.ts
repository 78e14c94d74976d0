import { createHash, randomBytes } from "node:crypto";
import { commitTo, type LogEntryKind, SALT_BYTES, type Sha256 } from "@jikim/casework";
import { sql } from "kysely";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";

export const sha256: Sha256 = (bytes) => createHash("sha256").update(bytes).digest();

export type LogTree = Omit<Tables["logTree"], "begunAt">;

/** What a leaf commits to; it lies under the data key, bound to its leaf. */
export type LogBody = { readonly salt: Buffer; readonly body: string };

const contextOf = (commitment: Buffer) => `log_entry/sealed/${commitment.toString("hex")}`;

function sealBody(vault: Vault, commitment: Buffer, { salt, body }: LogBody): Buffer {
  return vault.seal([salt.toString("hex"), body], contextOf(commitment));
}

/** What an entry says. erased: nothing any more · damaged: its row was altered, or belongs to another leaf. */
export function openBody(
  vault: Vault,
  { commitment, sealed }: { readonly commitment: Buffer; readonly sealed: Buffer | null },
): LogBody | "erased" | "damaged" {
  if (sealed === null) return "erased";
  try {
    const [salt, body] = vault.open(sealed, contextOf(commitment)) as [string, string];
    return { salt: Buffer.from(salt, "hex"), body };
  } catch {
    return "damaged";
  }
}

/** Puts an entry before the log, in the transaction of the act that it seals; the sequencer gives it its place. */
export async function appendToLog(
  tx: Database,
  vault: Vault,
  entry: {
    readonly what: LogEntryKind;
    readonly caseId: string | null;
    readonly content: object;
    /** The pack it is about, where it is about one. */
    readonly packId?: string;
  },
  now: Temporal.Instant,
): Promise<void> {
  const salt = randomBytes(SALT_BYTES);
  const body = JSON.stringify({ what: entry.what, at: now.toString(), ...entry.content });
  const commitment = Buffer.from(commitTo(sha256, salt, body));
  const { what, caseId, packId = null } = entry;
  await tx
    .insertInto("logEntry")
    .values({
      ...{ what, caseId, packId, commitment, writtenAt: now.toString() },
      sealed: sealBody(vault, commitment, { salt, body }),
    })
    .execute();
}

/** Seals who was given a case's key. */
export async function logKeyGrant(
  tx: Database,
  vault: Vault,
  grant: { readonly caseId: string; readonly keyVersion: number; readonly holders: readonly string[] },
  now: Temporal.Instant,
): Promise<void> {
  const { caseId, keyVersion, holders } = grant;
  const content = { keyVersion, holders: [...holders].sort() };
  await appendToLog(tx, vault, { what: "key-grant", caseId, content }, now);
}

/** The tree in force. */
export async function findTree(db: Database): Promise<LogTree | null> {
  const row = await db.selectFrom("logTree").selectAll().orderBy("generation", "desc").limit(1).executeTakeFirst();
  return row ?? null;
}

/** Locks the tree in force until the transaction ends; null when another sequencer is at it. */
export async function lockTree(tx: InTransaction): Promise<LogTree | null> {
  const row = await tx
    .selectFrom("logTree")
    .selectAll()
    .orderBy("generation", "desc")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ?? null;
}

export async function beginTree(db: Database, tree: LogTree, now: Temporal.Instant): Promise<void> {
  await db
    .insertInto("logTree")
    .values({ ...tree, begunAt: now.toString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Entries that wait for their place, in the order they were written. */
export async function findWaiting(tx: Database, limit: number): Promise<{ id: number; commitment: Buffer }[]> {
  return tx
    .selectFrom("logEntry")
    .select(["id", "commitment"])
    .where("position", "is", null)
    .orderBy("id")
    .limit(limit)
    .execute();
}

export async function placeEntries(
  tx: InTransaction,
  generation: number,
  placed: readonly { readonly id: number; readonly position: number }[],
): Promise<void> {
  const ids = placed.map(({ id }) => id);
  const positions = placed.map(({ position }) => position);
  await sql`update log_entry set generation = ${generation}, position = placed.position
    from unnest(${ids}::bigint[], ${positions}::bigint[]) as placed (id, position)
    where log_entry.id = placed.id and log_entry.position is null`.execute(tx);
}

export type StoredTile = { readonly level: number; readonly position: number; readonly hashes: Buffer };

/** The last tile of every level, by level: where a tree grows. */
export async function findEdge(tx: Database, { generation, size }: LogTree): Promise<Map<number, StoredTile>> {
  const rows = await tx
    .selectFrom("logTile")
    .distinctOn("level")
    .select(["level", "position", "hashes"])
    .where("generation", "=", generation)
    .orderBy("level")
    .orderBy("position", "desc")
    .execute();
  if (size > 0 && rows.length === 0) throw new Error("the log lacks its tiles");
  return new Map(rows.map((row) => [row.level, row]));
}

export async function findTile(
  db: Database,
  { generation, level, position }: { readonly generation: number; readonly level: number; readonly position: number },
): Promise<Buffer | null> {
  const row = await db
    .selectFrom("logTile")
    .select("hashes")
    .where("generation", "=", generation)
    .where("level", "=", level)
    .where("position", "=", position)
    .executeTakeFirst();
  return row?.hashes ?? null;
}

/** Many tiles at once. */
export async function findTiles(
  db: Database,
  generation: number,
  tiles: readonly { readonly level: number; readonly position: number }[],
): Promise<StoredTile[]> {
  if (tiles.length === 0) return [];
  const { rows } = await sql<StoredTile>`select level, log_tile.position, hashes from log_tile
    join unnest(${tiles.map(({ level }) => level)}::smallint[], ${tiles.map(({ position }) => position)}::bigint[])
      as asked (level, position) using (level, position)
    where generation = ${generation}`.execute(db);
  return rows;
}

export async function saveTiles(tx: InTransaction, generation: number, tiles: readonly StoredTile[]): Promise<void> {
  for (let from = 0; from < tiles.length; from += 500)
    await tx
      .insertInto("logTile")
      .values(tiles.slice(from, from + 500).map((tile) => ({ generation, ...tile })))
      .onConflict((conflict) =>
        conflict
          .columns(["generation", "level", "position"])
          .doUpdateSet((any) => ({ hashes: any.ref("excluded.hashes") })),
      )
      .execute();
}

/** Moves the head on; the tree is locked. A checkpoint only ever stands for the size it was signed at. */
export async function saveHead(tx: InTransaction, { generation, size, root, checkpoint }: LogTree): Promise<void> {
  await tx
    .updateTable("logTree")
    .set({ size, root, checkpoint })
    .where("generation", "=", generation)
    .where("size", "<=", size)
    .executeTakeFirstOrThrow();
}

/** Puts a cosigned checkpoint in the place of the one without, unless the log went on meanwhile. */
export async function saveCosigned(
  db: Database,
  generation: number,
  checkpoints: { readonly before: string; readonly after: string },
): Promise<void> {
  await db
    .updateTable("logTree")
    .set({ checkpoint: checkpoints.after })
    .where("generation", "=", generation)
    .where("checkpoint", "=", checkpoints.before)
    .execute();
}

/** The leaves from a place on, in order. */
export async function findLeaves(
  db: Database,
  { generation, from, count }: { readonly generation: number; readonly from: number; readonly count: number },
): Promise<Buffer[]> {
  const rows = await db
    .selectFrom("logEntry")
    .select("commitment")
    .where("generation", "=", generation)
    .where("position", ">=", from)
    .where("position", "<", from + count)
    .orderBy("position")
    .execute();
  return rows.map((row) => row.commitment);
}

type Placed = { readonly generation: number | null; readonly position: number | null };
/** An entry of a case that was not erased; without a place until the sequencer came by. */
export type ShownEntry = LogBody & Placed;
/** A case's entries in order, and the places of those whose rows cannot be read: their leaves are still in the tree. */
export type CaseEntries = { readonly entries: readonly ShownEntry[]; readonly damaged: readonly (number | null)[] };

export async function findEntriesOf(db: Database, vault: Vault, caseId: string): Promise<CaseEntries> {
  const rows = await db
    .selectFrom("logEntry")
    .select(["generation", "position", "commitment", "sealed"])
    .where("caseId", "=", caseId)
    .orderBy("id")
    .execute();
  const entries: ShownEntry[] = [];
  const damaged: (number | null)[] = [];
  for (const { generation, position, ...row } of rows) {
    const said = openBody(vault, row);
    if (said === "damaged") damaged.push(position);
    else if (said !== "erased") entries.push({ generation, position, ...said });
  }
  return { entries, damaged };
}

/** Erases what a case's entries say; the tree keeps their leaves, which no longer stand for anything. */
export async function eraseEntries(tx: InTransaction, caseId: string): Promise<void> {
  await tx.updateTable("logEntry").set({ sealed: null, salt: null, body: null }).where("caseId", "=", caseId).execute();
}

/** Entries that are sealed at once when a database from before is opened. */
const SEALED_AT_ONCE = 1000;

/** Seals what an earlier version wrote in plain, and has the table written anew; may be cut off anywhere and begun again. @returns how many. */
export async function sealPlainEntries(db: Database, vault: Vault): Promise<number> {
  let done = 0;
  for (;;) {
    const rows = await db
      .selectFrom("logEntry")
      .select(["id", "commitment", "salt", "body"])
      .where("body", "is not", null)
      .orderBy("id")
      .limit(SEALED_AT_ONCE)
      .execute();
    const sealed = rows.flatMap(({ commitment, salt, body }) =>
      salt === null || body === null ? [] : [sealBody(vault, commitment, { salt, body })],
    );
    await sql`update log_entry set sealed = made.sealed, salt = null, body = null
      from unnest(${rows.map(({ id }) => id)}::bigint[], ${sealed}::bytea[]) as made (id, sealed)
      where log_entry.id = made.id and log_entry.body is not null`.execute(db);
    done += rows.length;
    if (rows.length < SEALED_AT_ONCE) break;
  }
  await rewrite(db);
  return done;
}

/** An update leaves the old row on the disk until its page is written anew. */
async function rewrite(db: Database): Promise<void> {
  const { owed } = await db.selectFrom("logRewrite").select("owed").where("id", "=", 1).executeTakeFirstOrThrow();
  if (!owed) return;
  await sql`vacuum full log_entry`.execute(db);
  await db.updateTable("logRewrite").set({ owed: false }).where("id", "=", 1).execute();
}
