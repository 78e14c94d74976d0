import { Parser } from "htmlparser2";

/** What a page holds for a check. */
export type PageContent = {
  /** Addresses of its pictures as written, each once; `data:` addresses too. */
  readonly pictures: readonly string[];
  /** There is something that a check cannot look into: a frame, a film, a plug-in, or a page that only a script fills. */
  readonly opaque: boolean;
};

/** Text that a page holds at least, for us to believe that it is more than a shell which a script fills. */
const LEAST_TEXT = 40;
const OPAQUE: ReadonlySet<string> = new Set(["iframe", "frame", "embed", "object", "video", "canvas"]);
const PICTURE_META: ReadonlySet<string> = new Set(["og:image", "og:image:url", "og:image:secure_url", "twitter:image"]);
const SILENT: ReadonlySet<string> = new Set(["script", "style", "template"]);

/** Reads the pictures of a page without running anything in it. */
export function readPage(html: string): PageContent {
  const pictures = new Set<string>();
  const seen = { opaque: false, script: false, style: false, text: 0, silent: 0 };
  const parser = new Parser({
    onopentag(name, attributes) {
      for (const address of picturesOf(name, attributes)) pictures.add(address);
      for (const address of backgroundsOf(attributes.style ?? "")) pictures.add(address);
      if (OPAQUE.has(name)) seen.opaque = true;
      if (name === "script") seen.script = true;
      if (name === "style") seen.style = true;
      if (SILENT.has(name)) seen.silent++;
    },
    onclosetag(name) {
      if (name === "style") seen.style = false;
      if (SILENT.has(name)) seen.silent--;
    },
    ontext(text) {
      if (seen.silent === 0) seen.text += text.trim().length;
      if (seen.style) for (const address of backgroundsOf(text)) pictures.add(address);
    },
  });
  parser.end(html);
  const shell = seen.script && pictures.size === 0 && seen.text < LEAST_TEXT;
  return { pictures: [...pictures], opaque: seen.opaque || shell };
}

type Attributes = Readonly<Record<string, string>>;

function picturesOf(name: string, attributes: Attributes): string[] {
  const { src, srcset, poster, content, property, href } = attributes;
  if (name === "img") return written(src, attributes["data-src"], attributes["data-original"], ...largest(srcset));
  if (name === "source") return written(...largest(srcset));
  if (name === "video") return written(poster);
  if (name === "input" && attributes.type === "image") return written(src);
  if (name === "image") return written(href, attributes["xlink:href"]);
  if (name === "meta" && PICTURE_META.has(property ?? attributes.name ?? "")) return written(content);
  return [];
}

/**
 * Addresses of pictures that a style paints; fonts and further style sheets are none. Whoever made the page chose it, so the
 * pattern never looks at a character twice.
 */
function backgroundsOf(style: string): string[] {
  const addresses = [
    ...style.matchAll(/(?<!@import\s{0,5})url\(\s{0,9}(?:"([^"]*)"|'([^']*)'|([^()"'\s]*))\s{0,9}\)/gi),
  ];
  return written(...addresses.map(([, double, single, bare]) => double ?? single ?? bare)).filter(
    (address) => !/\.(woff2?|ttf|otf|eot|css)([?#]|$)|^data:(font|application\/(x-)?font)|^#/i.test(address),
  );
}

/** The last candidate of a srcset, by custom the largest: all of them are one picture. */
function largest(srcset: string | undefined): string[] {
  const last = srcset?.split(/,\s+/).at(-1)?.trim().split(/\s+/)[0];
  return last === undefined ? [] : [last];
}

function written(...addresses: (string | undefined)[]): string[] {
  return addresses.flatMap((address) => (address?.trim() ? [address.trim()] : []));
}
