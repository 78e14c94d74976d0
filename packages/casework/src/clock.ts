import { endOfBusinessDay, endOfDay } from "./calendar.ts";
import type { Calendar } from "./calendars/holiday.ts";
import { LAWS } from "./laws/index.ts";
import type { Bilingual, Ground, Jurisdiction, Mark, PeriodStart } from "./laws/law.ts";
import { lastLooked, mayAssert, type Readings } from "./laws/reading.ts";

/** What a law sets. "without-delay" carries no count, and none may be invented for it. */
export type LegalClock = {
  readonly kind: "legal";
  readonly law: Bilingual;
  readonly article: string;
  readonly from: PeriodStart;
  readonly source: string;
  readonly asOf: string;
  readonly mark: Mark;
} & (
  | { readonly length: "without-delay" }
  | { readonly length: "hours" | "days" | "business-days"; readonly count: number }
);

/** A target that somebody set for themselves or announced. */
export type PolicyClock = {
  readonly kind: "policy";
  readonly hours: number;
  readonly source: string;
  readonly asOf: string;
};

/** What the centre promises, to survivors or to itself. */
export type PromiseClock = { readonly kind: "promise"; readonly hours: number };

/**
 * A period and where it comes from. A legal period, a policy target (such as Korea's 24 hours, which no statute holds) and a
 * promise of the centre are different types: one can never be shown as another.
 */
export type Clock = LegalClock | PolicyClock | PromiseClock;

/** A clock that is hours and nothing else. */
export type HourClock = PolicyClock | PromiseClock;

export type RunningClock = { readonly clock: Clock; readonly dueAt: Temporal.Instant };

export function runClock(clock: HourClock, from: Temporal.Instant): RunningClock {
  return { clock, dueAt: afterHours(clock.hours, from) };
}

/**
 * When a clock runs out.
 *
 * Hours are counted by the hour, whatever the day. Days are civil days of the calendar's zone: the day of the start is not counted
 * and the last one counts in full, and a last day that is no business day moves on where the calendar says so.
 * @returns null for "without delay", which names no hour: what then runs is a target or a promise beside it.
 */
export function dueAfter(clock: Clock, from: Temporal.Instant, calendar: Calendar): Temporal.Instant | null {
  if (clock.kind !== "legal") return afterHours(clock.hours, from);
  if (clock.length === "without-delay") return null;
  if (clock.length === "hours") return afterHours(clock.count, from);
  if (clock.length === "days") return endOfDay(calendar, from, clock.count);
  return endOfBusinessDay(calendar, from, clock.count);
}

function afterHours(hours: number, from: Temporal.Instant): Temporal.Instant {
  return from.add({ minutes: Math.round(hours * 60) });
}

/** What is known about when a notice left and arrived. */
export type NoticeTimes = { readonly sentAt: Temporal.Instant; readonly receivedAt: Temporal.Instant | null };

/**
 * From when a clock of a notice runs. Receipt that nobody confirmed is taken as the moment the recipient's own server accepted it,
 * which is when it was sent. @returns null where it runs from an act that this centre does not see.
 */
export function startOf(clock: Clock, times: NoticeTimes): Temporal.Instant | null {
  if (clock.kind !== "legal" || clock.from === "sending") return times.sentAt;
  return clock.from === "receipt" ? (times.receivedAt ?? times.sentAt) : null;
}

/**
 * The clocks of one notice, in the order in which they count: the legal period of an asserted ground, what somebody announced as a
 * target, and last the centre's own promise to follow up, so that no notice is ever without one that runs.
 */
export function clocksOf(
  ground: Ground | null,
  jurisdiction: Jurisdiction | null,
  { day, readings }: { readonly day: Temporal.PlainDate; readonly readings: Readings },
): readonly Clock[] {
  const legal = ground === null ? null : legalClockOf(ground, day, readings);
  const targets = jurisdiction === null ? [] : LAWS[jurisdiction].targets;
  const policies = targets.map(
    ({ hours, source }): PolicyClock => ({ kind: "policy", hours, source: source.where, asOf: source.asOf }),
  );
  return [...(legal === null ? [] : [legal]), ...policies, PROMISES.followUp];
}

/** The period of a ground, where a notice of that day may assert it; a plain request sets no legal period running. */
function legalClockOf(ground: Ground, day: Temporal.PlainDate, readings: Readings): LegalClock | null {
  if (ground.period.kind === "none" || !mayAssert(ground, day, readings)) return null;
  const { law, article, source, period } = ground;
  const asOf = lastLooked(ground, day, readings).day;
  const row = { law, article, from: period.start, source: source.where, asOf, mark: source.mark };
  if (period.length === "without-delay") return { kind: "legal", length: period.length, ...row };
  return { kind: "legal", length: period.length, count: period.count, ...row };
}

/** The first clock that has a time: what the desk counts down for a sent notice. */
export function runFirst(clocks: readonly Clock[], times: NoticeTimes, calendar: Calendar): RunningClock | null {
  for (const clock of clocks) {
    const start = startOf(clock, times);
    const dueAt = start === null ? null : dueAfter(clock, start, calendar);
    if (dueAt !== null) return { clock, dueAt };
  }
  return null;
}

/** How long a clock is, roughly: only to tell "soon" from "later". Null where it has no length. */
export function roughHours(clock: Clock): number | null {
  if (clock.kind !== "legal") return clock.hours;
  if (clock.length === "without-delay") return null;
  return clock.length === "hours" ? clock.count : clock.count * 24;
}

/** What the centre promises survivors and itself, in hours. A centre's own figures; no law sets them. */
export const PROMISES = {
  danger: { kind: "promise", hours: 1 },
  threat: { kind: "promise", hours: 4 },
  firstLook: { kind: "promise", hours: 24 },
  answerMessage: { kind: "promise", hours: 24 },
  tellSafeContact: { kind: "promise", hours: 12 },
  nextStep: { kind: "promise", hours: 48 },
  followUp: { kind: "promise", hours: 72 },
} as const satisfies Record<string, PromiseClock>;

/**
 * Korea's "24 hours" for platforms: the review board's own target since September 2019 (ZDNet Korea, 2019-08-26) and a government
 * plan of November 2024. The Telecommunications Business Act art. 22-5(1) and its decree say "without delay" (지체 없이).
 */
export const KOREA_TARGET: PolicyClock = {
  kind: "policy",
  hours: 24,
  source: "방송통신심의위원회 자체 목표 (ZDNet Korea 2019-08-26); 2024-11 정부 계획",
  asOf: "2026-06-08",
};
