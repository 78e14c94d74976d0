import { Parser } from "htmlparser2";

const SILENT: ReadonlySet<string> = new Set(["script", "style", "template", "head", "title", "blockquote"]);
const BLOCKS: ReadonlySet<string> = new Set(
  "address article br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul".split(" "),
);

/** The words of a document, without what it quotes. Nothing is loaded and nothing is run; one pass, whatever it holds. */
export function wordsOfHtml(html: string, most: number): string {
  let words = "";
  let silent = 0;
  const breakLine = () => {
    if (!words.endsWith("\n")) words += "\n";
  };
  const parser = new Parser({
    onopentag(name) {
      if (SILENT.has(name)) silent++;
      if (BLOCKS.has(name)) breakLine();
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent = Math.max(0, silent - 1);
      if (BLOCKS.has(name)) breakLine();
    },
    ontext(text) {
      if (silent === 0 && words.length < most) words += text;
    },
  });
  parser.end(html);
  return tidy(words.slice(0, most));
}

/** Text without control characters, runs of spaces and empty lines. */
export function tidy(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/[\p{Cs}\p{Co}]|(?![\n\t])\p{Cc}/gu, "")
    .replace(/[ \t\u00a0]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
