import { decideEscalation, type Escalation, type EscalationFacts } from "@jikim/casework";
import type { PlaceLadder, Step } from "../notices/ladder.ts";
import type { Past } from "../store/climb-facts.ts";
import type { SignedPolicy } from "../store/policy.ts";

/** A rung that is taken now: sent by itself, or prepared for one key. */
export type Take = { readonly step: Step; readonly what: Extract<Escalation, { do: "send" | "prepare" }> };

/** What comes after: when the ladder is looked at again (null: after a while), or that it has ended. */
export type Rest =
  | { readonly do: "wait"; readonly why: string; readonly until: Temporal.Instant | null }
  | { readonly do: "end"; readonly why: string };

export type Decided = { readonly placeId: string; readonly takes: readonly Take[]; readonly rest: Rest };

/** What is known of somebody who stands on a ladder. */
export type Candidate = {
  readonly hostile: boolean;
  readonly reachable: boolean;
  /** Id of the ground on which he would be asked about this place. */
  readonly ground: string | null;
  readonly policies: readonly SignedPolicy[];
};

/** What is the same for all places of a case. */
export type CaseSide = Pick<
  EscalationFacts,
  "now" | "remove" | "hasMandate" | "caseClosed" | "threatActive" | "policeHold"
>;

export type PlaceSide = {
  readonly placeId: string;
  readonly startedAt: Temporal.Instant;
  readonly past: Past;
  readonly ladder: PlaceLadder;
  readonly candidateOf: (step: Step) => Candidate | null;
};

const NOBODY = { policies: [], nextHostile: false };

/**
 * Finds the rungs of one place that are taken now. Of those that need a key those of one hour are prepared together, for one key, and
 * hold up none that needs no key; an hour that comes early, because the answer before it was a no, comes alone.
 */
export function decidePlace(side: CaseSide, place: PlaceSide): Decided {
  const { placeId, past, ladder, startedAt } = place;
  const about = { placesLeft: past.state === "removed" ? 0 : 1, answer: past.answer, named: [...past.named.keys()] };
  const facts = { ...side, ...about };
  const stop = decideEscalation({ ...facts, ...NOBODY, next: { recipientId: "", ground: null, dueAt: side.now } });
  // Whoever is next: it ends here, or has to wait for something else than its time.
  if (stop.do === "end" || stop.do === "wait") return { placeId, takes: [], rest: stop };
  const takes: Take[] = [];
  /** Hours of the rung that is prepared in this look; those who stand beside each other are one key. */
  let preparing: number | null = null;
  let early: number | null = null;
  for (const step of ladder.steps) {
    if (early !== null && step.afterHours !== early) break;
    const candidate = past.done.has(step.recipientId) ? null : place.candidateOf(step);
    if (candidate === null || !candidate.reachable) continue;
    const dueAt = startedAt.add({ minutes: Math.round(step.afterHours * 60) });
    const next = { recipientId: step.recipientId, ground: candidate.ground, dueAt };
    const { policies, hostile: nextHostile } = candidate;
    const what = decideEscalation({ ...facts, next, policies, nextHostile });
    if (what.do === "end" || what.do === "wait") return { placeId, takes, rest: what };
    const waits: boolean = past.prepared || (preparing !== null && preparing !== step.afterHours);
    if (what.do === "skip" || (what.do === "prepare" && waits)) continue;
    takes.push({ step, what });
    if (what.do === "prepare") preparing = step.afterHours;
    if (Temporal.Instant.compare(dueAt, side.now) > 0) early = step.afterHours;
  }
  const isOver = takes.length === 0 && !past.prepared && !ladder.asking;
  return { placeId, takes, rest: isOver ? { do: "end", why: "nothing-left" } : AFTER_A_WHILE };
}

const AFTER_A_WHILE: Rest = { do: "wait", why: "taken", until: null };
