// The exact index. A hash of 256 bits is sixteen words of 16 bits on a ring. Let d be a word's distance to the query's and
// t its tolerance, the tolerances adding up to radius + 1. If all d together are at most the radius, the sum of (d - t) is
// negative, so on some word i of the ring d[i] < t[i] and also d[i] + d[i+1] < t[i] + t[i+1] (Qin and Xiao, "Pigeonring",
// VLDB 2018). So hashes are sorted by each word (a bucket a value), every posting carries the word that follows, and of the
// buckets at most one flip from the query's word only postings whose next word is near as well are looked at in full.
//
// A posting is two bytes of next word, two bytes of row number and about two bits (Elias-Fano) for the rest of the row
// number: rows stand in ascending order within a bucket, and bit `position + row / 65536` of the bucket is set for each.
// What belongs to a bucket lies together, so a bucket costs one miss of the address cache, not three.
//
// WebAssembly has no prefetch: what will be needed is touched first by loads that do not wait for each other.
// Memory is shared: one writer, any number of readers, each reader with its own instance and its own scratch.

const WORDS: u32 = 16;
const KEYS: u32 = 65536;
const STARTS: usize = (65536 + 64) * 4;
const BOUNDS: usize = 128;
const SURVIVORS: usize = 4096;
const SURVIVOR_ROOM: u32 = 1024;
const HITS: usize = 16384;
const HIT_ROOM: u32 = 6144;

let rows: u32 = 0;
let pages: u32 = 0;
let hashes: usize = 0;
let owners: usize = 0;
let dead: usize = 0;
let starts: usize = 0;
let bands: usize = 0;
let bandBytes: usize = 0;
let cursors: usize = 0;
let chains: usize = 0;
let scratch: usize = 0;
let hitCount: u32 = 0;
/** Keeps the touching loads from being dropped as dead code. */
let touched: u32 = 0;

/** Reads the layout from the first 44 bytes of memory and takes a scratch of its own at `scratchAt`. */
export function open(scratchAt: usize): void {
  rows = load<u32>(0);
  pages = load<u32>(4);
  hashes = load<u32>(8);
  owners = load<u32>(12);
  dead = load<u32>(16);
  starts = load<u32>(20);
  bands = load<u32>(24);
  bandBytes = load<u32>(28);
  cursors = load<u32>(32);
  chains = load<u32>(40);
  scratch = scratchAt;
}

@inline function wordOf(row: u32, word: u32): u32 { return load<u16>(hashes + (<usize>row << 5) + (<usize>word << 1)); }
@inline function asked(word: u32): u32 { return load<u16>(scratch + (<usize>word << 1)); }
@inline function tolerance(word: u32, radius: u32): u32 { return (((radius + 1) * (word + 1)) >> 4) - (((radius + 1) * word) >> 4); }
@inline function keyOf(word: u32, probe: u32): u32 { return probe == 0 ? asked(word) : asked(word) ^ (1 << (probe - 1)); }
@inline function cellOf(word: u32, key: u32): usize { return starts + <usize>word * STARTS + (<usize>key << 2); }

@inline function bitsApart(row: u32): u32 {
  const at = hashes + (<usize>row << 5);
  return <u32>(popcnt(load<u64>(at) ^ load<u64>(scratch)) + popcnt(load<u64>(at, 8) ^ load<u64>(scratch, 8)) +
    popcnt(load<u64>(at, 16) ^ load<u64>(scratch, 16)) + popcnt(load<u64>(at, 24) ^ load<u64>(scratch, 24)));
}

@inline function isDead(row: u32): bool { return ((load<u8>(dead + (row >> 3)) >> (row & 7)) & 1) != 0; }

/** True when an earlier word of the ring has led to this row already. */
function foundBefore(row: u32, word: u32, radius: u32): bool {
  for (let i: u32 = 0; i < word; i++) {
    const t = tolerance(i, radius);
    const d = <u32>popcnt(wordOf(row, i) ^ asked(i));
    if (d >= t) continue;
    const next = (i + 1) & 15;
    if (d + <u32>popcnt(wordOf(row, next) ^ asked(next)) < t + tolerance(next, radius)) return true;
  }
  return false;
}

@inline function hit(row: u32, bits: u32): void {
  const at = scratch + HITS + (<usize>hitCount << 3);
  store<u32>(at, load<u32>(owners + (<usize>row << 2)));
  store<u32>(at, bits, 4);
  hitCount++;
}

/**
 * Deals the bits of `count` hashes at `at` anew, in place, by a table of 16 masks of 32 bytes for each of 64 half bytes.
 * Bits that lie side by side in a PDQ hash go together; kept in one word, they would crowd the rows into few buckets.
 */
export function deal(at: usize, count: u32, table: usize): void {
  for (let row: u32 = 0; row < count; row++, at += 32) {
    let low = i64x2.splat(0);
    let high = i64x2.splat(0);
    let masks = table;
    for (let byte: u32 = 0; byte < 32; byte++, masks += 1024) {
      const value = <usize>load<u8>(at + byte);
      const even = masks + ((value & 15) << 5);
      const odd = masks + 512 + ((value >> 4) << 5);
      low = v128.xor(low, v128.xor(v128.load(even), v128.load(odd)));
      high = v128.xor(high, v128.xor(v128.load(even, 16), v128.load(odd, 16)));
    }
    v128.store(at, low);
    v128.store(at, high, 16);
  }
}

// ---- building a frozen part -------------------------------------------------------------------------------------

/** Counts four words, from `word` on, of rows `from` to `to` into the buckets. */
export function count(word: u32, from: u32, to: u32): void {
  for (let row = from; row < to; row++) {
    const four = load<u64>(hashes + (<usize>row << 5) + (<usize>word << 1));
    for (let i: u32 = 0; i < 4; i++) {
      const cell = cellOf(word + i, (<u32>(four >> <u64>(i << 4)) & 0xffff) + 1);
      store<u32>(cell, load<u32>(cell) + 1);
    }
  }
}

/** Turns one word's counts into where each bucket begins. */
export function sum(word: u32): void {
  let total: u32 = 0;
  for (let key: u32 = 0; key <= KEYS; key++) {
    const cell = cellOf(word, key);
    total += load<u32>(cell);
    store<u32>(cell, total);
  }
}

/** Where a bucket's postings begin: next words, then low halves of rows, then high halves, and a byte between buckets. */
@inline function blockOf(word: u32, key: u32, start: u32): usize {
  return bands + <usize>word * bandBytes + (<usize>start << 2) + ((start + key * pages) >> 3) + key;
}

@inline function groupSize(): u32 { return max<u32>(rows >> 9, 32); }
@inline function groupCount(group: u32): usize { return cursors + (KEYS << 2) + (<usize>group << 2); }

/** Puts the postings gathered for the 256 buckets of one high byte where they belong. */
function flush(word: u32, group: u32): void {
  const waiting = owners + <usize>(group * groupSize()) * 8;
  const filled = load<u32>(groupCount(group));
  store<u32>(groupCount(group), 0);
  for (let i: u32 = 0; i < filled; i++) {
    const row = load<u32>(waiting + (<usize>i << 3));
    const key = <u32>load<u16>(waiting + (<usize>i << 3), 4);
    const start = load<u32>(cellOf(word, key));
    const size = load<u32>(cellOf(word, key), 4) - start;
    const cursor = cursors + (<usize>key << 2);
    const at = load<u32>(cursor);
    store<u32>(cursor, at + 1);
    const block = blockOf(word, key, start);
    store<u16>(block + (<usize>at << 1), load<u16>(waiting + (<usize>i << 3), 6));
    store<u16>(block + (<usize>(size + at) << 1), row);
    const bit = at + (row >> 16);
    const byte = block + (<usize>size << 2) + (bit >> 3);
    store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(bit & 7)));
  }
}

/** Puts rows `from` to `to` into one word's buckets; rows must come in order, and `settle` end each word. */
export function place(word: u32, from: u32, to: u32): void {
  const next = (word + 1) & 15;
  if (from == 0) memory.fill(cursors, 0, (KEYS + 256) << 2);
  const room = groupSize();
  for (let row = from; row < to; row++) {
    const key = wordOf(row, word);
    const group = key >> 8;
    const filled = load<u32>(groupCount(group));
    const waiting = owners + <usize>(group * room + filled) * 8;
    store<u32>(waiting, row);
    store<u32>(waiting, key | (wordOf(row, next) << 16), 4);
    store<u32>(groupCount(group), filled + 1);
    if (filled + 1 == room) flush(word, group);
  }
}

/** Ends a word after its last row: puts in place what is still gathered for groups `from` to `to` of 256. */
export function settle(word: u32, from: u32, to: u32): void {
  for (let group = from; group < to; group++) flush(word, group);
}

// ---- asking a frozen part ---------------------------------------------------------------------------------------

/** Writes down where each bucket of a word begins and how many postings it has. */
function readBounds(word: u32, radius: u32): void {
  const at = scratch + BOUNDS + <usize>word * 17 * 8;
  const probes: u32 = tolerance(word, radius) == 2 ? 17 : 1;
  for (let probe: u32 = 0; probe < probes; probe++) {
    const key = keyOf(word, probe);
    const start = load<u32>(cellOf(word, key));
    store<u32>(at + (<usize>probe << 3), <u32>blockOf(word, key, start));
    store<u32>(at + (<usize>probe << 3), load<u32>(cellOf(word, key), 4) - start, 4);
  }
}

/** Asks for the postings of a word's buckets all at once, so that their ways from memory overlap. */
function touch(word: u32, radius: u32): void {
  const bounds = scratch + BOUNDS + <usize>word * 17 * 8;
  const probes: u32 = tolerance(word, radius) == 2 ? 17 : 1;
  let sum: u32 = 0;
  for (let probe: u32 = 0; probe < probes; probe++) {
    const from = <usize>load<u32>(bounds + (<usize>probe << 3));
    const to = from + (<usize>min<u32>(load<u32>(bounds + (<usize>probe << 3), 4), 2048) << 1);
    for (let at = from; at < to; at += 64) sum += load<u8>(at);
  }
  touched = sum;
}

/** A survivor: position in its bucket, then where the bucket's bounds stand, then the word. */
@inline function survivorAt(i: u32): usize { return scratch + SURVIVORS + (<usize>i << 3); }

function touchSurvivors(survivors: u32): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < survivors; i++) {
    const bound = scratch + BOUNDS + <usize>load<u16>(survivorAt(i), 4);
    const lows = <usize>load<u32>(bound) + (<usize>load<u32>(bound, 4) << 1);
    sum += load<u8>(lows + (<usize>load<u32>(survivorAt(i)) << 1)) + load<u8>(lows + (<usize>load<u32>(bound, 4) << 1));
  }
  touched = sum;
}

/** Row numbers of the survivors, in their places. Those of one bucket stand together, in order. */
function decode(survivors: u32): void {
  let lastBound: u32 = 0xffffffff;
  let bit: u32 = 0;
  let position: u32 = 0;
  for (let i: u32 = 0; i < survivors; i++) {
    const wanted = load<u32>(survivorAt(i));
    const bound = <u32>load<u16>(survivorAt(i), 4);
    const size = <usize>load<u32>(scratch + BOUNDS + bound, 4);
    const lows = <usize>load<u32>(scratch + BOUNDS + bound) + (size << 1);
    const highs = lows + (size << 1);
    if (bound != lastBound) {
      lastBound = bound;
      position = 0;
      bit = 0;
    }
    let bits = load<u64>(highs + ((bit >> 6) << 3)) >> <u64>(bit & 63);
    let ones = <u32>popcnt(bits);
    while (position + ones <= wanted) {
      position += ones;
      bit = (bit | 63) + 1;
      bits = load<u64>(highs + ((bit >> 6) << 3));
      ones = <u32>popcnt(bits);
    }
    while (position < wanted) {
      const past = <u32>ctz(bits) + 1;
      bits = past == 64 ? 0 : bits >> <u64>past;
      bit += past;
      position++;
    }
    const page = bit + <u32>ctz(bits) - wanted;
    store<u32>(survivorAt(i), (page << 16) | load<u16>(lows + (<usize>wanted << 1)));
  }
}

function touchRows(survivors: u32): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < survivors; i++) sum += load<u8>(hashes + (<usize>load<u32>(scratch + SURVIVORS + (<usize>i << 3)) << 5));
  touched = sum;
}

function verify(survivors: u32, radius: u32): void {
  touchSurvivors(survivors);
  decode(survivors);
  touchRows(survivors);
  const first = scratch + SURVIVORS;
  for (let i: u32 = 0; i < survivors; i++) {
    const at = first + (<usize>i << 3);
    const row = load<u32>(at);
    const bits = bitsApart(row);
    if (bits > radius || isDead(row)) continue;
    if (!foundBefore(row, load<u32>(at, 4) >> 16, radius)) hit(row, bits);
  }
}

/** 0xffff in each lane that is at most `bits` ones, `bits` being 0 to 3: a number with its lowest one taken off is n & (n - 1). */
@inline function fewOnes(lanes: v128, bits: u32): v128 {
  const minusOne = i16x8.splat(-1);
  let left = lanes;
  if (bits > 0) left = v128.and(left, i16x8.add(left, minusOne));
  if (bits > 1) left = v128.and(left, i16x8.add(left, minusOne));
  if (bits > 2) left = v128.and(left, i16x8.add(left, minusOne));
  return i16x8.eq(left, i16x8.splat(0));
}

@inline function maskOf(at: usize, query: v128, bits: u32): u32 {
  const a = fewOnes(v128.xor(v128.load(at), query), bits);
  const b = fewOnes(v128.xor(v128.load(at, 16), query), bits);
  return <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(a, b));
}

/** Which of the sixteen next words at `at` differ from the query's in at most `bits` bits. */
@inline function nearMask(at: usize, query: v128, bits: u32): u32 {
  if (bits == 2) return maskOf(at, query, 2);
  if (bits == 3) return maskOf(at, query, 3);
  return bits == 1 ? maskOf(at, query, 1) : maskOf(at, query, 0);
}

/**
 * Entries within `radius` bits (0 to 31) of the query in scratch, as pairs (owner, bits) at `hitsAt()`. Returns how many;
 * `more()` tells whether to go on with `resume` set, when they did not fit.
 */
export function find(radius: u32, resume: bool): u32 {
  const cursor = scratch + 64;
  let word: u32 = resume ? load<u32>(cursor) : 0;
  let probe: u32 = resume ? load<u32>(cursor, 4) : 0;
  let skip: u32 = resume ? load<u32>(cursor, 8) : 0;
  let survivors: u32 = 0;
  hitCount = 0;
  store<u32>(cursor, 0, 12);
  for (let i = word; i < WORDS; i++) readBounds(i, radius);
  touch(word, radius);
  for (; word < WORDS; word++) {
    const mine = tolerance(word, radius);
    const next = (word + 1) & 15;
    const probes: u32 = mine == 2 ? 17 : mine;
    const query = i16x8.splat(<i16>asked(next));
    if (word + 1 < WORDS) touch(word + 1, radius);
    for (; probe < probes; probe++) {
      const bound = (word * 17 + probe) << 3;
      const block = <usize>load<u32>(scratch + BOUNDS + bound);
      const size = load<u32>(scratch + BOUNDS + bound, 4);
      const near = mine + tolerance(next, radius) - 1 - (probe == 0 ? 0 : 1);
      for (let at = skip; at < size; at += 16) {
        let mask = nearMask(block + (<usize>at << 1), query, near);
        if (mask == 0) continue;
        if (size - at < 16) mask &= (1 << (size - at)) - 1;
        while (mask != 0) {
          store<u32>(survivorAt(survivors), at + ctz(mask));
          store<u32>(survivorAt(survivors), bound | (word << 16), 4);
          survivors++;
          mask &= mask - 1;
        }
        if (survivors < SURVIVOR_ROOM - 16) continue;
        verify(survivors, radius);
        survivors = 0;
        if (hitCount < HIT_ROOM - SURVIVOR_ROOM) continue;
        store<u32>(cursor, word);
        store<u32>(cursor, probe, 4);
        store<u32>(cursor, at + 16, 8);
        store<u32>(cursor, 1, 12);
        return hitCount;
      }
      skip = 0;
    }
    probe = 0;
  }
  verify(survivors, radius);
  return hitCount;
}

export function more(): bool { return load<u32>(scratch + 64, 12) != 0; }
export function hitsAt(): usize { return scratch + HITS; }

/** The plain scan, for tests and for comparison: stops at a full house and returns the hits; `cursor` gets the next row. */
export function scan(from: u32, to: u32, radius: u32): u32 {
  const a = load<u64>(scratch);
  const b = load<u64>(scratch, 8);
  const c = load<u64>(scratch, 16);
  const d = load<u64>(scratch, 24);
  hitCount = 0;
  let row = from;
  for (; row < to && hitCount < HIT_ROOM; row++) {
    const at = hashes + (<usize>row << 5);
    const bits = <u32>(popcnt(load<u64>(at) ^ a) + popcnt(load<u64>(at, 8) ^ b));
    if (bits > radius) continue;
    const all = bits + <u32>(popcnt(load<u64>(at, 16) ^ c) + popcnt(load<u64>(at, 24) ^ d));
    if (all <= radius && !isDead(row)) hit(row, all);
  }
  store<u32>(scratch + 64, row);
  return hitCount;
}

// ---- the growing part: buckets are chains of rows --------------------------------------------------------------

@inline function chainHead(word: u32, key: u32): usize { return starts + (<usize>((word << 16) | key) << 1); }

/** Makes a row that has been written findable. */
export function link(row: u32): void {
  for (let word: u32 = 0; word < WORDS; word++) {
    const head = chainHead(word, wordOf(row, word));
    store<u16>(chains + (<usize>row << 5) + (<usize>word << 1), load<u16>(head));
    atomic.store<u16>(head, <u16>(row + 1));
  }
}

/** As `find`, in the growing part; its scratch holds a hit for every row. */
export function findLinked(radius: u32): u32 {
  hitCount = 0;
  for (let word: u32 = 0; word < WORDS; word++) {
    const t = tolerance(word, radius);
    const probes: u32 = t == 2 ? 17 : t;
    for (let probe: u32 = 0; probe < probes; probe++) {
      let row = <u32>atomic.load<u16>(chainHead(word, keyOf(word, probe)));
      for (; row != 0; row = load<u16>(chains + (<usize>(row - 1) << 5) + (<usize>word << 1))) {
        const bits = bitsApart(row - 1);
        if (bits > radius || isDead(row - 1)) continue;
        if (!foundInChain(row - 1, word, radius)) hit(row - 1, bits);
      }
    }
  }
  return hitCount;
}

function foundInChain(row: u32, word: u32, radius: u32): bool {
  for (let i: u32 = 0; i < word; i++) if (<u32>popcnt(wordOf(row, i) ^ asked(i)) < tolerance(i, radius)) return true;
  return false;
}

// ---- snapshots --------------------------------------------------------------------------------------------------

/** 64 bits over bytes `from` to `to`, both multiples of 32. Finds damage, not forgery. Any one changed lane changes it. */
export function checksum(from: usize, to: usize): u64 {
  const prime: u64 = 0x9e3779b97f4a7c15;
  let a: u64 = to - from;
  let b: u64 = 1;
  let c: u64 = 2;
  let d: u64 = 3;
  for (let at = from; at < to; at += 32) {
    a = (a ^ load<u64>(at)) * prime;
    a ^= a >> 29;
    b = (b ^ load<u64>(at, 8)) * prime;
    b ^= b >> 29;
    c = (c ^ load<u64>(at, 16)) * prime;
    c ^= c >> 29;
    d = (d ^ load<u64>(at, 24)) * prime;
    d ^= d >> 29;
  }
  return a + rotl(b, 17) + rotl(c, 34) + rotl(d, 51);
}
