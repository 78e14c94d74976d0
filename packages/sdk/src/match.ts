import {
  bitsApart,
  type Edit,
  type Fingerprinted,
  fingerprint,
  lookup,
  MATCH_BITS,
  MIN_QUALITY,
  matchFamilies,
  type Pixels,
  type Query,
  queriesOf,
  type Turn,
} from "@jikim/fingerprint";
import type { FollowedList } from "./list.ts";
import type { Entry } from "./wire.ts";

/** What is kept of an upload to match it again when the list changes: fingerprints, never pixels. Plain JSON. */
export type Uploaded = Fingerprinted & {
  /** What is looked up beside the hash itself: the picture without borders, bars and frames, and its parts. */
  readonly queries: readonly Query[];
};

/** What to do with an upload, and why. */
export type Matched = {
  /** clear: publish · hold: keep it from view and let a person review · block: refuse it. */
  readonly verdict: "clear" | "hold" | "block";
  /** What blocks first, then the nearest. */
  readonly matches: readonly Match[];
  /** True when the picture is too plain to recognise: then `clear` says nothing. */
  readonly tooPlain: boolean;
  /** Keep it with the upload, in place of the picture, to match it again when the list changes. */
  readonly uploaded: Uploaded;
};

export type Match = {
  readonly entryId: string;
  readonly effect: Entry["effect"];
  readonly basis: Entry["basis"];
  readonly disputed: boolean;
  /** 0 to 31 of 256. */
  readonly bitsApart: number;
  /** What was done to the listed picture before it was uploaded; empty when it was resized or recompressed at most. */
  readonly edits: readonly Edit[];
  /** Which part or view of the listed picture met the upload, or null when the whole. */
  readonly part: string | null;
};

/**
 * The fingerprints of an upload. About five look-ups beside the eight ways to turn it.
 *
 * @throws {FingerprintRefusal} when the pixels have no fingerprint (under 5 pixels, malformed).
 */
export function fingerprintUpload(pixels: Pixels): Uploaded {
  return { ...fingerprint(pixels), queries: queriesOf(pixels) };
}

/**
 * Matches a decoded picture, or what was kept of one, with every entry within 31 bits: also turned, mirrored, cropped, framed
 * or covered in part.
 *
 * @throws {FingerprintRefusal} as `fingerprintUpload`.
 */
export function matchPicture(list: FollowedList, picture: Pixels | Uploaded): Matched {
  const uploaded = "pdq" in picture ? picture : fingerprintUpload(picture);
  const { tooPlain } = uploaded;
  const matches = [...entriesNear(list, uploaded)].flatMap((entryId) => {
    const entry = list.entry(entryId);
    const match = entry === null ? null : describe(entry, uploaded);
    return match === null ? [] : [match];
  });
  matches.sort((a, b) => a.effect.localeCompare(b.effect) || a.bitsApart - b.bitsApart);
  return { verdict: matches[0]?.effect ?? "clear", matches, tooPlain, uploaded };
}

/** A plain picture's own hash says nothing; what is left of it within its borders may. */
function hashesOf({ tooPlain, dihedral, queries }: Uploaded): Set<string> {
  return new Set([...(tooPlain ? [] : Object.values(dihedral)), ...queries.map((query) => query.value)]);
}

function entriesNear(list: FollowedList, uploaded: Uploaded): Set<string> {
  const found = [...hashesOf(uploaded)].flatMap((value) => lookup(list.index, value, MATCH_BITS));
  return new Set(found.map(({ id }) => String(id)));
}

type Meeting = Pick<Match, "bitsApart" | "edits" | "part">;

/** The meeting that needs the fewest edits, then the nearest; null when the entry changed since it was looked up. */
function describe(entry: Entry, uploaded: Uploaded): Match | null {
  const family = matchFamilies(uploaded.queries, entry.fingerprints);
  const viewed: Meeting[] =
    family === null
      ? []
      : [{ bitsApart: family.bitsApart, edits: family.edits, part: family.fingerprint.part ?? null }];
  const meetings = [...viewed, ...turnedMeetings(entry, uploaded)];
  const [best] = meetings.sort((a, b) => a.edits.length - b.edits.length || a.bitsApart - b.bitsApart);
  const { id: entryId, effect, basis, disputed } = entry;
  return best === undefined ? null : { entryId, effect, basis, disputed, ...best };
}

/** Lists from elsewhere and frames of films hold plain hashes alone: a turned copy meets them by its own turned hashes. */
function turnedMeetings(entry: Entry, { tooPlain, dihedral }: Uploaded): Meeting[] {
  if (tooPlain) return [];
  return (Object.entries(dihedral) as [Turn, string][]).flatMap(([turn, value]) =>
    entry.fingerprints.flatMap((each): Meeting[] => {
      const bits = bitsApart(each.value, value);
      if (each.kind === "view" || each.quality < MIN_QUALITY || bits > MATCH_BITS) return [];
      return [{ bitsApart: bits, edits: editsOf(turn), part: each.part ?? null }];
    }),
  );
}

function editsOf(turn: Turn): Edit[] {
  if (turn === "orig") return [];
  return turn.startsWith("rot")
    ? ["turned"]
    : turn === "flipx" || turn === "flipy"
      ? ["mirrored"]
      : ["mirrored", "turned"];
}
