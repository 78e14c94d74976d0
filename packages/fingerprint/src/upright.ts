import { SIDE, type Spectrum, type Turning, viewHash } from "./view.ts";

// One hash for a picture however it is turned, flipped or inverted: before hashing it is put upright by the signs of a few
// sums over its own waves. Where a sum is too near to zero to be sure, the next likely way is offered as well.

/** Weight of a wave falls by this for each step in frequency: low waves survive edits best. */
const FALL = 0.7;
const WEIGHTS = Float64Array.from({ length: SIDE * SIDE }, (_, at) => FALL ** (Math.floor(at / SIDE) + (at % SIDE)));

/** Below these shares a sign turned in about 1 % of light edits (tuned on pictures, see the README). */
const SURE = { inverted: 0.12, upDown: 0.1, sideways: 0.12, transposed: 0.056, mirrored: 0.08 } as const;

/** 0 for even frequencies, 1 for odd ones. */
type Parity = { readonly rows: 0 | 1; readonly columns: 0 | 1 };

/** From -1 to 1: whether the waves of one parity are mostly above or below zero, by energy. */
function lean(luma: Float64Array, parity: Parity | "sideways"): number {
  let [sum, energy] = [0, 0];
  for (let i = 1; i < SIDE; i++) {
    for (let j = 1; j < SIDE; j++) {
      const counts = parity === "sideways" ? j % 2 === 1 : i % 2 === parity.rows && j % 2 === parity.columns;
      if (!counts) continue;
      const value = luma[i * SIDE + j] ?? 0;
      const weight = value * value * (WEIGHTS[i * SIDE + j] ?? 0);
      sum += value < 0 ? -weight : weight;
      energy += weight;
    }
  }
  return sum / (energy + 1e-9);
}

/** From -1 to 1: whether there is more energy across or down. */
function slant(luma: Float64Array): number {
  let [sum, energy] = [0, 0];
  for (let i = 1; i < SIDE; i++) {
    for (let j = i + 1; j < SIDE; j++) {
      const weight = WEIGHTS[i * SIDE + j] ?? 0;
      const a = (luma[i * SIDE + j] ?? 0) ** 2 * weight;
      const b = (luma[j * SIDE + i] ?? 0) ** 2 * weight;
      sum += a - b;
      energy += a + b;
    }
  }
  return sum / (energy + 1e-9);
}

function transpose(luma: Float64Array): Float64Array {
  return luma.map((_, at) => luma[(at % SIDE) * SIDE + Math.floor(at / SIDE)] ?? 0);
}

type Guess = { readonly turning: Turning; readonly doubt: number };

/** The eight ways to flip and invert, each with the doubt it asks for: 0 for the likely one, 1 and more for unlikely ones. */
function flips(luma: Float64Array, transposed: boolean, doubt: number): Guess[] {
  const odd = { inverted: lean(luma, { rows: 0, columns: 0 }), upDown: lean(luma, { rows: 1, columns: 0 }) };
  const sideways = lean(luma, { rows: 0, columns: 1 });
  const either = [false, true];
  return either.flatMap((a) =>
    either.flatMap((b) =>
      either.map((c): Guess => {
        const inverted = odd.inverted < 0 !== a;
        const upDown = (odd.upDown < 0 !== inverted) !== b;
        const across = (sideways < 0 !== inverted) !== c;
        const doubts = [
          a ? Math.abs(odd.inverted) / SURE.inverted : 0,
          b ? Math.abs(odd.upDown) / SURE.upDown : 0,
          c ? Math.abs(sideways) / SURE.sideways : 0,
        ];
        const turning = { transposed, upDown, sideways: across, inverted };
        return { turning, doubt: doubts.reduce((sum, one) => sum + one, doubt) };
      }),
    ),
  );
}

function allGuesses({ luma }: Spectrum): Guess[] {
  const lies = slant(luma);
  const other = Math.abs(lies) / SURE.transposed;
  return [...flips(luma, false, lies > 0 ? 0 : other), ...flips(transpose(luma), true, lies > 0 ? other : 0)];
}

function mirrorGuesses({ luma }: Spectrum): Guess[] {
  const leans = lean(luma, "sideways");
  const as = (sideways: boolean): Turning => ({ transposed: false, upDown: false, sideways, inverted: false });
  return [
    { turning: as(leans < 0), doubt: 0 },
    { turning: as(leans >= 0), doubt: Math.abs(leans) / SURE.mirrored },
  ];
}

export type Upright = { readonly value: string; readonly turning: Turning };

/**
 * The view hash of a picture put upright, likeliest first. `freedom` says what is undone: all sixteen turnings, or only
 * the mirror. At most `most` are given, those beyond the first only where the signs leave doubt.
 */
export function uprightHashes(spectrum: Spectrum, freedom: "all" | "mirror", most: number): Upright[] {
  const guesses = freedom === "all" ? allGuesses(spectrum) : mirrorGuesses(spectrum);
  return guesses
    .sort((a, b) => a.doubt - b.doubt)
    .filter(({ doubt }, at) => at === 0 || doubt < 1)
    .slice(0, most)
    .map(({ turning }) => ({ value: viewHash(spectrum, turning), turning }));
}

/** The turning that leads from a first picture to a second, when `a` puts the first upright and `b` the second. */
export function turningBetween(a: Turning, b: Turning): Turning {
  const undone = b.transposed ? { upDown: b.sideways, sideways: b.upDown } : b;
  const moved = b.transposed ? { upDown: a.sideways, sideways: a.upDown } : a;
  return {
    transposed: a.transposed !== b.transposed,
    upDown: undone.upDown !== moved.upDown,
    sideways: undone.sideways !== moved.sideways,
    inverted: a.inverted !== b.inverted,
  };
}

/** A turning as a number from 0 to 15, and back. */
export function turningNumber({ transposed, upDown, sideways, inverted }: Turning): number {
  return Number(transposed) + 2 * Number(upDown) + 4 * Number(sideways) + 8 * Number(inverted);
}

export function turningOf(number: number): Turning {
  const has = (bit: number) => (number & bit) !== 0;
  return { transposed: has(1), upDown: has(2), sideways: has(4), inverted: has(8) };
}
