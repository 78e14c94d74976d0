import { ENGLISH } from "./english.ts";
import { assertedGround, givenName } from "./fields.ts";
import { KOREAN, saysUnlawful } from "./korean.ts";
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
  readonly to: string;
  readonly lead: string;
  readonly sections: readonly Section[];
};

export function partsOf(facts: WritingFacts, declarations: readonly Declaration[]): Parts {
  const words = WORDS[facts.card.language];
  const ask = askOf(facts, words);
  const urgent = facts.minor ? ` · ${words.first}` : "";
  const centre = onePlainLine(facts.centre.name[facts.card.language]);
  const sections = [
    places(facts, words),
    why(facts, declarations, words),
    declared(declarations, words),
    please(facts, words),
    sender(facts, words),
  ];
  return {
    subject: onePlainLine(`[${ask.subject}${urgent}] ${centre} · ${facts.noticeId}`),
    title: ask.title,
    to: words.to(onePlainLine(facts.card.name[facts.card.language])),
    lead: ask.lead,
    sections: sections.filter((section) => (section.kind === "rows" ? section.rows : section.lines).length > 0),
  };
}

function askOf(facts: WritingFacts, words: Words): Ask {
  const ground = assertedGround(facts);
  if (ground?.id === "kr-tba-22-5") return facts.centre.kind === "other" ? words.reporting : words.entitled;
  if (ground?.id === "au-osa-77") return words.complaint;
  return words.asks[facts.card.kind];
}

function places(facts: WritingFacts, words: Words): Section {
  return { kind: "numbered", heading: words.heading.places, lines: facts.places.map(plainPlace) };
}

function why(facts: WritingFacts, declarations: readonly Declaration[], words: Words): Section {
  const rows: { label: string; value: string }[] = [];
  const add = (label: string, value: string | null) => {
    if (value !== null && value !== "") rows.push({ label, value });
  };
  const ground = assertedGround(facts);
  const reasons = declarations.filter(({ what }) => what === "reason").map(({ text }) => text);
  if (ground !== null) add(words.heading.law, words.law(ground));
  if (ground !== null && saysUnlawful(ground)) reasons.push(words.unlawfulMaterial);
  // A commissioner's own notice starts the period of that law; a complaint does not.
  if (ground !== null && facts.card.kind !== "regulator") add(words.heading.period, words.period(ground.period));
  add(words.heading.why, reasons.join(" "));
  const name = givenName(facts);
  if (name !== null) add(words.heading.person, onePlainLine(name));
  return { kind: "rows", heading: words.heading.why, rows };
}

function declared(declarations: readonly Declaration[], words: Words): Section {
  const lines = declarations.filter(({ what }) => what !== "reason").map(({ by, text }) => `${text} (${words.by[by]})`);
  return { kind: "sentences", heading: words.heading.declarations, lines };
}

function please({ card }: WritingFacts, words: Words): Section {
  return { kind: "sentences", heading: words.heading.please, lines: [...words.please[card.kind], ...words.always] };
}

function sender(facts: WritingFacts, words: Words): Section {
  const { centre, card, noticeId, day } = facts;
  const ground = assertedGround(facts);
  const standing = ground?.id === "kr-tba-22-5" && centre.kind !== "other" ? words.standing[centre.kind] : "";
  const all = [
    { label: words.label.centre, value: centre.name[card.language] },
    { label: words.label.standing, value: standing },
    { label: words.label.mail, value: centre.contact.mail },
    { label: words.label.phone, value: centre.contact.phone },
    { label: words.label.signer, value: centre.signer ?? "" },
    { label: words.label.day, value: day.toString() },
    { label: words.label.number, value: noticeId },
  ];
  const rows = all.map(({ label, value }) => ({ label, value: onePlainLine(value) }));
  return { kind: "rows", heading: words.heading.sender, rows: rows.filter(({ value }) => value !== "") };
}
