import { hasAuthority, type Statement } from "../ground.ts";
import { LAWS } from "../laws/index.ts";
import type { Ground, Law, NoticeField } from "../laws/law.ts";
import { mayAssert } from "../laws/reading.ts";
import { findEntry } from "../registry/index.ts";
import { isMail } from "../xarf.ts";
import { plainPlace } from "./plain.ts";
import { listingsOf } from "./search-result.ts";
import type { Words } from "./words.ts";
import type { Declaration, WritingFacts } from "./written.ts";

/** What a plain request must hold to be of use; no law sets it. */
const PLAIN: readonly NoticeField[] = ["place", "reason", "sender-name", "sender-contact"];

/** The ground that may be named that day: chosen as asserted, and its row still read, in force and looked at lately. */
export function assertedGround({
  chosen,
  day,
  readings,
}: Pick<WritingFacts, "chosen" | "day" | "readings">): Ground | null {
  const { ground, asserted } = chosen;
  return ground !== null && asserted && mayAssert(ground, day, readings) ? ground : null;
}

/**
 * Korea's art. 44-2, which a notice under 22-5 may name beside it: it gives the injured person, and so a centre with her authority, a
 * temporary measure while the provider is in doubt.
 */
export function temporaryMeasure(facts: WritingFacts): Ground | null {
  if (assertedGround(facts)?.id !== "kr-tba-22-5" || !hasAuthority(facts.statements)) return null;
  const isIt = (law: Law): law is Ground => law.kind === "ground" && law.id === "kr-network-44-2";
  const ground = LAWS.kr.laws.find(isIt);
  return ground !== undefined && mayAssert(ground, facts.day, facts.readings) ? ground : null;
}

/**
 * What the notice must hold: what its law asks, and what the recipient's own form does. For offences against children the Digital Services Act asks neither name nor address of who reports
 * (art. 16(2)(c)).
 */
export function fieldsOf({
  chosen,
  minor,
  card,
}: Pick<WritingFacts, "chosen" | "minor" | "card">): readonly NoticeField[] {
  const demands = card.registryKey === null ? [] : (findEntry(card.registryKey)?.demands ?? []);
  const fields = [...new Set([...(chosen.ground?.notice ?? PLAIN), ...demands])];
  if (chosen.ground?.id !== "eu-dsa-16" || !minor) return fields;
  return fields.filter((field) => field !== "sender-name" && field !== "sender-contact");
}

/** Her name as the notice may give it, or null. */
export function givenName({ name, statements }: Pick<WritingFacts, "name" | "statements">): string | null {
  if (name === null || name.trim() === "") return null;
  return statements.some(({ what }) => what === "name-may-be-given") ? name : null;
}

/** What the notice demands and these facts cannot give. */
export function missingFields(facts: WritingFacts, declarations: readonly Declaration[]): readonly NoticeField[] {
  const declared = new Set(declarations.map(({ what }) => what));
  const { centre, card } = facts;
  const holds: Readonly<Record<NoticeField, boolean>> = {
    place: facts.places.length > 0 && facts.places.every((place) => plainPlace(place) !== ""),
    reason: declared.has("reason"),
    "sender-name": centre.name[card.language].trim() !== "",
    "sender-contact": isMail(centre.contact.mail),
    "progress-contact": isMail(centre.contact.mail),
    signature: (centre.signer ?? "").trim() !== "",
    "good-faith": declared.has("good-faith"),
    authority: declared.has("authority"),
    truth: declared.has("truth"),
    "depicted-name": givenName(facts) !== null,
    "intimate-content": declared.has("intimate-content"),
    "search-result": listingsOf(card, facts.places) !== null,
    // Documents are never put into a notice: they go to a body that may see them, by its own way.
    "identity-document": false,
    mandate: false,
  };
  return fieldsOf(facts).filter((field) => !holds[field]);
}

/** The declarations these facts carry, each on a statement of hers. What stands on nothing is not declared. */
export function declare(facts: WritingFacts, words: Words): readonly Declaration[] {
  const stated = new Set(facts.statements.map(({ what }) => what));
  const fields = new Set(fieldsOf(facts));
  const first = (...candidates: readonly Statement[]) => candidates.find((statement) => stated.has(statement));
  const made: Declaration[] = [];
  const add = (what: NoticeField, by: Declaration["by"], statement: Statement | undefined, text: string) => {
    if (statement !== undefined) made.push({ what, by, statement, text });
  };

  if (fields.has("intimate-content")) add("intimate-content", "centre", first("is-intimate"), words.intimate);
  add("reason", "survivor", first("no-consent"), words.noConsent);
  if (facts.minor) made.push({ what: "reason", by: "centre", statement: null, text: words.child });
  if (hasAuthority(facts.statements)) {
    const statement = first("is-depicted", "speaks-for");
    add("authority", "centre", statement, statement === "is-depicted" ? words.forHer : words.forWhoSpeaks);
  }
  // 47 U.S.C. 223a asks for the good faith of the person shown; the others for that of who sends.
  const hers = facts.chosen.ground?.id === "us-tida-223a";
  if (hers) add("good-faith", "survivor", first("good-faith"), words.herGoodFaith);
  else if (fields.has("good-faith"))
    add("good-faith", "centre", first("good-faith", "truth", "no-consent"), words.ourGoodFaith);
  if (fields.has("truth")) add("truth", "centre", first("truth"), words.truth);
  return made;
}
