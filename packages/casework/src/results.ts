import type { Answer } from "./notice.ts";
import type { CheckOutcome } from "./place.ts";
import type { Channel } from "./recipient.ts";

/**
 * How long something lasted, in hours. `ended` false: it still lasted when last looked at, so that the true time is longer
 * (right-censored). What a check sees ended somewhere since the check before it: the time is that of the check, so never too short.
 */
export type Lasting = { readonly hours: number; readonly ended: boolean };

/** One step of a survival curve: at `hours`, of `atRisk` that were still looked at, `ended` ended. */
export type CurveStep = {
  readonly hours: number;
  readonly atRisk: number;
  readonly ended: number;
  /** Share that still lasts after this moment (Kaplan and Meier 1958, product-limit estimate). */
  readonly lasting: number;
  /** Standard error of it (Greenwood 1926). */
  readonly error: number;
};

export type Curve = {
  readonly steps: readonly CurveStep[];
  /** The longest time anything was looked at; the curve says nothing later. */
  readonly until: number;
};

/** Times in hours, each half sorted upwards. */
export type Times = { readonly ended: Float64Array; readonly censored: Float64Array };

/** The product-limit estimate. Those whose look ended at a moment count as still there at it (the usual convention). */
export function kaplanMeier(times: readonly Lasting[]): Curve {
  const hours = (ended: boolean) =>
    Float64Array.from(times.filter((time) => time.ended === ended).map((time) => time.hours)).sort();
  return curveOf({ ended: hours(true), censored: hours(false) });
}

/** The same of sorted times. */
export function curveOf({ ended: ends, censored }: Times): Curve {
  const steps: CurveStep[] = [];
  let [lasting, variance, gone] = [1, 0, 0];
  for (let at = 0; at < ends.length; ) {
    const hours = ends[at] ?? 0;
    while (gone < censored.length && (censored[gone] ?? 0) < hours) gone += 1;
    const atRisk = ends.length - at + censored.length - gone;
    let ended = 0;
    for (; at < ends.length && ends[at] === hours; at += 1) ended += 1;
    lasting *= 1 - ended / atRisk;
    if (atRisk > ended) variance += ended / (atRisk * (atRisk - ended));
    steps.push({ hours, atRisk, ended, lasting, error: lasting * Math.sqrt(variance) });
  }
  return { steps, until: Math.max(0, ends.at(-1) ?? 0, censored.at(-1) ?? 0) };
}

/** The first time by which half had ended. Null while half or more may still last. */
export function medianOf(curve: Curve): number | null {
  // 1e-9: a product such as 3/4 · 2/3 is a hair above a half in floating point.
  return curve.steps.find((step) => step.lasting <= 0.5 + 1e-9)?.hours ?? null;
}

/** A share with the interval in which it lies with 95 % confidence. */
export type Share = { readonly share: number; readonly low: number; readonly high: number };

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964;

/**
 * Share that ended within so many hours. The interval is Greenwood's on the log-minus-log scale (Kalbfleisch and Prentice), which
 * stays between 0 and 1; where nothing or everything ended, it is that of a proportion of those at risk (Wilson 1927).
 * @returns null beyond what was looked at, unless everything had ended before.
 */
export function shareWithin(curve: Curve, hours: number, total: number): Share | null {
  const step = curve.steps.findLast((each) => each.hours <= hours);
  const lasting = step?.lasting ?? 1;
  if (total === 0 || (hours > curve.until && lasting > 0)) return null;
  if (step === undefined || lasting <= 0) return wilson(lasting <= 0 ? 1 : 0, total);
  const width = (Z * step.error) / (lasting * Math.log(lasting));
  const bounds = [lasting ** Math.exp(width), lasting ** Math.exp(-width)].toSorted((one, other) => one - other);
  return { share: 1 - lasting, low: 1 - (bounds[1] ?? 1), high: 1 - (bounds[0] ?? 0) };
}

/** @param share  0 or 1. */
function wilson(share: 0 | 1, total: number): Share {
  const reach = (Z * Z) / (total + Z * Z);
  return share === 0 ? { share, low: 0, high: reach } : { share, low: 1 - reach, high: 1 };
}

/** What came of one place of one sent notice, hours counted from its sending. */
export type RouteRow = {
  /** `identityOf` the recipient, or any other key of it. */
  readonly recipient: string;
  /** Id of the ground; null for a plain request. */
  readonly ground: string | null;
  readonly channel: Channel;
  /** Tells cases apart and nothing else: two hundred places of one case are one case. */
  readonly caseKey: string;
  /** To the first answer that is more than a receipt. */
  readonly answer: Lasting;
  /** To the first check that saw it gone at the source; blocked in a country or de-indexed is not gone. */
  readonly removal: Lasting;
  /** From that check to the first one that saw it back; null while it was not removed. */
  readonly back: Lasting | null;
};

/** What the ledger holds of one place of one sent notice; answers and checks in any order. */
export type RouteFacts = Pick<RouteRow, "recipient" | "ground" | "channel" | "caseKey"> & {
  readonly sentAt: Temporal.Instant;
  readonly answers: readonly { readonly what: Answer; readonly at: Temporal.Instant }[];
  readonly checks: readonly { readonly outcome: CheckOutcome; readonly at: Temporal.Instant }[];
  readonly now: Temporal.Instant;
};

const HOUR_MS = 3_600_000;

/** The same in the few moments that tell it, each in milliseconds since 1970. */
export type RouteTimes = Pick<RouteRow, "recipient" | "ground" | "channel" | "caseKey"> & {
  readonly sent: number;
  /** The first answer that is more than a receipt. */
  readonly answered: number | null;
  /** The first check since it was sent that saw it gone, and the last. */
  readonly gone: number | null;
  readonly lastGone: number | null;
  /** The last check that saw it at its source, blocked somewhere, or no longer listed. */
  readonly there: number | null;
  /** The first check after it was gone that saw it back. */
  readonly back: number | null;
  readonly now: number;
};

/**
 * What came of it. Removal is what a check saw, whatever was answered; without it the time ends with the last check that saw the
 * place still at its source (blocked somewhere or no longer listed is still there), for nobody knows what came later. Where several
 * were asked of one place, its removal counts for each.
 */
export function routeRowAt(times: RouteTimes): RouteRow {
  const { recipient, ground, channel, caseKey, sent, answered, gone, lastGone, there, back, now } = times;
  const lasted = (from: number, end: number | null, last: number | null): Lasting =>
    end === null
      ? { hours: ((last ?? from) - from) / HOUR_MS, ended: false }
      : { hours: (end - from) / HOUR_MS, ended: true };
  return {
    ...{ recipient, ground, channel, caseKey },
    answer: lasted(sent, answered, now),
    removal: lasted(sent, gone, there),
    back: gone === null ? null : lasted(gone, back, lastGone),
  };
}

/** What came of it, from everything the ledger holds of it. */
export function routeRowOf(facts: RouteFacts): RouteRow {
  const { recipient, ground, channel, caseKey, sentAt, now } = facts;
  const since = facts.checks
    .filter(({ at }) => Temporal.Instant.compare(at, sentAt) >= 0)
    .toSorted((one, other) => Temporal.Instant.compare(one.at, other.at));
  const answer = facts.answers
    .filter(({ what }) => what !== "received")
    .toSorted((one, other) => Temporal.Instant.compare(one.at, other.at))[0];
  const gone = since.find(({ outcome }) => outcome === "removed");
  const there = since.findLast(({ outcome }) => outcome !== "removed" && outcome !== "cannot-tell");
  const after = gone === undefined ? [] : since.filter(({ at }) => Temporal.Instant.compare(at, gone.at) > 0);
  const ms = (found: { readonly at: Temporal.Instant } | undefined) => found?.at.epochMilliseconds ?? null;
  return routeRowAt({
    ...{ recipient, ground, channel, caseKey },
    ...{ sent: sentAt.epochMilliseconds, answered: ms(answer), gone: ms(gone), there: ms(there) },
    lastGone: ms(after.findLast(({ outcome }) => outcome === "removed")),
    ...{ back: ms(after.find(({ outcome }) => outcome === "there")), now: now.epochMilliseconds },
  });
}
