/** Pictures in a text that no single run gives away: bytes written as letters with a few escapes, or base64 scattered in small pieces. */

/** A character that no text has, as itself or escaped: in bytes without order one in nine is. */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\\u00[01][0-9a-f]|\\x[01][0-9a-f]|&#(?:\d|[12]\d|3[01]|x1?[0-9a-f]);|[\0-\x08\x0e-\x1a\x1c-\x1f]/gi;
/** A letter that no byte is written as. */
const WIDE = /[^\0-\xff]/;
/** So many of them near one another are no accident. */
const LEAST = 8;
/** Letters between two of them, and what is taken with the first and the last. */
const NEAR = 160;

type Span = { from: number; to: number; count: number };

/** A text with each stretch that may be bytes, letter for letter with a few escapes, replaced. One pass, whatever the text. */
export function replaceStray(text: string, replace: (found: string) => string): string {
  const spans: Span[] = [];
  for (const { 0: found, index } of text.matchAll(CONTROL)) {
    const last = spans.at(-1);
    const end = index + found.length;
    if (last !== undefined && index - last.to <= NEAR && !WIDE.test(text.slice(last.to, index))) {
      last.to = end;
      last.count += 1;
    } else spans.push({ from: index, to: end, count: 1 });
  }
  let [left, at] = ["", 0];
  for (const span of spans.filter(({ count }) => count >= LEAST)) {
    const before = text.slice(Math.max(at, span.from - NEAR), span.from);
    const from = span.from - (/[\0-\xff]*$/.exec(before)?.[0].length ?? 0);
    const to = span.to + (/^[\0-\xff]*/.exec(text.slice(span.to, span.to + NEAR))?.[0].length ?? 0);
    const start = Math.max(at, from);
    left += text.slice(at, start) + replace(text.slice(start, to));
    at = to;
  }
  return left + text.slice(at);
}

/** A script names such characters one by one, in plain letters; of a picture's bytes about half lie above them. */
const MOST_PLAIN = 0.8;

export function looksLikeBytes(found: string): boolean {
  const bytes = bytesOfText(found);
  const high = bytes.reduce((count, byte) => count + (byte >= 0x80 || byte < 0x20 ? 1 : 0), 0);
  return bytes.length >= 64 && high > (1 - MOST_PLAIN) * bytes.length;
}

/** The bytes of a text in which each stands for itself or as an escape. */
export function bytesOfText(found: string): Buffer {
  const plain = found
    .replace(/(?:\\x|\\u00|%|=)([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/&#(?:x([0-9a-f]{1,2})|(\d{1,3}));/gi, (_, hex, number) =>
      String.fromCharCode(hex === undefined ? Number(number) & 0xff : Number.parseInt(hex, 16)),
    )
    .replace(/\\([nrtbfv0])/g, (_, name: string) => ESCAPED[name] ?? "");
  return Buffer.from(plain, "latin1");
}

const ESCAPED: Readonly<Record<string, string>> = {
  ...{ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", "0": "\0" },
};

/** Pieces of base64 shorter than this are too few bytes for a picture of any use. */
const PIECE = /[A-Za-z0-9+/]{20,}={0,2}/g;
/** So much of it in one body is more than tokens and names of files come to. Ours: a small picture of a person takes some 2 kB. */
const MOST_SCATTERED = 2048;

/** Pieces of a text that look like base64, when they are more than a page has by itself. */
export function scatteredRuns(text: string): readonly string[] {
  const runs = (text.match(PIECE) ?? []).filter(isShuffled);
  const letters = runs.reduce((sum, run) => sum + run.length, 0);
  return letters > MOST_SCATTERED ? runs : [];
}

/** Capitals, small letters and digits follow one another without order: in base64 about two times of three, in words and names seldom. */
function isShuffled(run: string): boolean {
  const kinds = [...run].map((letter) =>
    /[a-z]/.test(letter) ? 1 : /[A-Z]/.test(letter) ? 2 : /\d/.test(letter) ? 3 : 4,
  );
  const changes = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
  return new Set(kinds).size > 2 && changes > 0.45 * run.length;
}
