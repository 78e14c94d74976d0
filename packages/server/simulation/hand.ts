import { type Chance, median } from "./chance.ts";
import { isWorkHour, nextHour } from "./hours.ts";
import { HOUR_MS, type Operator, reactionOf, type World } from "./world.ts";

/**
 * Timings of the work by hand, in minutes: inputs, not results.
 * - perPlace: what one place takes from opening the link to the sent request and its row in the table. Korea's centre: 300,237
 *   removals in 2024 by about 12 to 13 people on removal, 24,000 for each in a year of about 2,000 hours, which is 5 minutes each
 *   with everything around it (notes of the ministry's release of 10 April 2025; what each worker does is our division).
 * - perCase: taking a report, the talk, the paper of her mandate. Ours, no source.
 * - secondLook: looking again whether it went, and writing to the next. Ours, no source; once, a week later, in the place of a new place.
 */
export const BY_HAND = {
  minutesPerPlace: 5,
  minutesPerCase: 30,
  minutesPerSecondLook: 5,
  hoursUntilSecondLook: 168,
  sources:
    "5 min a place: 24,000 removals a worker and year (300,237 in 2024, MOGEF release of 10 April 2025) over 2,000 hours; the others are ours",
} as const;

type Job = { readonly readyAt: number; readonly minutes: number; readonly done: (at: number) => void };

export type ByHand = { readonly medianHours: number | null; readonly removed: number; readonly asked: number };

/**
 * The same world worked by hand: one place at a time, in the order in which they came, by as many people in the same hours. The
 * operators do the same as ever; whoever runs or carries a place is asked first and, a week later, the registrar where there is one.
 * `medianHours`: from the report to the removal of each place that went before the end.
 */
export function workByHand(
  world: World,
  { chance, caseworkers, until }: { readonly chance: Chance; readonly caseworkers: number; readonly until: number },
): ByHand {
  const hours: number[] = [];
  let asked = 0;
  // Both are in the order in which they become ready: the cases by their arrival, second looks as they are put off.
  const [reports, looks]: [Job[], Job[]] = [[], []];
  for (const { arrivesAt, places } of world.cases) {
    reports.push({ readyAt: arrivesAt, minutes: BY_HAND.minutesPerCase, done: () => undefined });
    for (const { site, number } of places) {
      const isRemoved = (operator: Operator | null, at: number) => {
        const after = operator === null ? null : reactionOf(chance, operator, number).removesAfter;
        if (after !== null && at + after * HOUR_MS <= until) hours.push((at + after * HOUR_MS - arrivesAt) / HOUR_MS);
        return after !== null;
      };
      const ask = (at: number) => {
        asked++;
        if (isRemoved(site.site ?? site.carrier, at)) return;
        const readyAt = at + BY_HAND.hoursUntilSecondLook * HOUR_MS;
        const done = (later: number) => void isRemoved(site.registrar, later);
        looks.push({ readyAt, minutes: BY_HAND.minutesPerSecondLook, done });
      };
      reports.push({ readyAt: arrivesAt, minutes: BY_HAND.minutesPerPlace, done: ask });
    }
  }
  work([reports, looks], { caseworkers, until });
  return { medianHours: median(hours), removed: hours.length, asked };
}

/** Whoever is free first takes what has been ready longest. */
function work(
  queues: readonly Job[][],
  { caseworkers, until }: { readonly caseworkers: number; readonly until: number },
): void {
  const free = Array.from({ length: caseworkers }, () => 0);
  const heads = queues.map(() => 0);
  for (;;) {
    const waiting = queues.flatMap((queue, at) => queue[heads[at] ?? 0] ?? []);
    const job = waiting.toSorted((a, b) => a.readyAt - b.readyAt)[0];
    if (job === undefined) return;
    const of = queues.findIndex((queue, at) => queue[heads[at] ?? 0] === job);
    heads[of] = (heads[of] ?? 0) + 1;
    const worker = free.indexOf(Math.min(...free));
    const doneAt = endOfWork(Math.max(free[worker] ?? 0, job.readyAt), job.minutes);
    if (doneAt > until) return;
    free[worker] = doneAt;
    job.done(doneAt);
  }
}

/** The moment at which so many minutes of work are done. */
function endOfWork(from: number, minutes: number): number {
  let [at, left] = [from, minutes * 60_000];
  while (left > 0) {
    const end = nextHour(at);
    const step = isWorkHour(at) ? Math.min(left, end - at) : 0;
    left -= step;
    at = left > 0 ? end : at + step;
  }
  return at;
}
