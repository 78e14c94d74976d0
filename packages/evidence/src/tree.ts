import { leafHash, nodeHash, type ReadHash } from "@jikim/casework";
import { sha256 } from "@noble/hashes/sha2.js";

const HASH = 32;
/** Leaves are kept by 256, a tile of eight levels, as in C2SP tlog-tiles. */
const TILE_LEVELS = 8;
const TILE_LEAVES = 1 << TILE_LEVELS;

/**
 * A Merkle tree (RFC 6962) that grows leaf by leaf and keeps only what proves the wanted leaves: the hashes above the tiles, the last
 * tile, and the tiles that hold a wanted leaf. Five million leaves of which none is wanted take about 1.3 MB; each tile with a wanted one
 * takes 16 kB more.
 */
export function growTree(wanted: ReadonlySet<number>): {
  readonly add: (leaf: Uint8Array) => void;
  readonly size: () => number;
  readonly readHash: ReadHash;
} {
  const wantedTiles = new Set<number>();
  for (const index of wanted) wantedTiles.add(Math.floor(index / TILE_LEAVES));
  const tiles = new Map<number, Uint8Array>();
  const upper: Uint8Array[][] = [];
  let tile = new Uint8Array(2 * TILE_LEAVES * HASH);
  let size = 0;

  const readHash: ReadHash = (level, index) => {
    if (level >= TILE_LEVELS) return upper[level - TILE_LEVELS]?.[index] ?? new Uint8Array();
    const at = Math.floor(index / 2 ** (TILE_LEVELS - level));
    const found = at === Math.floor(size / TILE_LEAVES) ? tile : tiles.get(at);
    return found?.slice(...spot(level, index % 2 ** (TILE_LEVELS - level))) ?? new Uint8Array();
  };

  const closeTile = () => {
    const at = size / TILE_LEAVES - 1;
    let [level, index, hash]: [number, number, Uint8Array] = [0, at, tile.slice(...spot(TILE_LEVELS, 0))];
    for (;;) {
      upper[level] ??= [];
      upper[level]?.push(hash);
      if (index % 2 === 0) break;
      hash = nodeHash(sha256, upper[level]?.[index - 1] ?? new Uint8Array(), hash);
      [level, index] = [level + 1, (index - 1) / 2];
    }
    if (!wantedTiles.has(at)) return;
    tiles.set(at, tile);
    tile = new Uint8Array(2 * TILE_LEAVES * HASH);
  };

  return {
    add(leaf) {
      let [level, index, hash] = [0, size % TILE_LEAVES, leafHash(sha256, leaf)];
      tile.set(hash, spot(0, index)[0]);
      while (index % 2 === 1 && level < TILE_LEVELS) {
        hash = nodeHash(sha256, tile.subarray(...spot(level, index - 1)), hash);
        [level, index] = [level + 1, (index - 1) / 2];
        tile.set(hash, spot(level, index)[0]);
      }
      size++;
      if (size % TILE_LEAVES === 0) closeTile();
    },
    size: () => size,
    readHash,
  };
}

/** Where a hash stands within its tile: the levels one after another, the leaves first. */
function spot(level: number, index: number): [from: number, to: number] {
  const from = (2 * TILE_LEAVES - 2 * (TILE_LEAVES >> level) + index) * HASH;
  return [from, from + HASH];
}
