import { wordsApart, wordsOf } from "../src/fingerprint.ts";
import { familyOf, MATCH_BITS, type Pixels, queriesOf } from "../src/index.ts";
import { chanceFrom, type EditOf, type Rgb, recompress } from "./edit-list.ts";
import { chat, landscape, realPictures } from "./edit-pictures.ts";
import { EDITS } from "./edit-table.ts";

/** One line of the benchmark; `baseline` is PDQ alone on the same pictures, measured in the same run. */
export type EditRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number;
  readonly ratio: number | null;
  readonly [detail: string]: number | string | null;
};

/** Hashes as words, with the plain PDQ apart. */
type Hashes = { readonly all: readonly Uint32Array[]; readonly pdq: Uint32Array | null };

function hashes(list: readonly { kind: string; value: string; quality: number }[]): Hashes {
  const rich = list.filter(({ quality }) => quality >= 50);
  const pdq = rich.find(({ kind }) => kind === "pdq");
  return { all: rich.map(({ value }) => wordsOf(value)), pdq: pdq === undefined ? null : wordsOf(pdq.value) };
}

const pixels = (picture: Rgb): Pixels => ({ ...picture, channels: 3 });

function nearest(a: readonly Uint32Array[], b: readonly Uint32Array[]): number {
  let least = 256;
  for (const one of a) for (const other of b) least = Math.min(least, wordsApart(one, other));
  return least;
}

type Subject = { readonly picture: Rgb; readonly family: Hashes };

/** Pictures that PDQ can hash at all, each picture once: what is a copy of one taken before is left out. */
function subjectsOf(pictures: readonly Rgb[]): Subject[] {
  const subjects: Subject[] = [];
  for (const picture of pictures) {
    const family = hashes(familyOf(pixels(picture)));
    const queries = hashes(queriesOf(pixels(picture)));
    const known = subjects.some((one) => nearest(queries.all, one.family.all) <= MATCH_BITS);
    if (family.pdq !== null && !known) subjects.push({ picture, family });
  }
  return subjects;
}

async function edited(edit: EditOf, { picture }: Subject, seed: number): Promise<Hashes> {
  const chance = chanceFrom(seed + 17);
  const changed = await recompress(80)(await edit(picture, chance), chance);
  return hashes(queriesOf(pixels(changed)));
}

type Tally = { queries: number; uploads: number; pairs: number; falseMatches: number; nearest: number };

function countUnrelated(tally: Tally, query: Hashes, others: readonly Hashes[]): void {
  for (const family of others) {
    const bits = nearest(query.all, family.all);
    tally.pairs++;
    tally.falseMatches += Number(bits <= MATCH_BITS);
    tally.nearest = Math.min(tally.nearest, bits);
  }
}

type Lists = { readonly subjects: readonly Subject[]; readonly others: readonly Subject[] };

async function editRow(name: string, { subjects, others }: Lists, tally: Tally): Promise<EditRow> {
  const edit = EDITS[name] ?? recompress(80);
  let [found, byPdq] = [0, 0];
  for (const [at, subject] of subjects.entries()) {
    const query = await edited(edit, subject, at);
    tally.queries += query.all.length;
    tally.uploads++;
    found += Number(nearest(query.all, subject.family.all) <= MATCH_BITS);
    const { pdq } = subject.family;
    byPdq += Number(query.pdq !== null && pdq !== null && wordsApart(query.pdq, pdq) <= MATCH_BITS);
    const unrelated = others.filter((other) => other !== subject).map(({ family }) => family);
    countUnrelated(tally, query, unrelated);
  }
  const [value, baseline] = [found / subjects.length, byPdq / subjects.length];
  const ratio = baseline === 0 ? null : value / baseline;
  return { name: `edit-${name}`, value, unit: "share", baseline, ratio, pictures: subjects.length };
}

async function chatRow(): Promise<EditRow> {
  const chats = await Promise.all(Array.from({ length: 200 }, (_, seed) => chat(seed)));
  const families = chats.map((picture) => hashes(familyOf(pixels(picture))));
  const queries = chats.map((picture) => hashes(queriesOf(pixels(picture))));
  const tally: Tally = { queries: 0, uploads: 0, pairs: 0, falseMatches: 0, nearest: 256 };
  for (const [at, query] of queries.entries()) {
    const others = families.filter((_, other) => other !== at);
    countUnrelated(tally, query, others);
  }
  return row("false-among-200-chats", tally.falseMatches, { pairs: tally.pairs, nearest: tally.nearest });
}

function row(name: string, value: number, detail: Record<string, number>, unit = "matches"): EditRow {
  return { name, value, unit, baseline: 0, ratio: null, ...detail };
}

/** Invented landscapes, compared with every edited copy: together a million unrelated pairs and more. */
const LANDSCAPES = 240;
const QUICK_PICTURES = 60;

/** Measures edited copies and false matches; yields each line as soon as it is known. */
export async function* editRows(quick: boolean): AsyncGenerator<EditRow> {
  const real = subjectsOf((await realPictures()).map(({ picture }) => picture));
  const drawn = subjectsOf(Array.from({ length: LANDSCAPES }, (_, seed) => landscape(seed)));
  const lists = { subjects: quick ? real.slice(0, QUICK_PICTURES) : real, others: [...real, ...drawn] };
  const tally: Tally = { queries: 0, uploads: 0, pairs: 0, falseMatches: 0, nearest: 256 };
  for (const name of Object.keys(EDITS)) yield await editRow(name, lists, tally);
  yield row("edit-queries", tally.queries / tally.uploads, { uploads: tally.uploads }, "queries an upload");
  const fingerprints = real.reduce((sum, { family }) => sum + family.all.length, 0) / real.length;
  yield row("edit-fingerprints", fingerprints, { entries: real.length }, "fingerprints an entry");
  yield row("false-among-unrelated", tally.falseMatches, { pairs: tally.pairs, nearest: tally.nearest });
  yield await chatRow();
}
