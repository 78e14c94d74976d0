import {
  beginTry,
  type Delivery,
  dropDelivery,
  layReady,
  loseTry,
  type NoticeFacts,
  type Settlement,
  setRight,
  settlementOf,
} from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findOutgoing, type Outgoing, saveDelivery } from "../store/delivery.ts";
import { findCaseOf } from "../store/holder.ts";
import { stopNotice } from "../store/leaving.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { findPlacesOf, lockNotice, type NoticeRow } from "../store/notice.ts";
import { findNoticeFacts } from "../store/notice-facts.ts";
import { findPlatform, holdsKey } from "../store/platform.ts";
import { findRecipient, lockRecipient, type Recipient } from "../store/recipient.ts";
import { hasArchive } from "./by-mail.ts";
import { mayFollowUp } from "./follow-up.ts";
import { mayLeave } from "./guard.ts";
import { wayOf } from "./hand-over.ts";
import { withholdMoved } from "./moved.ts";
import { type Parcel, pack } from "./parcel.ts";
import { withholdUnapproved } from "./policy.ts";
import { recordEvidence, recordFed, recordTry } from "./record.ts";

/**
 * Delivers what is in the outbox about a notice. The guards of casework are asked again here, under a lock that a withdrawal has to
 * wait for: what may not leave any more is stopped. What goes to somebody outside is first written down as handed over; when we die
 * before its end is recorded, it is in doubt.
 */
export async function sendNotice(jikim: Jikim, noticeId: string): Promise<void> {
  const caseId = await findCaseOf(jikim.db, "notice", noticeId);
  if (caseId === null) return;
  const { begun, doubted } = await jikim.db.transaction().execute((tx) => take(tx, jikim, { noticeId, caseId }));
  for (const parcel of begun) {
    const handed = await wayOf(parcel.channel).handOver(jikim, parcel);
    await jikim.db.transaction().execute((tx) => recordTry(tx, jikim, parcel, handed));
  }
  for (const parcel of doubted) {
    const found = await wayOf(parcel.channel).lookFor(jikim, parcel);
    await jikim.db.transaction().execute((tx) => recordEvidence(tx, jikim, parcel, found));
  }
}

type Where = { readonly noticeId: string; readonly caseId: string };
type Taken = { readonly begun: readonly Parcel[]; readonly doubted: readonly Parcel[] };
const NOTHING: Taken = { begun: [], doubted: [] };

/** What one round works with: the case and the notice are locked. */
type Round = {
  readonly tx: InTransaction;
  readonly jikim: Jikim;
  readonly row: NoticeRow;
  readonly recipient: Recipient;
  readonly facts: NoticeFacts;
  readonly now: Temporal.Instant;
};

async function take(tx: InTransaction, jikim: Jikim, { noticeId, caseId }: Where): Promise<Taken> {
  const now = jikim.now();
  const caseRow = await lockCase(tx, caseId);
  const row = await lockNotice(tx, noticeId);
  const withheld =
    row !== null && ((await withholdUnapproved(tx, row, now)) || (await withholdMoved(tx, jikim.vault, row, now)));
  const before = (await findOutgoing(tx, noticeId)).map((outgoing) =>
    outgoing.purpose === "notice" ? { ...outgoing, delivery: setRight(outgoing.delivery, now) } : outgoing,
  );
  const outbox = await loseTries(tx, jikim, before);
  if (withheld || outbox.some((one, at) => one !== before[at])) await refreshNext(tx, jikim.vault, caseId, now);
  if (caseRow === undefined || row === null || !outbox.some(({ delivery }) => isDue(delivery, now))) return NOTHING;
  await lockRecipient(tx, row.recipientId);
  const recipient = await findRecipient(tx, jikim.vault, row.recipientId);
  if (recipient === null) throw new Error("a notice lacks its recipient");
  const places = (await findPlacesOf(tx, [noticeId])).get(noticeId)?.length ?? 0;
  const facts = await findNoticeFacts(tx, jikim.vault, { caseRow, recipientId: row.recipientId, places });
  const round = { tx, jikim, row, recipient, facts, now };
  const parcels: Parcel[] = [];
  for (const outgoing of outbox) parcels.push(...(await takeOne(round, outgoing)));
  await refreshNext(tx, jikim.vault, caseId, now);
  return {
    begun: parcels.filter(({ delivery }) => delivery.state === "handed-over"),
    doubted: parcels.filter(({ delivery }) => delivery.state === "in-doubt"),
  };
}

/** Tries whose process died are in doubt from here on. */
async function loseTries(tx: InTransaction, jikim: Jikim, outbox: readonly Outgoing[]): Promise<Outgoing[]> {
  const now = jikim.now();
  const after: Outgoing[] = [];
  for (const outgoing of outbox) {
    const lost = loseTry(outgoing.delivery, settlement(jikim, outgoing), now);
    if (lost !== null) await saveDelivery(tx, outgoing, lost);
    after.push(lost === null ? outgoing : { ...outgoing, delivery: lost });
  }
  return after;
}

/** Takes one way for a try, or for a look at what became of the last one; the feed, our own, is done with here. */
async function takeOne(round: Round, outgoing: Outgoing): Promise<Parcel[]> {
  const { tx, jikim, row, recipient, now } = round;
  const { delivery, channel, purpose } = outgoing;
  if (!isDue(delivery, now)) return [];
  const settles = settlement(jikim, outgoing);
  const asks = delivery.state === "in-doubt" && settles === "ask";
  const letter = asks ? null : await mayBegin(round, outgoing, settles);
  if (letter === "stopped") return [];
  if (channel === "form") {
    const ready = layReady(delivery);
    if (ready !== null) await saveDelivery(tx, outgoing, ready);
    return [];
  }
  if (channel === "api") {
    const fed = holdsKey(await findPlatform(tx, recipient.id), now);
    await recordFed(tx, jikim, { outgoing, row, fed, letter });
    return [];
  }
  const begun = asks ? delivery : beginTry(delivery, settles, now);
  if (begun === null) return [];
  if (!asks) await saveDelivery(tx, { noticeId: row.id, purpose, channel, delivery }, begun);
  return [await pack(tx, jikim, { row, recipient, letter, outgoing, begun }, now)];
}

/** Asks the guards for what is about to begin, and drops what they refuse. @returns the words of a follow-up; null: the notice. */
async function mayBegin({ tx, jikim, row, recipient, facts, now }: Round, outgoing: Outgoing, settles: Settlement) {
  const { purpose, delivery } = outgoing;
  if (purpose === "notice") {
    if (mayLeave(facts)) return null;
    await stopNotice(tx, row.id, now);
    return "stopped" as const;
  }
  const may = await mayFollowUp(tx, jikim, { row, recipient, facts, purpose });
  if (may.do === "say") return may.letter;
  const after =
    may.do === "wait" && delivery.state === "pending"
      ? { ...delivery, dueAt: may.until }
      : dropDelivery(delivery, settles, now);
  if (after !== null) await saveDelivery(tx, outgoing, after);
  return "stopped" as const;
}

function settlement({ config }: Jikim, outgoing: Outgoing): Settlement {
  return settlementOf(outgoing.channel, { archive: hasArchive(config, outgoing) });
}

function isDue(delivery: Delivery, now: Temporal.Instant): boolean {
  const dueAt = delivery.state === "pending" ? delivery.dueAt : delivery.state === "in-doubt" ? delivery.askAt : null;
  return dueAt !== null && Temporal.Instant.compare(dueAt, now) <= 0;
}
