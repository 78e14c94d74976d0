import { wordsApart, wordsOf } from "../src/fingerprint.ts";
import { familyOf, MATCH_BITS, type Pixels, queriesOf } from "../src/index.ts";
import { chat, landscape } from "./drawings.ts";
import { chanceFrom, type EditOf, type Rgb, recompress } from "./edit-list.ts";
import { CURVES, EDITS } from "./edit-table.ts";
import { photos, type Use } from "./photos.ts";

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

type Subject = { readonly name: string; readonly picture: Rgb; readonly family: Hashes };

type Named = { readonly name: string; readonly picture: Rgb };

/** Pictures that PDQ can hash at all, each picture once: what is a copy of one taken before is left out. */
function subjectsOf(pictures: readonly Named[]): { subjects: Subject[]; plain: string[]; known: string[] } {
  const [subjects, plain, known]: [Subject[], string[], string[]] = [[], [], []];
  for (const { name, picture } of pictures) {
    const family = hashes(familyOf(pixels(picture)));
    const queries = hashes(queriesOf(pixels(picture)));
    if (family.pdq === null) plain.push(name);
    else if (subjects.some((one) => nearest(queries.all, one.family.all) <= MATCH_BITS)) known.push(name);
    else subjects.push({ name, picture, family });
  }
  return { subjects, plain, known };
}

async function edited(edit: EditOf, { picture }: Subject, seed: number): Promise<Rgb> {
  const chance = chanceFrom(seed + 17);
  return recompress(80)(await edit(picture, chance), chance);
}

/** Copies made at a time: more keep the decoder's threads busy. */
const AT_ONCE = 6;

/** Each subject with what its edited copy asks for. */
async function* copiesOf(edit: EditOf, subjects: readonly Subject[]): AsyncGenerator<[Subject, Hashes]> {
  for (let from = 0; from < subjects.length; from += AT_ONCE) {
    const some = subjects.slice(from, from + AT_ONCE);
    const copies = await Promise.all(some.map((subject, at) => edited(edit, subject, from + at)));
    for (const [at, subject] of some.entries()) {
      const copy = copies[at];
      if (copy !== undefined) yield [subject, hashes(queriesOf(pixels(copy)))];
    }
  }
}

/** `within` counts the pairs whose nearest hashes are at most 60, 70 and 80 bits apart: how fast false matches thin out. */
type Tally = {
  queries: number;
  uploads: number;
  pairs: number;
  falseMatches: number;
  nearest: number;
  within: [number, number, number];
};

const emptyTally = (): Tally => ({
  queries: 0,
  uploads: 0,
  pairs: 0,
  falseMatches: 0,
  nearest: 256,
  within: [0, 0, 0],
});

function countUnrelated(tally: Tally, query: Hashes, others: readonly Hashes[]): void {
  for (const family of others) {
    const bits = nearest(query.all, family.all);
    tally.pairs++;
    tally.falseMatches += Number(bits <= MATCH_BITS);
    tally.nearest = Math.min(tally.nearest, bits);
    for (const at of [0, 1, 2] as const) tally.within[at] += Number(bits <= 60 + 10 * at);
  }
}

type Lists = {
  readonly subjects: readonly Subject[];
  readonly others: readonly Subject[];
  /** Generated ones, which are edited as well. */
  readonly drawn: readonly Subject[];
};

/** Which of the subjects are found after an edit, and which of them by PDQ alone. */
async function findings(edit: EditOf, { subjects, others }: Omit<Lists, "drawn">, tally: Tally | null) {
  const [found, byPdq, missed]: [Subject[], Subject[], Subject[]] = [[], [], []];
  for await (const [subject, query] of copiesOf(edit, subjects)) {
    (nearest(query.all, subject.family.all) <= MATCH_BITS ? found : missed).push(subject);
    const { pdq } = subject.family;
    if (query.pdq !== null && pdq !== null && wordsApart(query.pdq, pdq) <= MATCH_BITS) byPdq.push(subject);
    if (tally === null) continue;
    tally.queries += query.all.length;
    tally.uploads++;
    const unrelated = others.filter((other) => other !== subject).map(({ family }) => family);
    countUnrelated(tally, query, unrelated);
  }
  return { found, byPdq, missed };
}

type Measured = { readonly row: EditRow; readonly missed: readonly string[] };

async function measured(name: string, edit: EditOf, lists: Lists, tally: Tally | null): Promise<Measured> {
  const { found, byPdq, missed } = await findings(edit, lists, tally);
  const pictures = lists.subjects.length;
  const [value, baseline] = [found.length / pictures, byPdq.length / pictures];
  const ratio = baseline === 0 ? null : value / baseline;
  const row = { name: `edit-${name}`, value, unit: "share", baseline, ratio, pictures };
  return { row, missed: missed.map((one) => one.name) };
}

/** The share of generated landscapes that is found after an edit. */
async function drawnShare(edit: EditOf, { drawn }: Lists): Promise<number> {
  const { found } = await findings(edit, { subjects: drawn, others: [] }, null);
  return found.length / drawn.length;
}

async function chatRow(): Promise<EditRow> {
  const chats = await Promise.all(Array.from({ length: 200 }, (_, seed) => chat(seed)));
  const families = chats.map((picture) => hashes(familyOf(pixels(picture))));
  const queries = chats.map((picture) => hashes(queriesOf(pixels(picture))));
  const tally = emptyTally();
  for (const [at, query] of queries.entries()) {
    const others = families.filter((_, other) => other !== at);
    countUnrelated(tally, query, others);
  }
  return falseRow("false-among-200-chats", tally);
}

function row(name: string, value: number, detail: Record<string, number | string>, unit = "matches"): EditRow {
  return { name, value, unit, baseline: 0, ratio: null, ...detail };
}

function falseRow(name: string, { falseMatches, pairs, nearest, within }: Tally): EditRow {
  const [within60, within70, within80] = within;
  return row(name, falseMatches, { pairs, nearest, within60, within70, within80 });
}

/** Invented landscapes, compared with every edited copy: together a million unrelated pairs and more. */
const LANDSCAPES = 240;
const QUICK_PICTURES = 60;
/** Of the generated landscapes, how many are edited as well. */
const EDITED_LANDSCAPES = 24;

/** As many as asked for, spread evenly over all. */
function spread<T>(all: readonly T[], most: number): T[] {
  const count = Math.min(most, all.length);
  return all.filter((_, at) => Math.floor(((at + 1) * count) / all.length) > Math.floor((at * count) / all.length));
}

async function listsOf(use: Use, quick: boolean): Promise<Lists & { rows: EditRow[] }> {
  const pictures = (await photos(use)).map(({ from, file, picture }) => ({
    name: `${from}/${file.split("/share/").at(-1) ?? file}`,
    picture,
  }));
  const { subjects, plain, known } = subjectsOf(pictures);
  const drawn = Array.from({ length: LANDSCAPES }, (_, seed) => ({ name: `${seed}`, picture: landscape(seed) }));
  const landscapes = subjectsOf(drawn).subjects;
  const left = { tooPlain: plain.length, repeated: known.length, leftOut: [...plain, ...known].join(" ") };
  return {
    subjects: quick ? spread(subjects, QUICK_PICTURES) : subjects,
    others: [...subjects, ...landscapes],
    drawn: spread(landscapes, EDITED_LANDSCAPES),
    rows: [row("edit-pictures", subjects.length, { set: use, ...left }, "pictures")],
  };
}

/** How found copies become fewer as an edit grows stronger. */
async function* curveRows(lists: Lists): AsyncGenerator<Measured> {
  for (const [name, { strengths, edit }] of Object.entries(CURVES)) {
    for (const strength of strengths) {
      const { row, missed } = await measured(`${name}-curve`, edit(strength), lists, null);
      yield { row: { ...row, strength, drawn: await drawnShare(edit(strength), lists) }, missed };
    }
  }
}

/** Measures edited copies and false matches on one set of pictures; yields each line as soon as it is known. */
export async function* editRows(use: Use, quick: boolean): AsyncGenerator<EditRow> {
  const { rows, ...lists } = await listsOf(use, quick);
  yield* rows;
  const tally = emptyTally();
  const plainly = emptyTally();
  await findings(recompress(80), lists, plainly);
  const shown = ({ row, missed }: Measured): EditRow =>
    use === "tuning" && missed.length > 0 ? { ...row, missed: missed.join(" ") } : row;
  for (const [name, edit] of Object.entries(EDITS)) {
    const line = shown(await measured(name, edit, lists, tally));
    yield { ...line, drawn: await drawnShare(edit, lists) };
  }
  for await (const one of curveRows(lists)) yield shown(one);
  const unedited = plainly.queries / plainly.uploads;
  yield row("edit-queries", tally.queries / tally.uploads, { uploads: tally.uploads, unedited }, "queries an upload");
  const fingerprints = lists.subjects.reduce((sum, { family }) => sum + family.all.length, 0) / lists.subjects.length;
  yield row("edit-fingerprints", fingerprints, { entries: lists.subjects.length }, "fingerprints an entry");
  yield falseRow("false-among-unrelated", tally);
  yield await chatRow();
}
