import { Parser } from "htmlparser2";
import { type Ask, asksIn } from "./asks.ts";

/** What a page holds for a check. */
export type PageContent = {
  /** Addresses of its pictures as written, each once; `data:` addresses too. */
  readonly pictures: string[];
  /** Addresses of its films. */
  readonly films: string[];
  /** Addresses that it leads to, each once, in order. */
  readonly links: string[];
  /** There is something that cannot be looked into: a frame, a plug-in, a film that only a script loads, or a page of that kind. */
  readonly opaque: boolean;
  /** Only a script fills it. */
  readonly shell: boolean;
  /** It has scripts, which may show more than stands in it. */
  readonly scripted: boolean;
  readonly asks: Ask[];
};

const MOST_PICTURES = 5000;
const MOST_LINKS = 10_000;
const LONGEST_LINK = 2048;

/** Text that a page holds at least, for us to believe that it is more than a shell which a script fills. */
const LEAST_TEXT = 40;
const OPAQUE: ReadonlySet<string> = new Set(["iframe", "frame", "embed", "object", "canvas"]);
const PICTURE_META: ReadonlySet<string> = new Set(["og:image", "og:image:url", "og:image:secure_url", "twitter:image"]);
const SILENT: ReadonlySet<string> = new Set(["script", "style", "template", "noscript"]);

/** Reads the pictures of a page without running anything in it. */
export function readPage(html: string): PageContent {
  const [pictures, films, links] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const words: string[] = [];
  const seen = { password: false, opaque: false, script: false, style: false, text: 0, silent: 0, film: 0, films: 0 };
  const parser = new Parser({
    onopentag(name, attributes) {
      for (const address of picturesOf(name, attributes)) pictures.add(address);
      for (const address of backgroundsOf(attributes.style ?? "")) pictures.add(address);
      if (OPAQUE.has(name)) seen.opaque = true;
      if (name === "video") seen.film++;
      if (seen.film > 0 && (name === "video" || name === "source"))
        for (const film of filmsOf(attributes)) films.add(film);
      const { href = "" } = attributes;
      if ((name === "a" || name === "area") && href !== "" && href.length <= LONGEST_LINK) links.add(href);
      if (name === "input" && attributes.type?.toLowerCase() === "password") seen.password = true;
      for (const said of [attributes.value, attributes.alt, attributes.placeholder]) if (said) words.push(said);
      if (name === "script") seen.script = true;
      if (name === "style") seen.style = true;
      if (SILENT.has(name)) seen.silent++;
    },
    onclosetag(name) {
      if (name === "style") seen.style = false;
      if (name === "video") {
        // Each film has an address of its own, or what plays in it cannot be known.
        if (films.size <= seen.films) seen.opaque = true;
        seen.films = films.size;
        seen.film--;
      }
      if (SILENT.has(name)) seen.silent--;
    },
    ontext(text) {
      if (seen.silent === 0) {
        seen.text += text.trim().length;
        words.push(text);
      }
      if (seen.style) for (const address of backgroundsOf(text)) pictures.add(address);
    },
  });
  parser.end(html);
  const shell = seen.script && pictures.size === 0 && seen.text < LEAST_TEXT;
  const opaque = seen.opaque || shell || seen.film > 0 || pictures.size > MOST_PICTURES;
  return {
    ...{ pictures: [...pictures].slice(0, MOST_PICTURES), films: [...films], links: [...links].slice(0, MOST_LINKS) },
    ...{ opaque, shell, scripted: seen.script, asks: asksIn(words.join(" "), seen) },
  };
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

/** A film that a script puts together in the browser has no address that could be fetched. */
function filmsOf({ src, "data-src": later }: Attributes): string[] {
  return written(src, later).filter(
    (address) => !/^(blob|data|mediastream):/i.test(address) && address.length <= LONGEST_LINK,
  );
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
