import { Parser } from "htmlparser2";

/** One element as it ends: its name without a prefix, its own text, its attributes. */
export type Element = {
  readonly name: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Names of the elements around it, outermost first. */
  readonly within: readonly string[];
};

const MOST_DEPTH = 64;
const LONGEST_TEXT = 8192;

/**
 * Walks through XML, element by element as they end. Only the five entities of XML and numbers are known: what a document declares
 * itself is never expanded, nothing is ever fetched, and depth and text are bounded.
 * @param visit  false ends the walk.
 */
export function walkXml(xml: string, visit: (element: Element) => boolean): void {
  const open: { name: string; text: string; attributes: Record<string, string> }[] = [];
  let done = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (done) return;
        if (open.length >= MOST_DEPTH) done = true;
        else open.push({ name: plainName(name), text: "", attributes });
      },
      ontext(text) {
        const last = open.at(-1);
        if (!done && last !== undefined && last.text.length < LONGEST_TEXT) last.text += text;
      },
      onclosetag() {
        const ended = done ? undefined : open.pop();
        if (ended === undefined) return;
        const text = ended.text.trim().slice(0, LONGEST_TEXT);
        done = !visit({ ...ended, text, within: open.map((one) => one.name) });
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  const PART = 1 << 16;
  for (let at = 0; at < xml.length && !done; at += PART) parser.write(xml.slice(at, at + PART));
  if (!done) parser.end();
}

function plainName(name: string): string {
  return name.slice(name.indexOf(":") + 1).toLowerCase();
}
