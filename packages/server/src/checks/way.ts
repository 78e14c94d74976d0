import type { Sighting } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { findVantagesDown, noteVantages } from "../store/vantage.ts";
import type { Vantage } from "./vantages.ts";

/** Hours. After a way has been down for so long it is tried again; each time as long as it has been down by then. Ours. */
const FIRST_TRY = 1;
const LAST_TRY = 24;

/**
 * Keeps which ways were down at a look. @returns when the place is to be looked at again because of them; null: none was down.
 * A centre without proxies has nothing to keep.
 */
export async function noteWays(
  { db, config }: Pick<Jikim, "db" | "config">,
  sightings: readonly Sighting[],
  now: Temporal.Instant,
): Promise<Temporal.Instant | null> {
  const proxied = new Set(config.vantages.flatMap(({ name, proxy }) => (proxy === null ? [] : [name])));
  const tried = sightings.filter(({ vantage }) => proxied.has(vantage));
  if (tried.length === 0) return null;
  const named = (isDown: boolean) =>
    tried.filter(({ saw }) => (saw === "no-answer") === isDown).map((one) => one.vantage);
  const down = await noteVantages(db, { up: named(false), down: named(true) }, now);
  const hours = down.map(({ since }) => now.since(since).total("hours"));
  if (hours.length === 0) return null;
  // The one that is down for the shortest is the likeliest to be back.
  return now.add({ minutes: Math.round(60 * Math.min(Math.max(Math.min(...hours), FIRST_TRY), LAST_TRY)) });
}

/** The first way to look from that was not down when it was last tried; where all were, the first. */
export async function findStanding({ db, config }: Pick<Jikim, "db" | "config">): Promise<Vantage | undefined> {
  const [first] = config.vantages;
  if ((first?.proxy ?? null) === null) return first;
  const down = new Set((await findVantagesDown(db)).map(({ name }) => name));
  return config.vantages.find(({ name }) => !down.has(name)) ?? first;
}

/** The earlier of two moments; null is never. */
export function earlier(one: Temporal.Instant | null, other: Temporal.Instant | null): Temporal.Instant | null {
  if (one === null || other === null) return one ?? other;
  return Temporal.Instant.compare(one, other) < 0 ? one : other;
}
