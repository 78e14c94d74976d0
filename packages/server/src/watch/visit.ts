import type { Agent } from "undici";
import { openPool } from "../checks/connect.ts";
import { type Decoder, sharedDecoder } from "../checks/decoder/process.ts";
import { type Answered, look, type Validators } from "../checks/fetch.ts";
import { type Means, reachFrom } from "../checks/look.ts";
import { askRobots } from "../checks/robots.ts";
import { findStanding } from "../checks/way.ts";
import type { Jikim } from "../jikim.ts";
import { noteVantages } from "../store/vantage.ts";

/** What was remembered of an address. */
export type VisitMemory = { readonly page: Validators };

/** What an address answered; `body` null: it has not changed since. */
export type Visited = Answered | { readonly failed: "disallowed" | "unreachable" };

/** Visits addresses for the watch, always by the rules of their robots.txt. */
export type Visitor = {
  readonly decoder: Decoder;
  readonly signal: AbortSignal;
  visit(address: string, most: VisitBounds): Promise<Visited>;
  close(): Promise<void>;
};

export type VisitBounds = {
  readonly mostBytes: number;
  readonly mostFilmBytes?: number;
  readonly since?: VisitMemory | null;
};

const VISIT_MS = 240_000;

/** By one way that is not known to be down. */
export async function openVisitor(jikim: Jikim, means: Means): Promise<Visitor> {
  const vantage = await findStanding(jikim);
  let isDown = false;
  const onDown = () => {
    isDown = true;
  };
  const reach = { ...reachFrom(jikim, vantage, means), onDown };
  const { decoder = sharedDecoder() } = means;
  const pool: Agent = openPool(reach);
  const signal = AbortSignal.timeout(VISIT_MS);
  const isWelcome = async (url: URL): Promise<boolean> => {
    const said = await askRobots(jikim, url, { reach, decoder });
    // RFC 9309, 2.3.1.4: rules that cannot be had forbid everything.
    return said === "allowed" || said === "none";
  };
  const visit = async (address: string, { since = null, ...most }: VisitBounds): Promise<Visited> => {
    const errand = { pool, signal, method: "GET" as const, isWelcome, ...most, since: since?.page ?? null };
    const answer = await look(address, errand);
    if (vantage !== undefined && reach.proxy != null) await noteWay(jikim, vantage.name, isDown);
    if (!("failed" in answer)) return answer;
    return { failed: answer.failed === "unwelcome" && !isDown ? "disallowed" : "unreachable" };
  };
  return { decoder, signal, visit, close: () => pool.destroy() };
}

/** Whoever visits next goes by another way, or by this one again. */
async function noteWay({ db, now }: Jikim, name: string, isDown: boolean): Promise<void> {
  await noteVantages(db, { up: isDown ? [] : [name], down: isDown ? [name] : [] }, now());
}

export function memoryOf({ validators }: Answered): VisitMemory | null {
  return validators === null ? null : { page: validators };
}
