/** Markup that is safe to send: every value in it was escaped. */
export type Html = { readonly markup: string };

type Value = string | number | Html | readonly Html[];

/** A template whose values are escaped; markup inside it stays markup. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: parts.reduce((text, part, at) => text + show(values[at - 1] ?? "") + part) };
}

export const nothing: Html = { markup: "" };

function show(value: Value): string {
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  if ("markup" in value) return value.markup;
  return value.map((each) => each.markup).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter);
}
