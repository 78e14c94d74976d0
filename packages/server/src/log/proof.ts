import {
  proveConsistency,
  proveInclusion,
  type ReadHash,
  readCheckpoint,
  readNote,
  type Tile,
  writeLogProof,
} from "@jikim/casework";
import type { MyLog } from "../contract/portal.ts";
import type { Database } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findEntriesOf, findTiles, findTree, type LogTree, type StoredTile, sha256 } from "../store/log.ts";
import { readerOf } from "./tree.ts";

const TILE_WIDTH = 256;
const LEVELS = 8;

/** A tree as it stood at a signed checkpoint, and a way to prove things about it. */
export type Proving = { readonly tree: LogTree; readonly checkpoint: string; readonly size: number };

/** The tree at its last checkpoint; null before the first. */
export async function openProving(db: Database): Promise<Proving | null> {
  const tree = await findTree(db);
  const note = tree?.checkpoint ? readNote(tree.checkpoint) : null;
  const signed = note === null ? null : readCheckpoint(note.text);
  if (!tree?.checkpoint || signed === null) return null;
  return { tree, checkpoint: tree.checkpoint, size: signed.size };
}

/** The proof that leaf `position` is in the log (C2SP tlog-proof); null when the checkpoint does not reach it yet. */
export async function proveEntry(db: Database, proving: Proving, position: number): Promise<string | null> {
  const { checkpoint, size } = proving;
  if (position >= size) return null;
  const hashes = await withTiles(db, proving, (readHash) => proveInclusion(sha256, readHash, position, size));
  return writeLogProof({ index: position, hashes, checkpoint });
}

/** The hashes that prove that the log only added to what it was at `oldSize`; none for a log that was empty then. */
export async function proveGrowth(db: Database, proving: Proving, oldSize: number): Promise<Uint8Array[]> {
  if (oldSize === 0) return [];
  return withTiles(db, proving, (readHash) => proveConsistency(sha256, readHash, oldSize, proving.size));
}

/** What the log sealed about a case, each with its proof. */
export async function showLog({ db, vault }: Pick<Jikim, "db" | "vault">, caseId: string): Promise<MyLog> {
  const proving = await openProving(db);
  const { damaged, ...found } = await findEntriesOf(db, vault, caseId);
  const entries = found.entries.map(async ({ generation, position, salt, body }) => {
    const isHere = proving !== null && position !== null && generation === proving.tree.generation;
    const proof = isHere ? await proveEntry(db, proving, position) : null;
    return { body, salt: salt.toString("hex"), proof };
  });
  return { entries: await Promise.all(entries), damaged: [...damaged] };
}

/** Asks the rule what it reads, reads those tiles at once, and asks again. */
async function withTiles<T>(db: Database, { tree, size }: Proving, prove: (readHash: ReadHash) => T): Promise<T> {
  const wanted = new Map<string, Pick<Tile, "level" | "index">>();
  const nothing = new Uint8Array(32);
  prove((level, index) => {
    const tile = tileAt(level, index);
    wanted.set(`${tile.level}/${tile.index}`, tile);
    return nothing;
  });
  const asked = [...wanted.values()].map(({ level, index }) => ({ level, position: index }));
  const tiles: StoredTile[] = await findTiles(db, tree.generation, asked);
  return prove(readerOf({ size }, tiles));
}

function tileAt(level: number, index: number): Pick<Tile, "level" | "index"> {
  const first = index * 2 ** (level % LEVELS);
  return { level: Math.floor(level / LEVELS), index: Math.floor(first / TILE_WIDTH) };
}
