// PDQ in float32, bit for bit as the reference: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
// Algorithm" (Meta, 2019). Pictures arrive in strips of eight rows, so memory grows with the width, not with the area.
// Eight rows are held side by side (two groups of four lanes), so the running sums of a row pass run over eight rows at
// once, each in the reference's own order of additions. Of the last two passes only what the 64 x 64 grid reads is written.

const STRIP: i32 = 8;
const GRID: i32 = 64;
const DCT: i32 = 16;
const LANE: usize = 16;

let width: i32 = 0;
let height: i32 = 0;
let channels: i32 = 0;
let padded: i32 = 0;
let windowX: i32 = 0;
let windowY: i32 = 0;
let halfX: i32 = 0;
let halfY: i32 = 0;
let nextRow: i32 = 0;
let nextGridRow: i32 = 0;

let inputRow: usize = 0;
let input: usize = 0;
let luma: usize = 0;
let smooth: usize = 0;
let columns: usize = 0;
let ring: usize = 0;
let columnSum: usize = 0;
let picked: usize = 0;
let ring2: usize = 0;
let columnSum2: usize = 0;

const grid: usize = memory.data(64 * 64 * 4, 16);
const dct: usize = memory.data(16 * 64 * 4, 16);
const dctAcross: usize = memory.data(64 * 16 * 4, 16);
const half: usize = memory.data(16 * 64 * 4, 16);
const coefficients: usize = memory.data(16 * 16 * 4, 16);
const values: usize = memory.data(256 * 4, 16);
const hashes: usize = memory.data(8 * 32, 16);

function fillDct(): void {
  for (let i = 0; i < DCT; i++) {
    for (let j = 0; j < GRID; j++) {
      const value = <f32>(Math.sqrt(2.0 / 64.0) * NativeMath.cos((Math.PI / 128.0) * <f64>((i + 1) * (2 * j + 1))));
      store<f32>(dct + <usize>((i * GRID + j) << 2), value);
      store<f32>(dctAcross + <usize>((j * DCT + i) << 2), value);
    }
  }
}
fillDct();

@inline function windowOf(n: i32): i32 { return (n + 127) / 128; }
@inline function pick(i: i32, n: i32): i32 { return <i32>((<i64>(2 * i + 1) * <i64>n) >> 7); }
@inline function samplesAt(o: i32, n: i32, w: i32, h: i32): i32 { return min(n - 1, o + h - 1) - max(0, o + h - w) + 1; }
@inline function aligned(bytes: usize): usize { return (bytes + 63) & ~63; }

/** Lays out memory for one picture; the rows of each strip are then written at the returned address, `rowBytes()` apart. */
export function begin(pictureWidth: i32, pictureHeight: i32, pictureChannels: i32): usize {
  width = pictureWidth;
  height = pictureHeight;
  channels = pictureChannels;
  padded = (width + 3) & ~3;
  windowX = windowOf(width);
  windowY = windowOf(height);
  halfX = (windowX + 2) / 2;
  halfY = (windowY + 2) / 2;
  nextRow = 0;
  nextGridRow = 0;
  inputRow = <usize>((padded * channels + 15) & ~15) + 16;

  let at = aligned(__heap_base);
  input = at; at += aligned(inputRow * STRIP);
  luma = at; at += aligned(<usize>padded * 2 * LANE);
  smooth = at; at += aligned(<usize>padded * 2 * LANE);
  columns = at; at += aligned(<usize>padded * 2 * LANE);
  picked = at; at += aligned(GRID * STRIP * 4);
  ring2 = at; at += aligned(<usize>windowY * GRID * 4);
  columnSum2 = at; at += aligned(GRID * 4);
  columnSum = at; at += aligned(<usize>padded * 4);
  ring = at; at += aligned(<usize>windowY * <usize>padded * 4);
  const pages = <i32>((at + 0xffff) >>> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) return 0;
  memory.fill(smooth, 0, at - smooth);
  return input;
}

export function rowBytes(): usize { return inputRow; }
/** Rows to send: the picture's own, and the few empty ones that push the last out of the filter. */
export function stripCount(): i32 { return (height + halfY - 1 + STRIP - 1) / STRIP; }

@inline function lumaOf(r: v128, g: v128, b: v128): v128 {
  return f32x4.add(
    f32x4.add(
      f32x4.mul(f32x4.splat(0.299), f32x4.convert_i32x4_s(r)),
      f32x4.mul(f32x4.splat(0.587), f32x4.convert_i32x4_s(g)),
    ),
    f32x4.mul(f32x4.splat(0.114), f32x4.convert_i32x4_s(b)),
  );
}
@inline function lumaRgb(at: usize): v128 {
  const p = v128.load(at);
  return lumaOf(
    i8x16.swizzle(p, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1)),
    i8x16.swizzle(p, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1)),
    i8x16.swizzle(p, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1)),
  );
}
@inline function lumaRgba(at: usize): v128 {
  const p = v128.load(at);
  const byte = i32x4.splat(255);
  return lumaOf(v128.and(p, byte), v128.and(i32x4.shr_u(p, 8), byte), v128.and(i32x4.shr_u(p, 16), byte));
}
@inline function lumaGrey(at: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))));
}

/** Writes four lumas of four rows turned by a quarter: one vector per column, a lane per row. */
@inline function storeTurned(to: usize, step: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab0, cd0, 0, 2));
  v128.store(to + step, v128.shuffle<f64>(ab0, cd0, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<f64>(ab1, cd1, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<f64>(ab1, cd1, 1, 3));
}

function lumaGroup(group: i32): void {
  let a = input + <usize>(group * 4) * inputRow;
  const row = inputRow;
  let to = luma + <usize>group * LANE;
  const end = to + <usize>padded * 2 * LANE;
  if (channels == 3) {
    for (; to < end; to += 8 * LANE, a += 12) {
      storeTurned(to, 2 * LANE, lumaRgb(a), lumaRgb(a + row), lumaRgb(a + 2 * row), lumaRgb(a + 3 * row));
    }
  } else if (channels == 4) {
    for (; to < end; to += 8 * LANE, a += 16) {
      storeTurned(to, 2 * LANE, lumaRgba(a), lumaRgba(a + row), lumaRgba(a + 2 * row), lumaRgba(a + 3 * row));
    }
  } else {
    for (; to < end; to += 8 * LANE, a += 4) {
      storeTurned(to, 2 * LANE, lumaGrey(a), lumaGrey(a + row), lumaGrey(a + 2 * row), lumaGrey(a + 3 * row));
    }
  }
}

/** First row pass: running sums along eight rows at once. */
function smoothRows(): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let right = luma;
  let left = luma;
  let out = smooth;
  let t = 0;
  for (; t < halfX - 1; t++, right += 32) {
    a = f32x4.add(a, v128.load(right));
    b = f32x4.add(b, v128.load(right, 16));
  }
  for (; t < windowX; t++, right += 32, out += 32) {
    const count = f32x4.splat(<f32>(t + 1));
    a = f32x4.add(a, v128.load(right));
    b = f32x4.add(b, v128.load(right, 16));
    v128.store(out, f32x4.div(a, count));
    v128.store(out, f32x4.div(b, count), 16);
  }
  const full = f32x4.splat(<f32>windowX);
  for (const end = luma + <usize>width * 32; right < end; right += 32, left += 32, out += 32) {
    a = f32x4.sub(f32x4.add(a, v128.load(right)), v128.load(left));
    b = f32x4.sub(f32x4.add(b, v128.load(right, 16)), v128.load(left, 16));
    v128.store(out, f32x4.div(a, full));
    v128.store(out, f32x4.div(b, full), 16);
  }
  for (t = 1; t < halfX; t++, left += 32, out += 32) {
    const count = f32x4.splat(<f32>(windowX - t));
    a = f32x4.sub(a, v128.load(left));
    b = f32x4.sub(b, v128.load(left, 16));
    v128.store(out, f32x4.div(a, count));
    v128.store(out, f32x4.div(b, count), 16);
  }
}

@inline function slot(y: i32): usize { return ring + <usize>(y % windowY) * <usize>padded * 4; }
@inline function divisor(y: i32): v128 {
  const o = y - (halfY - 1);
  return f32x4.splat(o >= 0 && o < height ? <f32>samplesAt(o, height, windowY, halfY) : 1);
}

/** First column pass over four rows: rows outside the picture are zeros, and adding or taking away zero changes no bit. */
function smoothColumns(group: i32): void {
  const y = nextRow + group * 4;
  const s0 = slot(y), s1 = slot(y + 1), s2 = slot(y + 2), s3 = slot(y + 3);
  const d0 = divisor(y), d1 = divisor(y + 1), d2 = divisor(y + 2), d3 = divisor(y + 3);
  let from = smooth + <usize>group * LANE;
  let to = columns + <usize>group * LANE;
  for (let x: usize = 0, end = <usize>padded * 4; x < end; x += 16, from += 128, to += 128) {
    const a = v128.load(from), b = v128.load(from, 32), c = v128.load(from, 64), d = v128.load(from, 96);
    const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    let sum = v128.load(columnSum + x);
    let row = v128.shuffle<f64>(ab0, cd0, 0, 2);
    sum = f32x4.sub(f32x4.add(sum, row), v128.load(s0 + x));
    v128.store(s0 + x, row);
    const o0 = f32x4.div(sum, d0);
    row = v128.shuffle<f64>(ab0, cd0, 1, 3);
    sum = f32x4.sub(f32x4.add(sum, row), v128.load(s1 + x));
    v128.store(s1 + x, row);
    const o1 = f32x4.div(sum, d1);
    row = v128.shuffle<f64>(ab1, cd1, 0, 2);
    sum = f32x4.sub(f32x4.add(sum, row), v128.load(s2 + x));
    v128.store(s2 + x, row);
    const o2 = f32x4.div(sum, d2);
    row = v128.shuffle<f64>(ab1, cd1, 1, 3);
    sum = f32x4.sub(f32x4.add(sum, row), v128.load(s3 + x));
    v128.store(s3 + x, row);
    v128.store(columnSum + x, sum);
    storeTurned(to, 32, o0, o1, o2, f32x4.div(sum, d3));
  }
}

/** Second row pass: the sums run over the whole row, only the 64 columns of the grid are written. */
function pickColumns(): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let right = columns;
  let left = columns;
  const fillEnd = columns + <usize>windowX * 32;
  const rowEnd = columns + <usize>width * 32;
  for (let j = 0; j < GRID; j++) {
    const o = pick(j, width);
    const end = columns + <usize>(o + halfX) * 32;
    for (const stop = min(end, fillEnd); right < stop; right += 32) {
      a = f32x4.add(a, v128.load(right));
      b = f32x4.add(b, v128.load(right, 16));
    }
    for (const stop = min(end, rowEnd); right < stop; right += 32, left += 32) {
      a = f32x4.sub(f32x4.add(a, v128.load(right)), v128.load(left));
      b = f32x4.sub(f32x4.add(b, v128.load(right, 16)), v128.load(left, 16));
    }
    for (; right < end; right += 32, left += 32) {
      a = f32x4.sub(a, v128.load(left));
      b = f32x4.sub(b, v128.load(left, 16));
    }
    const count = f32x4.splat(<f32>samplesAt(o, width, windowX, halfX));
    v128.store(picked + <usize>j * 32, f32x4.div(a, count));
    v128.store(picked + <usize>j * 32, f32x4.div(b, count), 16);
  }
}

/** Second column pass, one row of 64: `lane` says where in `picked` the row lies, below 0 means past the last row. */
function smoothGridRow(y: i32, lane: i32): void {
  const o = y - (halfY - 1);
  const wanted = o >= 0 && nextGridRow < GRID && pick(nextGridRow, height) == o;
  const count = f32x4.splat(wanted ? <f32>samplesAt(o, height, windowY, halfY) : 1);
  const old = ring2 + <usize>(y % windowY) * (GRID * 4);
  const out = grid + <usize>nextGridRow * (GRID * 4);
  for (let x: i32 = 0; x < GRID; x += 4) {
    let row = f32x4.splat(0);
    if (lane >= 0) {
      const from = picked + <usize>x * 32 + <usize>lane * 4;
      row = v128.load32_zero(from);
      row = v128.load32_lane(from, row, 1, 32);
      row = v128.load32_lane(from, row, 2, 64);
      row = v128.load32_lane(from, row, 3, 96);
    }
    const at = <usize>x * 4;
    const sum = f32x4.sub(f32x4.add(v128.load(columnSum2 + at), row), v128.load(old + at));
    v128.store(columnSum2 + at, sum);
    v128.store(old + at, row);
    if (wanted) v128.store(out + at, f32x4.div(sum, count));
  }
  if (!wanted) return;
  nextGridRow++;
  while (nextGridRow < GRID && pick(nextGridRow, height) == o) {
    memory.copy(grid + <usize>nextGridRow * (GRID * 4), out, GRID * 4);
    nextGridRow++;
  }
}

/** Takes the next strip, of which `rows` rows hold the picture. */
export function strip(rows: i32): void {
  if (rows < STRIP) memory.fill(input + <usize>rows * inputRow, 0, <usize>(STRIP - rows) * inputRow);
  lumaGroup(0);
  lumaGroup(1);
  smoothRows();
  smoothColumns(0);
  smoothColumns(1);
  pickColumns();
  for (let lane = 0; lane < STRIP; lane++) {
    const y = nextRow + lane - (halfY - 1);
    if (y >= 0 && y < height) smoothGridRow(y, lane);
  }
  nextRow += STRIP;
}

/** For a picture of 64 x 64 already: its luma is the grid. Takes eight rows. */
export function stripOf64(): void {
  lumaGroup(0);
  lumaGroup(1);
  for (let lane = 0; lane < STRIP; lane++) {
    for (let x = 0; x < GRID; x++) {
      const value = load<f32>(luma + <usize>x * 32 + <usize>lane * 4);
      store<f32>(grid + <usize>(((nextRow + lane) * GRID + x) << 2), value);
    }
  }
  nextRow += STRIP;
}

function quality(): i32 {
  let sum = 0;
  for (let i = 0; i < GRID; i++) {
    for (let j = 0; j < GRID; j++) {
      const at = grid + <usize>((i * GRID + j) << 2);
      const u = load<f32>(at);
      if (i + 1 < GRID) sum += abs(<i32>(((u - load<f32>(at, 256)) * 100) / 255));
      if (j + 1 < GRID) sum += abs(<i32>(((u - load<f32>(at, 4)) * 100) / 255));
    }
  }
  return min(100, sum / 90);
}

function transform(): void {
  for (let i = 0; i < DCT; i++) {
    for (let j = 0; j < GRID; j += 4) {
      let sum = f32x4.splat(0);
      for (let k = 0; k < GRID; k++) {
        const weight = v128.load32_splat(dct + <usize>((i * GRID + k) << 2));
        sum = f32x4.add(sum, f32x4.mul(weight, v128.load(grid + <usize>((k * GRID + j) << 2))));
      }
      v128.store(half + <usize>((i * GRID + j) << 2), sum);
    }
  }
  for (let i = 0; i < DCT; i++) {
    for (let j = 0; j < DCT; j += 4) {
      let sum = f32x4.splat(0);
      for (let k = 0; k < GRID; k++) {
        const left = v128.load32_splat(half + <usize>((i * GRID + k) << 2));
        sum = f32x4.add(sum, f32x4.mul(left, v128.load(dctAcross + <usize>((k * DCT + j) << 2))));
      }
      v128.store(coefficients + <usize>((i * DCT + j) << 2), sum);
    }
  }
}

/** The 128th smallest of 256 values, the lower middle one, as Torben's method gives it. Reorders `values`. */
function median(): f32 {
  let low = 0;
  let high = 255;
  while (low < high) {
    const middle = load<f32>(values + <usize>(((low + high) >> 1) << 2));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<f32>(values + <usize>(i << 2)) < middle) i++;
      while (load<f32>(values + <usize>(j << 2)) > middle) j--;
      if (i > j) break;
      const kept = load<f32>(values + <usize>(i << 2));
      store<f32>(values + <usize>(i << 2), load<f32>(values + <usize>(j << 2)));
      store<f32>(values + <usize>(j << 2), kept);
      i++;
      j--;
    }
    if (127 <= j) high = j;
    else if (127 >= i) low = i;
    else break;
  }
  return load<f32>(values + (127 << 2));
}

/** 1 for a coefficient that changes its sign when the picture is turned or flipped so. Order of `hashes`. */
@inline function negative(turn: i32, i: i32, j: i32): i32 {
  if (turn == 1 || turn == 5) return ~j & 1;
  if (turn == 2 || turn == 7) return (i + j) & 1;
  if (turn == 3 || turn == 4) return ~i & 1;
  return 0;
}

function hash(turn: i32): void {
  const across = turn == 1 || turn == 3 || turn == 6 || turn == 7;
  for (let i = 0; i < DCT; i++) {
    for (let j = 0; j < DCT; j++) {
      const value = load<f32>(coefficients + <usize>((i * DCT + j) << 2));
      store<f32>(values + <usize>((i * DCT + j) << 2), negative(turn, i, j) ? -value : value);
    }
  }
  const middle = median();
  const out = hashes + <usize>turn * 32;
  memory.fill(out, 0, 32);
  for (let i = 0; i < DCT; i++) {
    for (let j = 0; j < DCT; j++) {
      const value = load<f32>(coefficients + <usize>((i * DCT + j) << 2));
      if ((negative(turn, i, j) ? -value : value) <= middle) continue;
      const bit = across ? j * DCT + i : i * DCT + j;
      const byte = out + <usize>(31 - (bit >> 3));
      store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(bit & 7)));
    }
  }
}

/** Ends a picture: returns the quality; the eight hashes then lie at `hashesAt()`, 32 bytes each in the order of the text form. */
export function finish(): i32 {
  const empty = height + halfY - 1;
  if (width != GRID || height != GRID) for (let y = height; y < empty; y++) smoothGridRow(y, -1);
  transform();
  for (let turn = 0; turn < 8; turn++) hash(turn);
  return quality();
}

export function hashesAt(): usize { return hashes; }
