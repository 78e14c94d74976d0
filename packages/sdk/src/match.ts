import {
  bitsApart,
  type Fingerprinted,
  fingerprint,
  lookup,
  MATCH_BITS,
  type Pixels,
  type Turn,
} from "@jikim/fingerprint";
import type { FollowedList } from "./list.ts";
import type { Entry } from "./wire.ts";

/** What to do with an upload, and why. */
export type Matched = {
  /** clear: publish · hold: keep it from view and let a person review · block: refuse it. */
  readonly verdict: "clear" | "hold" | "block";
  /** What blocks first, then the nearest. */
  readonly matches: readonly Match[];
  /** True when the picture is too plain to recognise: then `clear` says nothing. */
  readonly tooPlain: boolean;
  /** Keep it with the upload, in place of the picture, to match it again when the list changes. */
  readonly fingerprinted: Fingerprinted;
};

export type Match = {
  readonly entryId: string;
  readonly effect: Entry["effect"];
  readonly basis: Entry["basis"];
  readonly disputed: boolean;
  /** 0 to 31 of 256. */
  readonly bitsApart: number;
  /** How the upload was turned or mirrored against what is listed; `orig` when it was not. */
  readonly edit: Turn;
  /** Which part of the listed picture, or null when the whole. */
  readonly part: string | null;
};

/**
 * Matches a decoded picture, or its fingerprints from before, with every entry within 31 bits, also mirrored and turned.
 *
 * @throws {FingerprintRefusal} when the pixels have no fingerprint (under 5 pixels, malformed).
 */
export function matchPicture(list: FollowedList, picture: Pixels | Fingerprinted): Matched {
  const fingerprinted = "pdq" in picture ? picture : fingerprint(picture);
  const { tooPlain } = fingerprinted;
  if (tooPlain) return { verdict: "clear", matches: [], tooPlain, fingerprinted };
  const matches = [...nearest(list, fingerprinted)].flatMap(([entryId, turn]) => {
    const entry = list.entry(entryId);
    return entry === null ? [] : [describe(entry, turn, fingerprinted.dihedral[turn])];
  });
  matches.sort((a, b) => a.effect.localeCompare(b.effect) || a.bitsApart - b.bitsApart);
  return { verdict: matches[0]?.effect ?? "clear", matches, tooPlain, fingerprinted };
}

/** Entry id to the turn of the upload that comes nearest to it. */
function nearest(list: FollowedList, { dihedral }: Fingerprinted): Map<string, Turn> {
  const best = new Map<string, { turn: Turn; bits: number }>();
  for (const [turn, value] of Object.entries(dihedral) as [Turn, string][]) {
    for (const found of lookup(list.index, value, MATCH_BITS)) {
      const id = String(found.id);
      if (found.bitsApart < (best.get(id)?.bits ?? MATCH_BITS + 1)) best.set(id, { turn, bits: found.bitsApart });
    }
  }
  return new Map([...best].map(([id, { turn }]) => [id, turn]));
}

function describe(entry: Entry, edit: Turn, value: string): Match {
  const apart = entry.fingerprints.map((each) => ({ bits: bitsApart(each.value, value), part: each.part ?? null }));
  const closest = apart.reduce((a, b) => (b.bits < a.bits ? b : a));
  const { id: entryId, effect, basis, disputed } = entry;
  return { entryId, effect, basis, disputed, bitsApart: closest.bits, edit, part: closest.part };
}
