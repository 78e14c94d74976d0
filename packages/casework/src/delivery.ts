import type { Channel } from "./recipient.ts";

/**
 * One delivery of the outbox. Before anything is handed to somebody outside, that is written down; so a process that dies leaves
 * a delivery of which we know that we do not know, and that is settled by evidence or by a person, never by sending again.
 *
 * pending: to be handed over at `dueAt` · handed-over: a try is under way, lost with its process after `until` · in-doubt: nobody
 * recorded what became of the last try; evidence is looked for at `askAt`, or a person decides · by-hand: a web form that a person
 * fills in · sent · failed: it will not leave.
 */
export type Delivery =
  | { readonly state: "pending"; readonly tries: number; readonly dueAt: Temporal.Instant }
  | {
      readonly state: "handed-over";
      readonly tries: number;
      readonly until: Temporal.Instant;
      /** Since when an earlier try, of which this is a repeat, is in doubt. */
      readonly doubtedSince: Temporal.Instant | null;
    }
  | {
      readonly state: "in-doubt";
      readonly tries: number;
      readonly since: Temporal.Instant;
      /** How often evidence was looked for. */
      readonly asked: number;
      /** null: only a person can tell. */
      readonly askAt: Temporal.Instant | null;
    }
  | { readonly state: "by-hand"; readonly tries: number }
  | { readonly state: "sent"; readonly tries: number; readonly at: Temporal.Instant }
  | { readonly state: "failed"; readonly tries: number; readonly at: Temporal.Instant };

export const DELIVERY_STATES = ["pending", "handed-over", "in-doubt", "by-hand", "sent", "failed"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/**
 * What a doubt about a channel is settled by. repeat: its service takes the same key twice as one report · ask: it, or our archive,
 * can be asked whether the try was taken · person: nothing but a person can tell.
 */
export type Settlement = "repeat" | "ask" | "person";

/** AWS returns the first report for a token that comes again within 24 hours; after that it would be a second one. */
export function settlementOf(channel: Channel, has: { readonly archive: boolean }): Settlement {
  if (channel === "aws") return "repeat";
  if (channel === "cloudflare" || (channel === "mail" && has.archive)) return "ask";
  return "person";
}

/** accepted: taken · refused: never will be · not-taken: surely not taken, try later · unknown: nobody can say. */
export type TryOutcome = "accepted" | "refused" | "not-taken" | "unknown";

/** absent: looked, and it is not there (yet) · unavailable: could not look. */
export type Evidence = "accepted" | "refused" | "absent" | "unavailable";

/** What a person says of a delivery in doubt. */
export const DOUBT_ANSWERS = ["arrived", "send-again"] as const;
export type DoubtAnswer = (typeof DOUBT_ANSWERS)[number];

/** Tries: with doubling pauses from one minute, the last about three days after the first (RFC 5321, 4.5.4.1: 4 to 5 days at most). */
export const MOST_TRIES = 13;
const FIRST_PAUSE_SECONDS = 60;
/** Longer than one hand-over can take; afterwards its process counts as dead. Ours. */
const TRY_SECONDS = 180;
/** Our mail server may hold a copy back for a while: before this, that it is absent says nothing. Ours. */
export const ABSENT_SECONDS = 30 * 60;
/** An hour less than a service keeps a key (AWS Abuse Signal API, CreateAbuseReport, clientToken: 24 hours). */
const REPEAT_SECONDS = 23 * 3600;
/** Looks for evidence, with doubling pauses from one minute: about eight hours; then a person decides. Ours. */
const MOST_ASKED = 9;

const isAfter = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) > 0;
const earlier = (a: Temporal.Instant, b: Temporal.Instant) => (isAfter(a, b) ? b : a);
/** Not when the doubt began in a time to come either: then nobody knows how long ago that was. */
const isRepeatable = (since: Temporal.Instant, now: Temporal.Instant) =>
  !isAfter(now, since.add({ seconds: REPEAT_SECONDS })) && !isAfter(since, now.add({ hours: 1 }));
const pause = (times: number) => ({ seconds: FIRST_PAUSE_SECONDS * 2 ** times });

/** No pause is longer, so that what is due later than that was planned by a clock that was ahead. */
export const LONGEST_PAUSE_HOURS = 48;

/** A notice that waits for a moment which only a wrong clock can have named waits for it no more. */
export function setRight(delivery: Delivery, now: Temporal.Instant): Delivery {
  const isFar = (at: Temporal.Instant | null) => at !== null && isAfter(at, now.add({ hours: LONGEST_PAUSE_HOURS }));
  switch (delivery.state) {
    case "pending":
      return isFar(delivery.dueAt) ? { ...delivery, dueAt: now } : delivery;
    case "handed-over":
      return isFar(delivery.until) ? { ...delivery, until: now } : delivery;
    case "in-doubt":
      return isFar(delivery.askAt) ? { ...delivery, askAt: now } : delivery;
    default:
      return delivery;
  }
}

/**
 * Takes a delivery for one try: record it before handing over. Null when there is nothing to hand over now. A doubt is tried again
 * only where the same key twice is one report.
 */
export function beginTry(delivery: Delivery, settlement: Settlement, now: Temporal.Instant): Delivery | null {
  const repeats = delivery.state === "in-doubt" && settlement === "repeat";
  const dueAt = repeats ? delivery.askAt : delivery.state === "pending" ? delivery.dueAt : null;
  if (dueAt === null || isAfter(dueAt, now)) return null;
  const doubtedSince = delivery.state === "in-doubt" ? delivery.since : null;
  if (doubtedSince !== null && !isRepeatable(doubtedSince, now)) return null;
  return { state: "handed-over", tries: delivery.tries + 1, until: now.add({ seconds: TRY_SECONDS }), doubtedSince };
}

/**
 * A try whose process died is in doubt, and a doubt that can be repeated no more waits for a person. Null while it may still be
 * under way.
 */
export function loseTry(delivery: Delivery, settlement: Settlement, now: Temporal.Instant): Delivery | null {
  if (delivery.state === "in-doubt" && settlement === "repeat" && delivery.askAt !== null)
    return isRepeatable(delivery.since, now) ? null : { ...delivery, askAt: null };
  if (delivery.state !== "handed-over" || isAfter(delivery.until, now)) return null;
  return doubt(delivery, settlement, now);
}

/**
 * What a delivery becomes by the outcome of a try, also when it was put in doubt or dropped meanwhile: what left, left.
 * Null when that try says nothing any more, because a later one was begun or the delivery has ended.
 *
 * @param by  the number of the try, as `beginTry` counted it.
 */
export function endTry(
  delivery: Delivery,
  by: { readonly tries: number; readonly outcome: TryOutcome; readonly settlement: Settlement },
  now: Temporal.Instant,
): Delivery | null {
  const { tries } = delivery;
  if (delivery.state === "sent") return null;
  if (by.outcome === "accepted") return { state: "sent", tries, at: now };
  if (by.tries !== tries || (delivery.state !== "handed-over" && delivery.state !== "in-doubt")) return null;
  if (by.outcome === "unknown") return delivery.state === "in-doubt" ? null : doubt(delivery, by.settlement, now);
  if (by.outcome === "refused") return { state: "failed", tries, at: now };
  // That a repeat was not taken says nothing of the try before it.
  if (delivery.state === "in-doubt" && by.settlement === "repeat") return null;
  const wasDoubted = delivery.state === "handed-over" && delivery.doubtedSince !== null;
  return wasDoubted ? doubt(delivery, by.settlement, now) : tryLater(tries, now);
}

/**
 * What a delivery in doubt becomes by evidence that was looked for. Null when it is in doubt no longer, or in doubt about another try:
 * that one left nothing says nothing of the next.
 *
 * @param by  the number of the try that was looked for, and what was found; a find is one of any try.
 */
export function weighEvidence(
  delivery: Delivery,
  by: { readonly tries: number; readonly evidence: Evidence },
  now: Temporal.Instant,
): Delivery | null {
  if (delivery.state !== "in-doubt") return null;
  const { tries, since } = delivery;
  const { evidence } = by;
  if (by.tries !== tries && evidence !== "accepted") return null;
  if (evidence === "accepted") return { state: "sent", tries, at: earlier(since, now) };
  if (evidence === "refused") return { state: "failed", tries, at: now };
  const late = !isAfter(since.add({ seconds: ABSENT_SECONDS }), now);
  if (evidence === "absent" && late) return tryLater(tries, now, 0);
  const asked = delivery.asked + 1;
  return { ...delivery, asked, askAt: asked >= MOST_ASKED ? null : now.add(pause(asked)) };
}

/** A person settles a doubt. Null when there is none (any more). */
export function settleDoubt(delivery: Delivery, answer: DoubtAnswer, now: Temporal.Instant): Delivery | null {
  if (delivery.state !== "in-doubt") return null;
  const { tries, since } = delivery;
  return answer === "arrived"
    ? { state: "sent", tries, at: earlier(since, now) }
    : { state: "pending", tries, dueAt: now };
}

/** What goes by a web form and may be said now lies ready for a person. Null when it does not wait. */
export function layReady(delivery: Delivery): Delivery | null {
  return delivery.state === "pending" ? { state: "by-hand", tries: delivery.tries } : null;
}

/** A person sent the form of a prepared sheet. @param at  when she did. */
export function sendByHand(delivery: Delivery, at: Temporal.Instant): Delivery | null {
  return delivery.state === "by-hand" ? { state: "sent", tries: delivery.tries, at } : null;
}

/** Nothing more of it is handed over. What is under way or in doubt may have left: that is found out all the same. */
export function dropDelivery(delivery: Delivery, settlement: Settlement, now: Temporal.Instant): Delivery | null {
  if (delivery.state === "in-doubt" && settlement === "repeat" && delivery.askAt !== null)
    return { ...delivery, askAt: null };
  if (delivery.state !== "pending" && delivery.state !== "by-hand") return null;
  return { state: "failed", tries: delivery.tries, at: now };
}

type HandedOver = Extract<Delivery, { state: "handed-over" }>;

function doubt({ tries, doubtedSince }: HandedOver, settlement: Settlement, now: Temporal.Instant): Delivery {
  const since = doubtedSince ?? now;
  const askAt = now.add(pause(settlement === "repeat" ? tries - 1 : 0));
  const repeats = tries < MOST_TRIES && !isAfter(askAt, since.add({ seconds: REPEAT_SECONDS }));
  const canTell = settlement === "ask" || (settlement === "repeat" && repeats);
  return { state: "in-doubt", tries, since, asked: 0, askAt: canTell ? askAt : null };
}

function tryLater(tries: number, now: Temporal.Instant, times = tries - 1): Delivery {
  if (tries >= MOST_TRIES) return { state: "failed", tries, at: now };
  return { state: "pending", tries, dueAt: now.add(pause(times)) };
}
