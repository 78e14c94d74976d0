import type { Parts, Section } from "./parts.ts";
import { escapeHtml } from "./plain.ts";

/** A notice as plain text: short lines a worker can scan. */
export function asText({ title, reference, to, lead, sections }: Parts): string {
  const blocks = sections.map((section) => [`■ ${section.heading}`, ...textLines(section)].join("\n"));
  return [`${title}\n${reference}`, to, lead, ...blocks].join("\n\n");
}

function textLines(section: Section): readonly string[] {
  if (section.kind === "rows") return section.rows.map(({ label, value }) => `${label}: ${value}`);
  if (section.kind === "numbered") return section.lines.map((line, at) => `${at + 1}. ${line}`);
  return section.lines.map((line) => `- ${line}`);
}

/** NanumGothic first: a TrueType font, which Chromium embeds as a font. */
const SANS = 'NanumGothic, "Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", sans-serif';
/** Tells l from 1 and I in an address. */
const MONO = 'NanumGothicCoding, "Noto Sans Mono CJK KR", Consolas, monospace';
const STYLE = `
@page { size: A4; margin: 17mm 18mm 18mm; @bottom-center { content: counter(page) " / " counter(pages); font: 8pt ${SANS}; color: #555 } }
body { margin: 0; font: 10.5pt/1.5 ${SANS}; color: #111; word-break: keep-all }
main { max-width: 174mm }
h1 { margin: 0 0 1.5mm; padding-bottom: 2mm; border-bottom: 1.5pt solid #111; font-size: 16pt; line-height: 1.3 }
h2 { margin: 4.5mm 0 1.5mm; font-size: 10.5pt; break-after: avoid }
p { margin: 0 0 2mm }
p.reference { margin-bottom: 4mm; font-size: 8.5pt; color: #444 }
ol, ul { margin: 0; padding-left: 6mm }
ol { padding-left: 9mm; font: 9.5pt/1.45 ${MONO} }
ol { word-break: break-all }
li { margin: 0 0 .8mm; overflow-wrap: anywhere }
section.rows { break-inside: avoid }
table { width: calc(100% - 1pt); border-collapse: collapse }
th, td { padding: .9mm 2mm; border: .5pt solid #999; vertical-align: top; text-align: left }
th { width: 36mm; background: #f2f2f2; font-weight: 600 }
td { overflow-wrap: anywhere }
tr { break-inside: avoid }
`;

/** The same as one HTML document, for mail and for the PDF letter. No link, script, picture or outside file. */
export function asHtml({ title, reference, to, lead, sections }: Parts, language: "ko" | "en"): string {
  const body = sections.map((section) => sectionHtml(section));
  return [
    "<!doctype html>",
    `<html lang="${language}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="reference">${escapeHtml(reference)}</p>`,
    `<p>${escapeHtml(to)}</p>`,
    `<p>${escapeHtml(lead)}</p>`,
    ...body,
    "</main></body></html>",
  ].join("\n");
}

function sectionHtml(section: Section): string {
  const heading = `<h2>${escapeHtml(section.heading)}</h2>`;
  return `<section class="${section.kind}">\n${heading}\n${htmlOf(section)}\n</section>`;
}

function htmlOf(section: Section): string {
  if (section.kind === "rows") {
    const rows = section.rows.map(
      ({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
    );
    return `<table><tbody>\n${rows.join("\n")}\n</tbody></table>`;
  }
  const tag = section.kind === "numbered" ? "ol" : "ul";
  return `<${tag}>\n${section.lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("\n")}\n</${tag}>`;
}
