import type { Database } from "../src/database.ts";
import { countLedger, findRemovals } from "./audit.ts";
import { type Chance, median } from "./chance.ts";
import { BY_HAND, workByHand } from "./hand.ts";
import type { Outside } from "./outside.ts";
import type { Post } from "./post.ts";
import type { Counted } from "./staff.ts";
import { ARRIVALS, HOUR_MS, type World } from "./world.ts";

/** What a run showed; printed as one JSON object. */
export type Results = Readonly<Record<string, unknown>> & {
  readonly clocksMissed: number;
  readonly noticesDoubled: number;
  /** Requests of staff that change something, for each place that a check saw gone. */
  readonly actsPerRemovedPlace: number;
  readonly removedShare: number;
  /** From the report to the removal itself, of places that went before the end. */
  readonly medianHoursToRemoval: number | null;
  readonly medianHoursByHand: number | null;
};

type Played = {
  readonly world: World;
  readonly counted: Counted;
  readonly missed: ReadonlySet<string>;
  readonly post: Post;
  readonly outside: Outside;
  readonly errors: ReadonlyMap<string, number>;
  readonly db: Database;
};

type Frame = {
  readonly chance: Chance;
  readonly caseworkers: number;
  readonly days: number;
  readonly seed: number;
  readonly from: number;
  readonly until: number;
  readonly seconds: number;
};

const DAYS_A_YEAR = 365;

export async function sumUp(played: Played, frame: Frame): Promise<Results> {
  const { world, counted, missed, post, outside, errors, db } = played;
  const { chance, caseworkers, days, seed, until, seconds } = frame;
  const ledger = await countLedger(db);
  const removals = await findRemovals(db);
  const seen = removals.filter(({ removed }) => removed).length;
  const [acts, looks] = [sum(counted.acts), sum(counted.looks)];
  const gone = world.cases.flatMap(({ arrivesAt, places }) =>
    places.flatMap(({ firstGoneAt }) =>
      firstGoneAt === null || firstGoneAt > until ? [] : [(firstGoneAt - arrivesAt) / HOUR_MS],
    ),
  );
  const byHand = workByHand(world, { chance, caseworkers, until });
  const places = world.places.length;
  return {
    ...{ seed, caseworkers, cases: world.cases.length, days, places },
    clocksMissed: missed.size,
    noticesDoubled: post.doubled() + outside.doubled(),
    actsPerRemovedPlace: rounded(acts / seen),
    requestsPerRemovedPlace: rounded((acts + looks) / seen),
    removedShare: rounded(seen / places),
    medianHoursToRemoval: rounded(median(gone)),
    medianHoursToRemovalSeen: rounded(median(removals.map(({ hours }) => hours))),
    medianHoursByHand: rounded(byHand.medianHours),
    byHand: { ...BY_HAND, askedPlaces: byHand.asked, removedShare: rounded(byHand.removed / places) },
    notices: ledger.notices,
    ...{ reminders: ledger.reminders, answers: ledger.answers, checks: ledger.checks, mailsTaken: post.taken() },
    acts: Object.fromEntries([...counted.acts].toSorted()),
    looks: Object.fromEntries([...counted.looks].toSorted()),
    missed: countKinds(missed),
    errors: [...errors.values()].reduce((a, b) => a + b, 0),
    removed: seen,
    /** The pace at which places came in the world, and that of this machine if it did nothing else. */
    placesAYear: Math.round((places / (days * ARRIVALS)) * DAYS_A_YEAR),
    placesAYearOfThisMachine: Math.round((places / seconds) * DAYS_A_YEAR * 86_400),
    wallSeconds: rounded(seconds),
    /** Of the time that passed in the world, what this machine needed for it. */
    machineShare: rounded(seconds / (days * 86_400)),
    /** Resident memory of the process at its highest; Postgres aside. */
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);

function countKinds(missed: ReadonlySet<string>): Readonly<Record<string, number>> {
  const kinds = Map.groupBy(missed, (one) => one.split(" ")[0] ?? "");
  return Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]));
}

function rounded(value: number): number;
function rounded(value: number | null): number | null;
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
