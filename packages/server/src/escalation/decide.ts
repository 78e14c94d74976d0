import { decideEscalation, type Escalation, type EscalationFacts } from "@jikim/casework";
import type { PlaceLadder, Step } from "../notices/ladder.ts";
import type { Past } from "../store/climb-facts.ts";
import type { SignedPolicy } from "../store/policy.ts";

/** What about one place is to be done now; `step`: of the rung that it is about. */
export type Decided = {
  readonly placeId: string;
  readonly step: Step | null;
  readonly what: Escalation | { readonly do: "wait"; readonly why: "still-asking" | "prepared"; readonly until: null };
};

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

/** Finds the next rung of one place and what the rules say of it. */
export function decidePlace(side: CaseSide, place: PlaceSide): Decided {
  const { placeId, past, ladder } = place;
  const about = { placesLeft: past.state === "removed" ? 0 : 1, answer: past.answer, named: [...past.named.keys()] };
  const stop = decideEscalation({
    ...side,
    ...about,
    ...NOBODY,
    next: { recipientId: "", ground: null, dueAt: side.now },
  });
  // Whoever is next: it ends here, or has to wait for something else than its time.
  if (stop.do === "end" || stop.do === "wait") return { placeId, step: null, what: stop };
  if (past.prepared) return { placeId, step: null, what: { do: "wait", why: "prepared", until: null } };
  for (const step of ladder.steps) {
    const candidate = past.done.has(step.recipientId) ? null : place.candidateOf(step);
    if (candidate === null || !candidate.reachable) continue;
    const what = decideEscalation({
      ...{ ...side, ...about },
      next: {
        recipientId: step.recipientId,
        ground: candidate.ground,
        dueAt: place.startedAt.add({ minutes: Math.round(step.afterHours * 60) }),
      },
      policies: candidate.policies,
      nextHostile: candidate.hostile,
    });
    if (what.do !== "skip") return { placeId, step, what };
  }
  if (ladder.asking) return { placeId, step: null, what: { do: "wait", why: "still-asking", until: null } };
  return { placeId, step: null, what: { do: "end", why: "nothing-left" } };
}
