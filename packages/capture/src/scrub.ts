import { isMedia } from "./media.ts";
import { bytesOfText, looksLikeBytes, replaceStray, scatteredRuns } from "./stray.ts";

/** A piece that was cut out of a text: bytes as they would be shown. */
export type Cut = { readonly bytes: Buffer; readonly type: string };
export type Scrubbed = { readonly text: string; readonly cuts: readonly Cut[] };

/** Unbroken runs of so many characters go whatever they hold: nobody can tell what an encrypted picture is. */
const OPAQUE_LENGTH = 512;
/** Long enough to begin as a picture. */
const SNIFF_LENGTH = 16;

const LETTERS = "[A-Za-z0-9+/_-]";
/** In quoted JSON and scripts a slash may be written as \/ or \u002f, in addresses as %2F. */
const LETTER = `(?:${LETTERS}|\\\\/|\\\\u00[23][bfdBFD]|%2[BFbf])`;
/** What stands between the pieces of one run that was broken up: line ends, commas, quotes with a plus sign between. */
const BREAK = "(?:[\"'`]\\s*\\+\\s*[\"'`]|\\\\[nrt]|[\\s\"'`,;]){1,12}";

const DATA_ADDRESS =
  /data(?::|%3a|\\u003a|&colon;|&#58;|&#x3a;)\s*(?:image|video|audio|font|application\/(?:octet-stream|pdf|font|x-font|wasm|vnd))[^"'`)<>\s\\]{0,200}?(?:,|%2c)(?:(?:\\["'nrt/]|\\u[0-9a-f]{4})|[^"'`)<>\\])*/gi;
const BROKEN_RUN = new RegExp(`(?<!${LETTERS})(?:${LETTERS}{40,}={0,2}${BREAK}){7,}(?:${LETTERS}+={0,2})?`, "g");
const RUN = new RegExp(`${LETTER}{${SNIFF_LENGTH},}(?:=|%3[dD]|\\\\u003d){0,2}`, "g");
/** Bytes as numbers: in a list by any mark, also one of short lists, or each with its index, whose quotes HTML may write as entities. */
const NUMBERS =
  /(?:\b(?:0x[0-9a-f]{1,2}|\d{1,3})\b\]?\s?[\s,;|]\s?\[?){64,}\d{0,3}|(?:(?:["']|&quot;|&#34;)?\d{1,8}(?:["']|&quot;|&#34;)?\s?:\s?\d{1,3}\s?,\s?){64,}/gi;
/** Bytes as pairs of hex digits, or colours as three of them, one by one. */
const PAIRS =
  /(?:["']?\b[0-9a-f]{2}\b["']?[\s,:;-]{1,3}){64,}(?:[0-9a-f]{2})?|(?:["']?#?\b[0-9a-f]{6}\b["']?[\s,;]{1,3}){32,}/gi;
const ESCAPE = "(?:(?:\\\\x|\\\\u00|%|=)[0-9a-f]{2}|&#(?:\\d{1,3}|x[0-9a-f]{1,2});|\\\\[nrtbfv0\"'])";
const ESCAPES = new RegExp(`(?:${ESCAPE}[^\\\\%"'\\n]{0,2}){64,}`, "gi");

/**
 * Takes out of a text whatever may be a picture, a film or a sound: data addresses, base64 and hex whole or broken into lines, bytes as numbers
 * or escapes. What it takes is handed over for digesting; a mark of its length is left.
 */
export function scrub(text: string): Scrubbed {
  const cuts: Cut[] = [];
  const cut = (bytes: Buffer, type: string) => {
    cuts.push({ bytes, type });
    return `jikim-cut-${bytes.length}`;
  };
  const left = text
    .replace(DATA_ADDRESS, (found) => `${GREY}#${cut(bytesOfAddress(found), typeOfAddress(found))}`)
    .replace(NUMBERS, (found) => cut(bytesOfNumbers(found), "text/x-numbers"))
    .replace(PAIRS, (found) => cut(Buffer.from(found.replace(/[^0-9a-f]/gi, ""), "hex"), "text/x-numbers"))
    .replace(BROKEN_RUN, (found) => cut(bytesOfRun(found), "text/x-base64"))
    .replace(RUN, (found) => {
      const bytes = bytesOfRun(found);
      return found.length >= OPAQUE_LENGTH || isHidden(found, bytes) ? cut(bytes, "text/x-base64") : found;
    })
    .replace(ESCAPES, (found) => (isUrlText(found) ? found : cut(bytesOfEscapes(found), "text/x-escapes")));
  // Last, since where these begin and end is a guess.
  const unstrayed = replaceStray(left, (found) =>
    looksLikeBytes(found) ? cut(bytesOfText(found), "text/x-escapes") : found,
  );
  const runs = scatteredRuns(unstrayed);
  const whole =
    runs.length === 0
      ? unstrayed
      : unstrayed.replace(RUN, (run) => (runs.includes(run) ? cut(bytesOfRun(run), "text/x-base64") : run));
  return { text: whole, cuts };
}

const GREY = "data:,";

/** Words happen to decode to the short marks of some formats: only sure ones count in what is short. */
function isHidden(found: string, bytes: Buffer): boolean {
  if (found.length < 64)
    return /^(iVBORw0KGgo|\/9j\/4|\\\/9j|R0lGODlh|R0lGODdh|UklGR|89504e470d|ffd8ff|47494638)/i.test(found);
  return isMedia(bytes);
}

/** Korean in an address is escaped too: what reads as UTF-8 text without control characters is left. */
function isUrlText(found: string): boolean {
  if (!/^[^\\]*%/.test(found)) return false;
  try {
    return !hasControls(decodeURIComponent(found.replace(/%(?![0-9a-f]{2})/gi, "")));
  } catch {
    return false;
  }
}

function bytesOfRun(found: string): Buffer {
  const joined = found.replace(/["'`]\s*\+\s*["'`]/g, "");
  const plain = unescaped(joined).replace(/[^A-Za-z0-9+/_=-]/g, "");
  return /^[0-9a-f]+$/i.test(plain) ? Buffer.from(plain, "hex") : Buffer.from(plain, "base64");
}

function unescaped(text: string): string {
  return text
    .replace(/\\u00([0-9a-f]{2})|%([0-9a-f]{2})/gi, (_, one, two) =>
      String.fromCharCode(Number.parseInt(one ?? two, 16)),
    )
    .replace(/\\[nrt]/g, "");
}

function bytesOfNumbers(found: string): Buffer {
  return Buffer.from(
    (
      found
        .replace(/&quot;|&#34;/g, "")
        .replace(/["']?\d{1,8}["']?\s?:/g, "")
        .match(/0x[0-9a-f]+|\d+/gi) ?? []
    ).map(Number),
  );
}

function bytesOfEscapes(found: string): Buffer {
  return bytesOfText(found);
}

function typeOfAddress(found: string): string {
  return /(image|video|audio|font|application)\/[\w.+-]+/i.exec(found)?.[0].toLowerCase() ?? "application/octet-stream";
}

function bytesOfAddress(found: string): Buffer {
  const at = found.search(/,|%2c/i);
  const [head, rest] = [found.slice(0, at), unescaped(found.slice(at).replace(/^(,|%2c)/i, ""))];
  return /base64/i.test(head)
    ? Buffer.from(rest.replace(/[^A-Za-z0-9+/_=-]/g, ""), "base64")
    : Buffer.from(rest, "latin1");
}

/** Characters that no text has (C0 but tab, line feed, form feed, carriage return and escape): in bytes without order one in nine. */
export function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(text);
}
