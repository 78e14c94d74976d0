import { fromBase64, toBase64 } from "./base64.ts";

/** A proof that goes with what it proves (C2SP tlog-proof): which leaf, the hashes up to the root, and the signed checkpoint. */
export type LogProof = {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The note as it was written, with its signatures. */
  readonly checkpoint: string;
};

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const LONGEST_PROOF = 200_000;

export function writeLogProof({ index, hashes, checkpoint }: LogProof): string {
  return [FIRST_LINE, `index ${index}`, ...hashes.map(toBase64), "", checkpoint].join("\n");
}

/** Null when it is no proof. Its `extra` line is read over: nothing vouches for it. */
export function readLogProof(text: string): LogProof | null {
  if (text.length > LONGEST_PROOF) return null;
  const end = text.indexOf("\n\n");
  if (end < 0) return null;
  const [first, ...rest] = text.slice(0, end).split("\n");
  const lines = rest[0]?.startsWith("extra ") ? rest.slice(1) : rest;
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(lines[0] ?? "") ?? [];
  const hashes = lines.slice(1).map(fromBase64);
  if (first !== FIRST_LINE || index === undefined || hashes.length > 63) return null;
  const whole = hashes.filter((hash) => hash?.length === 32);
  if (whole.length !== hashes.length || !Number.isSafeInteger(Number(index))) return null;
  return { index: Number(index), hashes: whole as Uint8Array[], checkpoint: text.slice(end + 2) };
}
