import type { ReadHash, Sha256 } from "./log.ts";
import { leafHash, nodeHash } from "./log.ts";

/**
 * The log as files that never change (C2SP tlog-tiles): 256 hashes to a tile, each tile eight levels high, and the leaves
 * themselves in bundles of 256.
 */

/** Hashes, or leaves, in a full tile. */
export const TILE_WIDTH = 256;
/** Levels of the tree in a tile. */
const TILE_HEIGHT = 8;
const HASH_BYTES = 32;

/** A tile. `width` is below 256 only for the last of a level. */
export type Tile = { readonly level: number; readonly index: number; readonly width: number };

/** Path of a tile of hashes below the log's address. */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${numberPath(index)}${partial(width)}`;
}

/** Path of a bundle of leaves. */
export function bundlePath({ index, width }: Omit<Tile, "level">): string {
  return `tile/entries/${numberPath(index)}${partial(width)}`;
}

function partial(width: number): string {
  return width === TILE_WIDTH ? "" : `.p/${width}`;
}

/** 1234067 is x001/x234/067. */
function numberPath(index: number): string {
  const groups = [String(index % 1000).padStart(3, "0")];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  return groups.join("/");
}

/** A path back to its tile, or null: only the one way of writing it is read. */
export function readTilePath(path: string): (Tile & { readonly what: "hashes" | "entries" }) | null {
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (parts === null) return null;
  const [, first = "", number = "", width = String(TILE_WIDTH)] = parts;
  const what = first === "entries" ? "entries" : "hashes";
  const tile = {
    level: what === "entries" ? 0 : Number(first),
    index: Number(number.replace(/[x/]/g, "")),
    width: Number(width),
  };
  if (tile.level > 63 || tile.width < 1 || tile.width > TILE_WIDTH) return null;
  const written = what === "entries" ? bundlePath(tile) : tilePath(tile);
  return written === path ? { ...tile, what } : null;
}

/** The tiles that a log of `size` leaves has: every full one, and the last of each level that is not full. */
export function* tilesOf(size: number): Generator<Tile> {
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    for (let index = 0; index * TILE_WIDTH < count; index++)
      yield { level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) };
  }
}

/** Where in the tree a tile's hashes stand: of complete subtrees of this level, from this index on. */
export function hashesOf({ level, index, width }: Tile): {
  readonly level: number;
  readonly from: number;
  readonly count: number;
} {
  return { level: level * TILE_HEIGHT, from: index * TILE_WIDTH, count: width };
}

/**
 * Reads hashes of the tree out of tiles, working out those between the levels that tiles hold.
 *
 * @param readTile  the bytes of a tile.
 * @param size  of the log: says which tiles are partial.
 */
export function readerOfTiles(sha256: Sha256, readTile: (tile: Tile) => Uint8Array, size: number): ReadHash {
  return (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const inside = 1 << (level % TILE_HEIGHT);
    const first = index * inside;
    const count = Math.floor(size / TILE_WIDTH ** tileLevel);
    const tileIndex = Math.floor(first / TILE_WIDTH);
    const tile = { level: tileLevel, index: tileIndex, width: Math.min(TILE_WIDTH, count - tileIndex * TILE_WIDTH) };
    const bytes = readTile(tile);
    const at = first - tileIndex * TILE_WIDTH;
    if (tile.width < at + inside || bytes.length !== tile.width * HASH_BYTES)
      throw new RangeError("a tile is cut short");
    let hashes = Array.from({ length: inside }, (_, each) => hashAt(bytes, at + each));
    while (hashes.length > 1) hashes = pairUp(sha256, hashes);
    return hashes[0] ?? new Uint8Array();
  };
}

function hashAt(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
}

function pairUp(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array[] {
  const pairs: Uint8Array[] = [];
  for (let at = 0; at + 1 < hashes.length; at += 2) {
    const [left, right] = [hashes[at], hashes[at + 1]];
    if (left !== undefined && right !== undefined) pairs.push(nodeHash(sha256, left, right));
  }
  return pairs;
}

/** Leaves as a bundle holds them: each after its length in two bytes. @throws {RangeError} above 65,535 bytes. */
export function writeBundle(leaves: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(leaves.reduce((sum, leaf) => sum + 2 + leaf.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const leaf of leaves) {
    if (leaf.length > 0xffff) throw new RangeError("a leaf is too long");
    view.setUint16(at, leaf.length);
    bytes.set(leaf, at + 2);
    at += 2 + leaf.length;
  }
  return bytes;
}

/** The leaves of a bundle; null when it is cut short or holds more than a tile. */
export function readBundle(bytes: Uint8Array): Uint8Array[] | null {
  const leaves: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length || leaves.length === TILE_WIDTH) return null;
    const length = view.getUint16(at);
    if (at + 2 + length > bytes.length) return null;
    leaves.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return leaves;
}

/** Whether a bundle's leaves are those that a tile of level 0 has the hashes of. */
export function isBundleOf(sha256: Sha256, leaves: readonly Uint8Array[], tile: Uint8Array): boolean {
  if (tile.length !== leaves.length * HASH_BYTES) return false;
  return leaves.every((leaf, at) =>
    leafHash(sha256, leaf).every((byte, each) => byte === tile[at * HASH_BYTES + each]),
  );
}
