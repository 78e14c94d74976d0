import { checkNotice, KOREA_TARGET, Refusal } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { sendSoon } from "../jobs/queue.ts";
import { noticeMail } from "../mail/notice-mail.ts";
import { type MailOutcome, sendMail } from "../mail/transport.ts";
import { findCentre } from "../store/centre.ts";
import {
  endDelivery,
  findPending,
  putOff,
  recordLeft,
  saveSigned,
  stopNotice,
  takeDelivery,
} from "../store/delivery.ts";
import { findCaseOf } from "../store/holder.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { findPlacesOf, lockNotice, type NoticeRow, openSigned } from "../store/notice.ts";
import { findNoticeFacts } from "../store/notice-facts.ts";
import { findPlatform, holdsKey, type PlatformRow } from "../store/platform.ts";
import { findRecipient, lockRecipient } from "../store/recipient.ts";
import { doerOf, recordRelease } from "../store/release.ts";
import { findStaff } from "../store/staff.ts";
import { signNotice } from "./wire.ts";

/** Tries of a mail: with doubling pauses from one minute, the last about three days after the first. */
const MOST_TRIES = 13;
const FIRST_PAUSE_SECONDS = 60;
/** Longer than a mail can take: until then a try that was begun is not begun again. */
const TRY_SECONDS = 180;

/**
 * Delivers what is in the outbox for a notice. The guards of casework are asked again here, under a lock that a withdrawal has to
 * wait for: what may not leave any more is stopped.
 */
export async function sendNotice(jikim: Jikim, noticeId: string): Promise<void> {
  const caseId = await findCaseOf(jikim.db, "notice", noticeId);
  if (caseId === null) return;
  const mail = await jikim.db.transaction().execute((tx) => deliver(tx, jikim, { noticeId, caseId }));
  if (mail === null) return;
  const { smtp, mailFrom } = jikim.config;
  const outcome: MailOutcome =
    smtp === null
      ? "unreachable"
      : await sendMail(smtp, noticeMail(mail.signed, mail.certificate, { to: mail.to, from: mailFrom }));
  await jikim.db.transaction().execute((tx) => recordMail(tx, jikim, { noticeId, caseId, mail, outcome }));
}

type Where = { readonly noticeId: string; readonly caseId: string };
/** A mail that was taken for one try. */
type TakenMail = {
  readonly signed: Signed;
  readonly certificate: Signed;
  readonly to: string;
  readonly tries: number;
};

/** Makes the notice visible in the platform's feed; what is left to do outside the transaction is the mail. */
async function deliver(tx: InTransaction, jikim: Jikim, { noticeId, caseId }: Where): Promise<TakenMail | null> {
  const now = jikim.now();
  const caseRow = await lockCase(tx, caseId);
  const row = await lockNotice(tx, noticeId);
  const pending = new Set((await findPending(tx, noticeId)).map((delivery) => delivery.channel));
  if (caseRow === undefined || row === null || pending.size === 0) return null;
  await lockRecipient(tx, row.recipientId);
  const platform = await findPlatform(tx, row.recipientId);
  const places = (await findPlacesOf(tx, [noticeId])).get(noticeId)?.length ?? 0;
  const facts = await findNoticeFacts(tx, jikim.vault, { caseRow, recipientId: row.recipientId, places });
  if (!mayLeave(facts)) {
    await stopNotice(tx, noticeId, now);
    await refreshNext(tx, jikim.vault, caseId, now);
    return null;
  }
  const signed = row.signedSealed ? openSigned(jikim.vault, { ...row, signedSealed: row.signedSealed }) : null;
  const leaving = signed ?? (await signNotice(tx, jikim, row, now));
  if (signed === null) await saveSigned(tx, jikim.vault, noticeId, leaving);
  if (pending.has("api")) await feed(tx, jikim, { row, platform, now });
  return pending.has("mail") ? takeMail(tx, jikim, { row, signed: leaving, now }) : null;
}

type Fed = { readonly row: NoticeRow; readonly platform: PlatformRow | null; readonly now: Temporal.Instant };

/** A platform whose key ran out or was revoked meanwhile has no feed. */
async function feed(tx: InTransaction, jikim: Jikim, { row, platform, now }: Fed): Promise<void> {
  const state = holdsKey(platform, now) ? "sent" : "failed";
  await endDelivery(tx, { noticeId: row.id, channel: "api" }, { state, now });
  if (state === "sent") await left(tx, jikim, row, now);
  else if ((await findPending(tx, row.id)).length === 0) await stopNotice(tx, row.id, now);
  await refreshNext(tx, jikim.vault, row.caseId, now);
}

function mayLeave(facts: Parameters<typeof checkNotice>[0]): boolean {
  try {
    checkNotice(facts);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

async function takeMail(
  tx: InTransaction,
  { vault }: Jikim,
  { row, signed, now }: { readonly row: NoticeRow; readonly signed: Signed; readonly now: Temporal.Instant },
): Promise<TakenMail | null> {
  const mail = (await findRecipient(tx, vault, row.recipientId))?.card.mail ?? null;
  const { serviceCertificate: certificate } = await findCentre(tx);
  if (mail === null || certificate === null) return null;
  const span = { now, nextTryAt: now.add({ seconds: TRY_SECONDS }) };
  const tries = await takeDelivery(tx, { noticeId: row.id, channel: "mail" }, span);
  return tries === null ? null : { signed, certificate, to: mail, tries };
}

type Tried = Where & { readonly mail: TakenMail; readonly outcome: MailOutcome };

async function recordMail(tx: InTransaction, jikim: Jikim, tried: Tried): Promise<void> {
  const { noticeId, caseId, mail, outcome } = tried;
  const now = jikim.now();
  const delivery = { noticeId, channel: "mail" as const };
  await lockCase(tx, caseId);
  const row = await lockNotice(tx, noticeId);
  if (row === null) return;
  if (outcome === "accepted") {
    await endDelivery(tx, delivery, { state: "sent", now });
    // The text that left, also when it was forgotten or stopped while the mail was on its way.
    await saveSigned(tx, jikim.vault, noticeId, mail.signed);
    await left(tx, jikim, row, now);
  } else if (outcome === "refused" || mail.tries >= MOST_TRIES) {
    await endDelivery(tx, delivery, { state: "failed", now });
    // No way is left: its places can be asked anew.
    if ((await findPending(tx, noticeId)).length === 0) await stopNotice(tx, noticeId, now);
  } else {
    const again = now.add({ seconds: FIRST_PAUSE_SECONDS * 2 ** (mail.tries - 1) });
    await putOff(tx, delivery, again);
    await sendSoon(jikim.jobs, tx, noticeId, again);
  }
  await refreshNext(tx, jikim.vault, caseId, now);
}

/** The first delivery that left makes the notice sent. The answer's clock is the Korean board's own target: a policy, not a law. */
async function left(tx: InTransaction, jikim: Jikim, row: NoticeRow, now: Temporal.Instant): Promise<void> {
  if (!(await recordLeft(tx, row, KOREA_TARGET, now))) return;
  const approver = row.approvedBy === null ? null : await findStaff(tx, row.approvedBy);
  const doer = doerOf(approver ?? { roles: [], pseudonym: null });
  await recordRelease(tx, { ...doer, caseId: row.caseId, what: "notice-sent", at: now });
  await refreshNext(tx, jikim.vault, row.caseId, now);
}
