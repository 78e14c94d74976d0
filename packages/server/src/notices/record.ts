import {
  type Delivery,
  type DoubtAnswer,
  endTry,
  type FollowUp,
  isDeadAddress,
  sendByHand,
  settleDoubt,
  settlementOf,
  weighEvidence,
} from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { sendSoon } from "../jobs/queue.ts";
import { ServerRefusal } from "../refusal.ts";
import { hurryClimbs, startClimbs } from "../store/climb.ts";
import {
  type DeliveryKey,
  findOutgoing,
  leaveUnarchived,
  type Outgoing,
  saveDelivery,
  saveReference,
} from "../store/delivery.ts";
import { recordEnd } from "../store/ending.ts";
import { recordLeft, saveSigned, stopNotice } from "../store/leaving.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { lockNotice, type NoticeRow } from "../store/notice.ts";
import { doerOf, recordRelease } from "../store/release.ts";
import { findStaff } from "../store/staff.ts";
import { hasArchive } from "./by-mail.ts";
import { findRunningClock } from "./due.ts";
import type { Found, Handed } from "./handed.ts";
import { goAnotherWay } from "./next-way.ts";
import { type Parcel, signedOf } from "./parcel.ts";
import { tellLateEnd } from "./withdrawn.ts";

/** Records what came of one try. */
export async function recordTry(tx: InTransaction, jikim: Jikim, parcel: Parcel, handed: Handed): Promise<void> {
  const settlement = settlementOf(parcel.channel, { archive: hasArchive(jikim.config, parcel) });
  const by = { tries: parcel.delivery.tries, outcome: handed.outcome, settlement };
  await record(tx, jikim, parcel, { become: (delivery, now) => endTry(delivery, by, now), handed });
}

/** Records what was found out about a try that nobody had recorded. */
export async function recordEvidence(tx: InTransaction, jikim: Jikim, parcel: Parcel, found: Found): Promise<void> {
  const by = { tries: parcel.delivery.tries, evidence: found.evidence };
  const become = (delivery: Delivery, now: Temporal.Instant) => weighEvidence(delivery, by, now);
  await record(tx, jikim, parcel, { become, handed: found });
}

type What = {
  readonly become: (delivery: Delivery, now: Temporal.Instant) => Delivery | null;
  readonly handed: Pick<Handed, "reference" | "status" | "unarchived">;
};

async function record(tx: InTransaction, jikim: Jikim, parcel: Parcel, { become, handed }: What): Promise<void> {
  const now = jikim.now();
  const { noticeId, caseId, purpose, channel } = parcel;
  await lockCase(tx, caseId);
  const row = await lockNotice(tx, noticeId);
  const outgoing = (await findOutgoing(tx, noticeId)).find((one) => one.purpose === purpose && one.channel === channel);
  if (row === null || outgoing === undefined) return;
  if (handed.reference !== null) await saveReference(tx, jikim.vault, parcel, handed.reference);
  if (handed.unarchived) await leaveUnarchived(tx, parcel);
  const after = become(outgoing.delivery, now);
  if (after === null) return;
  await saveDelivery(tx, outgoing, after);
  const mail = channel === "mail" && after.state === "failed" ? parcel.recipient.card.mail : null;
  const status = handed.status ?? null;
  if (mail !== null && isDeadAddress(status)) await goAnotherWay(tx, jikim, { noticeId, mail, status });
  // The text that left, also when it was forgotten or stopped while it was on its way.
  if (after.state === "sent" && purpose === "notice") await saveSigned(tx, jikim.vault, noticeId, parcel.signed);
  await follow(tx, jikim, { row, outgoing, after });
}

type Become = { readonly row: NoticeRow; readonly outgoing: Outgoing; readonly after: Delivery };

/** What else changes when a way has become something. */
async function follow(tx: InTransaction, jikim: Jikim, { row, outgoing, after }: Become): Promise<void> {
  const now = jikim.now();
  if (after.state === "pending") await sendSoon(jikim.jobs, tx, row.id, after.dueAt);
  if (after.state === "in-doubt" && after.askAt !== null) await sendSoon(jikim.jobs, tx, row.id, after.askAt);
  if (outgoing.purpose === "notice" && after.state === "sent") await left(tx, jikim, row, after.at);
  if (outgoing.purpose === "notice" && after.state === "failed") await stopWhenNoWayIsLeft(tx, row, now);
  await refreshNext(tx, jikim.vault, row.caseId, now);
}

/** No way is left: its places can be asked anew, and their ladders go on. */
async function stopWhenNoWayIsLeft(tx: InTransaction, row: NoticeRow, now: Temporal.Instant): Promise<void> {
  const ways = (await findOutgoing(tx, row.id)).filter((one) => one.purpose === "notice");
  if (!ways.every(({ delivery }) => delivery.state === "failed")) return;
  await stopNotice(tx, row.id, now);
  // Also where nothing ever left: the next of the ladder is asked as if this one had said no.
  await startClimbs(tx, row, now);
  await hurryClimbs(tx, { noticeId: row.id }, now);
}

/** `letter`: the end of the notice; null: the notice itself. */
type ForFeed = {
  readonly row: NoticeRow;
  readonly outgoing: Outgoing;
  readonly letter: FollowUp | null;
  readonly fed: boolean;
};

/** Makes a notice, or its end, visible in the platform's feed; one whose key ran out or was revoked meanwhile has none. */
export async function recordFed(tx: InTransaction, jikim: Jikim, forFeed: ForFeed): Promise<void> {
  const { row, outgoing, letter, fed } = forFeed;
  const now = jikim.now();
  const { tries } = outgoing.delivery;
  const after: Delivery = { state: fed ? "sent" : "failed", tries: tries + 1, at: now };
  if (fed && letter !== null) await recordEnd(tx, jikim, row, letter);
  await saveDelivery(tx, outgoing, after);
  await follow(tx, jikim, { row, outgoing, after });
}

/** The first way that left makes the notice sent. */
async function left(tx: InTransaction, jikim: Jikim, row: NoticeRow, at: Temporal.Instant): Promise<void> {
  await signedOf(tx, jikim, (await lockNotice(tx, row.id)) ?? row, at);
  if (!(await recordLeft(tx, row, { at, due: await findRunningClock(tx, row, at) }))) return;
  const approver = row.approvedBy === null ? null : await findStaff(tx, row.approvedBy);
  const doer = doerOf(approver ?? { roles: [], pseudonym: null });
  await recordRelease(tx, jikim.vault, { ...doer, caseId: row.caseId, what: "notice-sent", at: jikim.now() });
  await tellLateEnd(tx, jikim, row);
}

/** What a person does about one way of a notice. */
export type ByPerson =
  | { readonly did: "settled"; readonly key: DeliveryKey; readonly answer: DoubtAnswer }
  | {
      readonly did: "sent-by-hand";
      readonly noticeId: string;
      readonly purpose: "notice" | "withdrawal";
      readonly at: Temporal.Instant;
    };

/**
 * A person settles a doubt, or says that she sent the form. The case is locked, and `inCase` works out the next act.
 * @throws {ServerRefusal} `NOTHING_TO_SETTLE`: somebody or something was first, or it was dropped.
 */
export async function recordByPerson(tx: InTransaction, jikim: Jikim, by: ByPerson): Promise<void> {
  const now = jikim.now();
  const key =
    by.did === "settled" ? by.key : ({ noticeId: by.noticeId, purpose: by.purpose, channel: "form" } as const);
  const row = await lockNotice(tx, key.noticeId);
  const outgoing = (await findOutgoing(tx, key.noticeId)).find(
    (one) => one.purpose === key.purpose && one.channel === key.channel,
  );
  const after =
    outgoing === undefined
      ? null
      : by.did === "settled"
        ? settleDoubt(outgoing.delivery, by.answer, now)
        : sendByHand(outgoing.delivery, Temporal.Instant.compare(by.at, now) > 0 ? now : by.at);
  if (row === null || outgoing === undefined || after === null) throw new ServerRefusal({ code: "NOTHING_TO_SETTLE" });
  await saveDelivery(tx, outgoing, after);
  await follow(tx, jikim, { row, outgoing, after });
}
