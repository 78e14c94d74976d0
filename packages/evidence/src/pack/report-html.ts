export type Language = "ko" | "en";
export type Said = Readonly<Record<Language, string>>;

/** A piece of a document: plain data, which nothing can be hidden in. */
export type Block =
  | { readonly kind: "paragraph"; readonly text: Said }
  /** Commands and the like, each on a line of its own. */
  | { readonly kind: "list"; readonly lines: readonly Said[] }
  | { readonly kind: "table"; readonly head: readonly Said[] | null; readonly rows: readonly (readonly Said[])[] }
  /** What somebody fills in by hand. */
  | { readonly kind: "blanks"; readonly names: readonly Said[] };

export type Section = { readonly title: Said; readonly blocks: readonly Block[] };

/** Text that is the same in every language, such as a number. */
export const same = (text: string): Said => ({ ko: text, en: text });
export const NONE: Said = { ko: "없음", en: "none" };

export const paragraph = (text: Said): Block => ({ kind: "paragraph", text });
export const list = (lines: readonly Said[]): Block => ({ kind: "list", lines });
export const blanks = (names: readonly Said[]): Block => ({ kind: "blanks", names });
/** @param head  null when the first column names the rows. */
export const table = (head: readonly Said[] | null, rows: readonly (readonly Said[])[]): Block => ({
  kind: "table",
  head,
  rows,
});

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of foreign pages stands in it, so everything is escaped, and marks that turn the direction of reading are shown as what they are. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "").replace(/(?![\t\n])[\p{Cc}\p{Cf}]/gu, codeOf);
}

const codeOf = (letter: string) => `[U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;

const STYLE = `@page{size:A4;margin:18mm 16mm}body{font:10pt/1.5 "Noto Sans CJK KR","Noto Sans KR",sans-serif;color:#111}
h1{font-size:17pt;margin:0 0 6mm}h2{font-size:12pt;margin:7mm 0 2mm;break-after:avoid}p{margin:0 0 2mm}
table{border-collapse:collapse;width:100%;margin:0 0 3mm;table-layout:auto}th,td{border:.2mm solid #999;padding:1mm 1.6mm;text-align:left;vertical-align:top;overflow-wrap:anywhere;min-width:14mm}
td:first-child{min-width:32mm}
th{background:#f0f0f0;font-weight:600}tr{break-inside:avoid}code{font:9pt/1.5 monospace;display:block;overflow-wrap:anywhere}
.blank{margin:4mm 0;border-bottom:.2mm solid #111;padding:0 0 1mm}`;

/** A page for printing: no script, no picture, no address of another host; the policy in it says so to the browser as well. */
export function documentHtml(title: Said, sections: readonly Section[], language: Language): string {
  const body = sections.map((section) => sectionHtml(section, language)).join("\n");
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title[language])}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title[language])}</h1>
${body}
</body>
</html>
`;
}

function sectionHtml({ title, blocks }: Section, language: Language): string {
  return `<section><h2>${escaped(title[language])}</h2>${blocks.map((block) => blockHtml(block, language)).join("")}</section>`;
}

function blockHtml(block: Block, language: Language): string {
  const say = (said: Said) => escaped(said[language]);
  switch (block.kind) {
    case "paragraph":
      return `<p>${say(block.text)}</p>`;
    case "list":
      return block.lines.map((line) => `<code>${say(line)}</code>`).join("");
    case "blanks":
      return block.names.map((name) => `<p class="blank">${say(name)}:</p>`).join("");
    case "table": {
      const cell = (name: "th" | "td", said: Said, scope = "") => `<${name}${scope}>${say(said)}</${name}>`;
      const head =
        block.head && `<thead><tr>${block.head.map((each) => cell("th", each, ' scope="col"')).join("")}</tr></thead>`;
      const rows = block.rows.map(([first, ...rest]) => {
        const lead =
          first === undefined ? "" : block.head === null ? cell("th", first, ' scope="row"') : cell("td", first);
        return `<tr>${lead}${rest.map((each) => cell("td", each)).join("")}</tr>`;
      });
      return `<table>${head ?? ""}<tbody>${rows.join("")}</tbody></table>`;
    }
  }
}
