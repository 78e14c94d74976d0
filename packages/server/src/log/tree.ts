import { appendLeaf, type ReadHash, readerOfTiles, rootHash, TILE_WIDTH } from "@jikim/casework";
import { type LogTree, type StoredTile, sha256 } from "../store/log.ts";

const HASH_BYTES = 32;
/** Tiles hold every eighth level of the tree. */
const LEVELS = 8;

export type Grown = { readonly size: number; readonly root: Buffer; readonly tiles: readonly StoredTile[] };

/**
 * The tree with more leaves, and the tiles that changed.
 * @param edge  the last tile of every level.
 */
export function grow(
  { size }: Pick<LogTree, "size">,
  edge: ReadonlyMap<number, StoredTile>,
  leaves: readonly Uint8Array[],
): Grown {
  const fresh = new Map<number, Uint8Array>();
  const before = readerOfTiles(sha256, ({ level }) => edge.get(level)?.hashes ?? new Uint8Array(), size);
  const readHash: ReadHash = (level, index) => fresh.get(keyOf(level, index)) ?? before(level, index);
  const tiles = new Map<number, Buffer[]>();
  for (const [at, leaf] of leaves.entries())
    for (const { level, index, hash } of appendLeaf(sha256, readHash, size + at, leaf)) {
      fresh.set(keyOf(level, index), hash);
      if (level % LEVELS === 0) put(tiles, edge, { level: level / LEVELS, index, hash });
    }
  const after = size + leaves.length;
  const root = Buffer.from(rootHash(sha256, readHash, after));
  const changed = [...tiles].map(([key, hashes]): StoredTile => ({ ...placeOf(key), hashes: Buffer.concat(hashes) }));
  return { size: after, root, tiles: changed };
}

type Stored = { readonly level: number; readonly index: number; readonly hash: Uint8Array };

function put(
  tiles: Map<number, Buffer[]>,
  edge: ReadonlyMap<number, StoredTile>,
  { level, index, hash }: Stored,
): void {
  const position = Math.floor(index / TILE_WIDTH);
  const key = keyOf(level, position);
  let hashes = tiles.get(key);
  if (hashes === undefined) {
    const last = edge.get(level);
    hashes = last?.position === position ? [last.hashes] : [];
    tiles.set(key, hashes);
  }
  hashes.push(Buffer.from(hash));
}

/** Levels go up to 63 and places to 2^46: both fit one number. */
function keyOf(level: number, index: number): number {
  return index * 64 + level;
}

function placeOf(key: number): { readonly level: number; readonly position: number } {
  return { level: key % 64, position: Math.floor(key / 64) };
}

/** Reads a tree's hashes out of tiles that were read before; for proofs. */
export function readerOf({ size }: Pick<LogTree, "size">, tiles: readonly StoredTile[]): ReadHash {
  const found = new Map(tiles.map((tile) => [keyOf(tile.level, tile.position), tile.hashes]));
  return readerOfTiles(
    sha256,
    ({ level, index, width }) => (found.get(keyOf(level, index)) ?? Buffer.alloc(0)).subarray(0, width * HASH_BYTES),
    size,
  );
}
