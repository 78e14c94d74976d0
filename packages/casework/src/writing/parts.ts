import type { Ground } from "../laws/law.ts";
import { ENGLISH } from "./english.ts";
import { assertedGround, givenName, temporaryMeasure } from "./fields.ts";
import { KOREAN } from "./korean.ts";
import { onePlainLine, plainPlace } from "./plain.ts";
import type { Ask, Words } from "./words.ts";
import type { Declaration, WritingFacts } from "./written.ts";

export const WORDS: Readonly<Record<"ko" | "en", Words>> = { ko: KOREAN, en: ENGLISH };

export type Section =
  | { readonly kind: "sentences"; readonly heading: string; readonly lines: readonly string[] }
  | { readonly kind: "numbered"; readonly heading: string; readonly lines: readonly string[] }
  | {
      readonly kind: "rows";
      readonly heading: string;
      readonly rows: readonly { readonly label: string; readonly value: string }[];
    };

/** A notice before it becomes text or HTML: every string is one line, cleaned of what cannot be printed. */
export type Parts = {
  readonly subject: string;
  readonly title: string;
  /** Number and day. */
  readonly reference: string;
  readonly to: string;
  readonly lead: string;
  readonly sections: readonly Section[];
};

/** The most places that stand before the reasons. Ours. */
const MOST_PLACES_FIRST = 12;

export function partsOf(facts: WritingFacts, declarations: readonly Declaration[]): Parts {
  const words = WORDS[facts.card.language];
  const ask = askOf(facts, words);
  const urgent = facts.minor ? ` · ${words.first}` : "";
  const centre = onePlainLine(facts.centre.name[facts.card.language]);
  const where = places(facts, words);
  const rest = [
    why(facts, declarations, words),
    declared(declarations, words),
    please(facts, words),
    sender(facts, words),
  ];
  // A long list comes last, so that the first page says all the rest.
  const sections = facts.places.length > MOST_PLACES_FIRST ? [...rest, where] : [where, ...rest];
  return {
    subject: onePlainLine(`[${ask.subject}${urgent}] ${centre} · ${facts.noticeId}`),
    title: ask.title,
    reference: `${words.label.number}: ${onePlainLine(facts.noticeId)} · ${words.label.day}: ${facts.day}`,
    to: words.to(onePlainLine(facts.card.name[facts.card.language])),
    lead: ask.lead,
    sections: sections.filter((section) => (section.kind === "rows" ? section.rows : section.lines).length > 0),
  };
}

function askOf(facts: WritingFacts, words: Words): Ask {
  const ground = assertedGround(facts);
  if (ground?.id === "kr-tba-22-5") return facts.centre.kind === "other" ? words.named.report : words.named.deletion;
  if (ground?.id === "kr-network-44-2") return words.named.infringement;
  if (ground?.id === "us-tida-223a") return words.named.takeItDown;
  if (ground?.id === "au-osa-77") return words.named.complaint;
  return words.asks[facts.card.kind];
}

function places(facts: WritingFacts, words: Words): Section {
  const lines = facts.places.map(plainPlace);
  return { kind: "numbered", heading: `${words.heading.places} (${lines.length})`, lines };
}

function why(facts: WritingFacts, declarations: readonly Declaration[], words: Words): Section {
  const rows: { label: string; value: string }[] = [];
  const add = (label: string, value: string | null) => {
    if (value !== null && value !== "") rows.push({ label, value });
  };
  const ground = assertedGround(facts);
  const reasons = declarations.filter(({ what }) => what === "reason").map(({ text }) => text);
  if (ground?.id === "kr-tba-22-5") reasons.push(words.unlawfulMaterial);
  add(words.heading.why, reasons.join(" "));
  if (ground !== null) add(words.heading.law, words.law(ground));
  if (ground !== null) add(words.heading.period, periodOf(ground, words));
  const name = givenName(facts);
  if (name !== null) add(words.heading.person, onePlainLine(name));
  return { kind: "rows", heading: words.heading.grounds, rows };
}

/** A period that an order of an authority starts is none that this notice starts. */
function periodOf({ period }: Ground, words: Words): string | null {
  return period.kind === "legal" && period.start !== "order" ? words.period(period) : null;
}

function declared(declarations: readonly Declaration[], words: Words): Section {
  const lines = declarations
    .filter(({ what }) => what !== "reason")
    .map(({ by, statement, text }) => `${text} (${words.by(by, statement)})`);
  return { kind: "sentences", heading: words.heading.declarations, lines };
}

function please(facts: WritingFacts, words: Words): Section {
  const second = temporaryMeasure(facts);
  const lines = second === null ? [] : [words.temporaryMeasure(second)];
  lines.push(...words.please[facts.card.kind], ...words.always);
  return { kind: "sentences", heading: words.heading.please, lines };
}

function sender(facts: WritingFacts, words: Words): Section {
  const { centre, card } = facts;
  const ground = assertedGround(facts);
  const standing = ground?.id === "kr-tba-22-5" && centre.kind !== "other" ? words.standing[centre.kind] : "";
  const all = [
    { label: words.label.centre, value: centre.name[card.language] },
    { label: words.label.standing, value: standing },
    { label: words.label.mail, value: centre.contact.mail },
    { label: words.label.phone, value: centre.contact.phone },
    { label: words.label.signer, value: centre.signer ?? "" },
  ];
  const rows = all.map(({ label, value }) => ({ label, value: onePlainLine(value) }));
  return { kind: "rows", heading: words.heading.sender, rows: rows.filter(({ value }) => value !== "") };
}
