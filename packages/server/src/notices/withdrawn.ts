import { type Channel, isLive } from "@jikim/casework";
import { type Signed, sign } from "@jikim/evidence";
import { noticeSchema } from "@jikim/sdk/wire";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { sendSoon } from "../jobs/queue.ts";
import { consentTo, findConsents } from "../store/consent.ts";
import { findOutgoing, insertDeliveries, type Outgoing } from "../store/delivery.ts";
import { putBackEndForms } from "../store/end-form.ts";
import { endNotices, findSigned } from "../store/ending.ts";
import { saveSigned } from "../store/leaving.ts";
import { type NoticeRow, openSigned } from "../store/notice.ts";
import { findRecipient } from "../store/recipient.ts";

type Telling = Pick<Jikim, "vault" | "jobs">;

/**
 * Everybody who was asked is told, by the way by which it reached them, that nothing more is asked: call it when a withdrawal is in
 * effect, with the case locked. In which words, and whether at all, is decided when it leaves.
 */
export async function tellWithdrawn(
  tx: InTransaction,
  jikim: Telling,
  caseId: string,
  now: Temporal.Instant,
): Promise<void> {
  for (const row of await endNotices(tx, caseId, now)) {
    // Who said that it is none of theirs, or that the poster objects, is done with it already.
    if (row.answer === "not-ours" || row.answer === "counter-notice") continue;
    const mail = (await findRecipient(tx, jikim.vault, row.recipientId))?.card.mail ?? null;
    const left = (await findOutgoing(tx, row.id)).filter(
      ({ purpose, delivery }) => purpose === "notice" && delivery.state === "sent",
    );
    const ways = new Set(left.flatMap(({ channel }) => wayBack(channel, mail)));
    await insertDeliveries(
      tx,
      [...ways].map((channel) => outgoing(row.id, channel, now)),
    );
    if (ways.size > 0) await sendSoon(jikim.jobs, tx, row.id);
  }
}

/** A report to a service's API cannot be taken back there; where it gave an address it is told by mail. */
function wayBack(channel: Channel, mail: string | null): readonly Channel[] {
  if (channel === "cloudflare" || channel === "aws") return mail === null ? [] : ["mail"];
  return [channel];
}

function outgoing(noticeId: string, channel: Channel, now: Temporal.Instant): Outgoing {
  // Also by a web form, which lies ready for a person once it may be told.
  return { noticeId, purpose: "withdrawal", channel, delivery: { state: "pending", tries: 0, dueAt: now } };
}

/** Something changed by which the end of a request may be told, or not: what lies ready in a locked case is decided anew. */
export async function reweighEnds(
  tx: InTransaction,
  { jobs }: Pick<Jikim, "jobs">,
  caseId: string,
  now: Temporal.Instant,
): Promise<void> {
  for (const noticeId of await putBackEndForms(tx, caseId, now)) await sendSoon(jobs, tx, noticeId);
}

/** A notice that turns out to have left although she had withdrawn: who got it is told as well. */
export async function tellLateEnd(tx: InTransaction, jikim: Jikim, row: Pick<NoticeRow, "caseId">): Promise<void> {
  if (!isLive(consentTo("remove", await findConsents(tx, row.caseId))))
    await tellWithdrawn(tx, jikim, row.caseId, jikim.now());
}

/**
 * She shares her fingerprints no more: what is still shown of notices that left is signed anew without them. The rest of each
 * text stays as it was.
 */
export async function stripFingerprints(
  tx: InTransaction,
  { vault, service }: Pick<Jikim, "vault" | "service">,
  caseId: string,
): Promise<void> {
  for (const row of await findSigned(tx, caseId)) {
    const signed: Signed = openSigned(vault, row);
    const told = noticeSchema.parse(JSON.parse(signed.payload));
    if (told.fingerprints.length === 0) continue;
    await saveSigned(tx, vault, row.id, sign("notice", { ...told, fingerprints: [] }, service.secret));
  }
}
