import type { RobotsSaid } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findRobots, keyOfHost, type RobotsFile, saveRobots } from "../store/pace.ts";
import { openPool, type Reach } from "./connect.ts";
import type { Decoder } from "./decoder/process.ts";
import { look, ROBOTS_AGENT } from "./fetch.ts";

/** RFC 9309, 2.4: kept no longer than 24 hours. What could not be had is asked for again sooner. */
const KEPT_HOURS = { text: 24, none: 24, unknown: 1 } as const;
/** RFC 9309, 2.5. */
const MOST_BYTES = 512 * 1024;
const FETCH_MS = 15_000;

type Known = { readonly file: RobotsFile; readonly at: Temporal.Instant };
/** What this process read last, by host: checks of one host come one after the other, and only record what its rules are. */
export type Nearby = Map<string, Known>;
const kept = new WeakMap<Jikim["db"], Nearby>();
const MOST_KEPT = 1000;
/** Longer files are read from the database each time. */
const LONGEST_KEPT = 8192;

/** `nearby`: rules may be served from memory; whoever obeys them leaves it out, and the row decides. */
type With = { readonly reach: Reach; readonly decoder: Decoder; readonly nearby?: Nearby };

/** What a host's robots.txt says of an address to us, read at most once a day. */
export async function askRobots(jikim: Jikim, url: URL, { reach, decoder, nearby }: With): Promise<RobotsSaid> {
  const { db, vault } = jikim;
  const hostKey = keyOfHost(vault, url.host);
  const now = jikim.now();
  const name = hostKey.toString("hex");
  const near = nearby?.get(name) ?? null;
  const known = isFresh(near, now) ? near : await findRobots(db, vault, hostKey);
  const file = isFresh(known, now) ? known.file : await fetchRobots(url, reach);
  // Our own way was down: that is nothing to remember of the host.
  if (file === null) return "unknown";
  if (!isFresh(known, now)) await saveRobots(db, vault, { hostKey, file }, now);
  else if (nearby !== undefined && known !== near) keep(nearby, name, known);
  if (file.kind !== "text") return file.kind;
  const order = { kind: "robots", url: url.href, agent: ROBOTS_AGENT } as const;
  const said = await decoder.decode(order, Buffer.from(file.text)).catch(() => null);
  if (said === null) return "unknown";
  return said.allowed ? "allowed" : "disallowed";
}

function isFresh(known: Known | null, now: Temporal.Instant): known is Known {
  return known !== null && Temporal.Instant.compare(known.at.add({ hours: KEPT_HOURS[known.file.kind] }), now) > 0;
}

/** The rules near this process. */
export function nearbyRules({ db }: Pick<Jikim, "db">): Nearby {
  const near = kept.get(db) ?? new Map<string, Known>();
  kept.set(db, near);
  return near;
}

function keep(near: Nearby, name: string, known: Known): void {
  if (known.file.kind === "text" && known.file.text.length > LONGEST_KEPT) return;
  near.delete(name);
  near.set(name, known);
  const [oldest] = near.keys();
  if (near.size > MOST_KEPT && oldest !== undefined) near.delete(oldest);
}

/** RFC 9309, 2.3.1: with 400 to 499 there are no rules; a server in trouble is one whose rules are not known. */
async function fetchRobots(url: URL, reach: Reach): Promise<RobotsFile | null> {
  const pool = openPool(reach);
  const errand = { pool, mostBytes: MOST_BYTES, method: "GET" as const, signal: AbortSignal.timeout(FETCH_MS) };
  try {
    const answer = await look(new URL("/robots.txt", url).href, errand);
    if ("failed" in answer) return answer.failed === "no-way" ? null : { kind: "unknown" };
    if (answer.status === 200 && answer.body !== null) return { kind: "text", text: answer.body.toString("utf8") };
    return { kind: answer.status >= 400 && answer.status < 500 && answer.status !== 429 ? "none" : "unknown" };
  } finally {
    await pool.destroy();
  }
}
