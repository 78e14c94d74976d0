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

/** The product-limit estimate. Those whose look ended at a moment count as still there at it (the usual convention). */
export function kaplanMeier(times: readonly Lasting[]): Curve {
  const sorted = times.toSorted((one, other) => one.hours - other.hours);
  const steps: CurveStep[] = [];
  let lasting = 1;
  let variance = 0;
  for (let at = 0; at < sorted.length; ) {
    const hours = sorted[at]?.hours ?? 0;
    const atRisk = sorted.length - at;
    let ended = 0;
    for (; at < sorted.length && sorted[at]?.hours === hours; at += 1) if (sorted[at]?.ended) ended += 1;
    if (ended === 0) continue;
    lasting *= 1 - ended / atRisk;
    if (atRisk > ended) variance += ended / (atRisk * (atRisk - ended));
    steps.push({ hours, atRisk, ended, lasting, error: lasting * Math.sqrt(variance) });
  }
  return { steps, until: sorted.at(-1)?.hours ?? 0 };
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

/**
 * What came of it. Removal is what a check saw, whatever was answered; without it the time ends with the last check that saw the
 * place still at its source (blocked somewhere or no longer listed is still there), for nobody knows what came later. Where several
 * were asked of one place, its removal counts for each.
 */
export function routeRowOf(facts: RouteFacts): RouteRow {
  const { recipient, ground, channel, caseKey, sentAt, now } = facts;
  const hours = (from: Temporal.Instant, to: Temporal.Instant) =>
    (to.epochMilliseconds - from.epochMilliseconds) / HOUR_MS;
  const since = facts.checks
    .filter(({ at }) => Temporal.Instant.compare(at, sentAt) >= 0)
    .toSorted((one, other) => Temporal.Instant.compare(one.at, other.at));
  const lasted = (from: Temporal.Instant, end: { readonly at: Temporal.Instant } | undefined, last = from): Lasting =>
    end === undefined ? { hours: hours(from, last), ended: false } : { hours: hours(from, end.at), ended: true };
  const answer = facts.answers
    .filter(({ what }) => what !== "received")
    .toSorted((one, other) => Temporal.Instant.compare(one.at, other.at))[0];
  const gone = since.find(({ outcome }) => outcome === "removed");
  const there = since.findLast(({ outcome }) => outcome !== "removed" && outcome !== "cannot-tell");
  const after = gone === undefined ? [] : since.filter(({ at }) => Temporal.Instant.compare(at, gone.at) > 0);
  const back = after.find(({ outcome }) => outcome === "there");
  const stillGone = after.findLast(({ outcome }) => outcome === "removed");
  return {
    ...{ recipient, ground, channel, caseKey },
    answer: lasted(sentAt, answer, now),
    removal: lasted(sentAt, gone, there?.at),
    back: gone === undefined ? null : lasted(gone.at, back, stillGone?.at),
  };
}

export type Outcome = {
  readonly ended: number;
  readonly medianHours: number | null;
  readonly within24h: Share | null;
  readonly within48h: Share | null;
  readonly within7d: Share | null;
  readonly curve: Curve;
};

/** By what results are told apart; what is left out is counted together. */
export const ROUTE_PARTS = ["recipient", "ground", "channel"] as const;
export type RoutePart = (typeof ROUTE_PARTS)[number];

/** How a plain request is called among grounds. */
export const PLAIN_REQUEST = "plain";

export type RouteResult = {
  /** Each null when results are not told apart by it. A plain request's ground is `PLAIN_REQUEST`. */
  readonly recipient: string | null;
  readonly ground: string | null;
  readonly channel: Channel | null;
  readonly cases: number;
  readonly places: number;
  readonly answer: Outcome;
  readonly removal: Outcome;
  /** Of those removed: how many came back, and when. */
  readonly back: Outcome & { readonly removed: number; readonly within30d: Share | null };
};

/** Results of routes, in the order in which each first appears. */
export function routeResults(rows: readonly RouteRow[], by: readonly RoutePart[]): readonly RouteResult[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(by.map((part) => row[part])));
  return [...groups.values()].flatMap((group) => {
    const first = group[0];
    return first === undefined ? [] : [resultOf(group, first, by)];
  });
}

function resultOf(rows: readonly RouteRow[], first: RouteRow, by: readonly RoutePart[]): RouteResult {
  const back = rows.flatMap((row) => row.back ?? []);
  const backAgain = outcomeOf(back);
  return {
    recipient: by.includes("recipient") ? first.recipient : null,
    ground: by.includes("ground") ? (first.ground ?? PLAIN_REQUEST) : null,
    channel: by.includes("channel") ? first.channel : null,
    cases: new Set(rows.map((row) => row.caseKey)).size,
    places: rows.length,
    answer: outcomeOf(rows.map((row) => row.answer)),
    removal: outcomeOf(rows.map((row) => row.removal)),
    back: { ...backAgain, removed: back.length, within30d: shareWithin(backAgain.curve, 30 * 24, back.length) },
  };
}

function outcomeOf(times: readonly Lasting[]): Outcome {
  const curve = kaplanMeier(times);
  return {
    ended: times.filter((time) => time.ended).length,
    medianHours: medianOf(curve),
    within24h: shareWithin(curve, 24, times.length),
    within48h: shareWithin(curve, 48, times.length),
    within7d: shareWithin(curve, 7 * 24, times.length),
    curve,
  };
}

/** Cases a route needs before its results count for the ladder. Ours; smaller numbers only look like results. */
export const CASES_THAT_COUNT = 20;

/** Whether one route is measurably better: within seven days its lowest likely share removed beats the other's highest. */
export function worksBetter(one: RouteResult | undefined, other: RouteResult | undefined): boolean {
  if (!counts(one) || !counts(other)) return false;
  const [better, worse] = [one.removal.within7d, other.removal.within7d];
  return better !== null && worse !== null && better.low > worse.high;
}

function counts(result: RouteResult | undefined): result is RouteResult {
  return result !== undefined && result.cases >= CASES_THAT_COUNT;
}
