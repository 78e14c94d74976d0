import type { Act, Clock, Jurisdiction, LegalClock, Statement } from "@jikim/casework";
import { m } from "../paraglide/messages.js";
import { language } from "../shared/language.svelte.ts";
import { partsOf } from "./due.ts";

/** Words for consents, clocks and spans of time. */

const ACT: { readonly [key in Act]: () => string } = {
  remove: m.desk_consent_remove,
  share: m.desk_consent_share,
  police: m.desk_consent_police,
  statistics: m.desk_consent_statistics,
};
export const sayAct = (act: Act) => ACT[act]();

const STATED: { readonly [key in Exclude<Statement, `is-in-${Jurisdiction}`>]: () => string } = {
  "is-depicted": m.desk_stated_is_depicted,
  "speaks-for": m.desk_stated_speaks_for,
  "no-consent": m.desk_stated_no_consent,
  "is-intimate": m.desk_stated_is_intimate,
  "good-faith": m.desk_stated_good_faith,
  truth: m.desk_stated_truth,
  "name-may-be-given": m.desk_stated_name_may_be_given,
};
/** What she stated; of where she lives, the country by its code. */
export function sayStatement(what: Statement): string {
  if (isKeyOf(STATED, what)) return STATED[what]();
  return m.desk_stated_is_in({ country: what.slice("is-in-".length).toUpperCase() });
}

function isKeyOf<T extends object>(words: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(words, key);
}

const DID: { readonly [key in "held" | "blocked" | "released" | "dropped"]: () => string } = {
  held: m.desk_did_held,
  blocked: m.desk_did_blocked,
  released: m.desk_did_released,
  dropped: m.desk_did_dropped,
};
export const sayDid = (did: keyof typeof DID) => DID[did]();

/** A span in words, such as "2일 3시간" or "40 min". */
export function saySpan(totalMinutes: number): string {
  const { days, hours, minutes } = partsOf(totalMinutes);
  const said = [
    days > 0 ? m.desk_span_days({ days }) : "",
    hours > 0 ? m.desk_span_hours({ hours }) : "",
    minutes > 0 || (days === 0 && hours === 0) ? m.desk_span_minutes({ minutes }) : "",
  ];
  return said.filter((part) => part !== "").join(" ");
}

/** Where a period comes from: a law, a policy target, or the centre's own promise; never one as another. */
export function sayClock(clock: Clock): string {
  if (clock.kind === "legal")
    return m.desk_clock_legal({ law: clock.law[language()], article: clock.article, span: sayLength(clock) });
  if (clock.kind === "policy") return m.desk_clock_policy({ source: clock.source, span: saySpan(clock.hours * 60) });
  return m.desk_clock_promise({ span: saySpan(clock.hours * 60) });
}

/** A legal length in the law's own measure: 48 hours stay 48 hours, and "without delay" has no number. */
function sayLength(clock: LegalClock): string {
  if (clock.length === "without-delay") return m.desk_clock_without_delay();
  const { count } = clock;
  if (clock.length === "hours") return m.desk_span_hours({ hours: count });
  return clock.length === "days" ? m.desk_span_days({ days: count }) : m.desk_clock_business_days({ days: count });
}
