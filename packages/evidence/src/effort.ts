import { sha256 } from "@noble/hashes/sha2.js";

/**
 * A proof of work: `parts` numbers, each giving, hashed with the seed and its place, at least `bits` leading zero bits.
 * Many small parts instead of one large keep an unlucky phone near the mean.
 */
export type Challenge = { readonly seed: string; readonly bits: number; readonly parts: number };

/** Solves a challenge; about parts * 2^bits hashes. Runs in a worker. */
export function solve(challenge: Challenge): number[] {
  return Array.from({ length: challenge.parts }, (_, part) => {
    for (let tried = 0; ; tried++) if (isPartSolved(challenge, part, tried)) return tried;
  });
}

export function isSolved(challenge: Challenge, solution: readonly number[]): boolean {
  return solution.length === challenge.parts && solution.every((tried, part) => isPartSolved(challenge, part, tried));
}

function isPartSolved(challenge: Challenge, part: number, tried: number): boolean {
  const digest = sha256(new TextEncoder().encode(`jikim/effort/v1\n${challenge.seed}\n${part}\n${tried}`));
  return Math.clz32(new DataView(digest.buffer, digest.byteOffset).getUint32(0)) >= challenge.bits;
}
