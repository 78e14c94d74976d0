import { answerOf, type MailClass, mayFollow, Refusal } from "@jikim/casework";
import type { FastifyRequest } from "fastify";
import type { Mail, MailsConfirmed } from "../../contract/mail.ts";
import type { InTransaction } from "../../database.ts";
import type { Jikim } from "../../jikim.ts";
import { takeAnswer } from "../../notices/answer.ts";
import { ServerRefusal } from "../../refusal.ts";
import type { MailRow } from "../../store/mail.ts";
import { lockMail, type Settling, settleMail } from "../../store/mail-change.ts";
import { findMail } from "../../store/mail-list.ts";
import { lockCase, refreshNext } from "../../store/next.ts";
import { lockNotice } from "../../store/notice.ts";
import type { SignedIn } from "../../store/session.ts";
import { inCase, isCertified, wrapOf } from "./case-guard.ts";

type Left = MailsConfirmed["left"][number]["why"];

/** @throws {ServerRefusal} `NOT_FOUND`, `MAIL_UNSORTED`, `MAIL_SETTLED`, `NOTICE_ANSWERED`, `NOTICE_NOT_SENT`, those of `inCase`. */
export async function confirm(
  jikim: Jikim,
  request: FastifyRequest,
  { id, as }: { readonly id: string; readonly as: MailClass },
): Promise<void> {
  const mail = await findMail(jikim.db, jikim.vault, id);
  if (mail === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  if (mail.notice === null)
    throw new ServerRefusal({ code: mail.state === "unsorted" ? "MAIL_UNSORTED" : "MAIL_SETTLED" });
  const { caseId, id: noticeId } = mail.notice;
  await inCase(jikim, request, caseId, async ({ tx, person, now }) => {
    const left = await settle(tx, jikim, { id, noticeId }, { as, staffId: person.staffId, now });
    if (left !== null) throw new ServerRefusal({ code: left });
  });
}

type Together = { readonly mails: readonly string[]; readonly class: MailClass };

/**
 * Confirms several mails of one class in one transaction. What was overtaken meanwhile stays as it is, and is named with why. Whether
 * a mail is sure is asked only of who holds its case: the answer says what somebody wrote.
 *
 * @throws {ServerRefusal} `NOT_FOUND`, `NOT_CERTIFIED`, `CASE_NOT_HELD`, `MAIL_NOT_SURE`: it is to be read by itself.
 * @throws {Refusal} `CASE_CLOSED`. After each of these nothing is confirmed.
 */
export async function confirmAll(
  jikim: Jikim,
  person: SignedIn,
  { mails, class: as }: Together,
): Promise<MailsConfirmed> {
  return jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    if (!(await isCertified(tx, person.staffId, now))) throw new ServerRefusal({ code: "NOT_CERTIFIED" });
    const found: Mail[] = [];
    for (const id of new Set(mails)) {
      const mail = await findMail(tx, jikim.vault, id);
      if (mail === null) throw new ServerRefusal({ code: "NOT_FOUND" });
      found.push(mail);
    }
    // In one order, so that two people who confirm at once never wait for each other.
    const cases = [...new Set(found.flatMap(({ notice }) => notice?.caseId ?? []))].sort();
    for (const caseId of cases) await lockHeld(tx, { person, caseId, now });
    if (found.some((mail) => !mail.sure || mail.class !== as)) throw new ServerRefusal({ code: "MAIL_NOT_SURE" });
    const done: { confirmed: string[]; left: { id: string; why: Left }[] } = { confirmed: [], left: [] };
    for (const { id, notice } of found) {
      const why = await settle(tx, jikim, { id, noticeId: notice?.id ?? null }, { as, staffId: person.staffId, now });
      if (why === null) done.confirmed.push(id);
      else done.left.push({ id, why });
    }
    for (const caseId of cases) await refreshNext(tx, jikim.vault, caseId, now);
    return done;
  });
}

type Holding = { readonly person: SignedIn; readonly caseId: string; readonly now: Temporal.Instant };

async function lockHeld(tx: InTransaction, holding: Holding): Promise<void> {
  const caseRow = await lockCase(tx, holding.caseId);
  await wrapOf(tx, holding);
  if (caseRow?.state === "closed") throw new Refusal({ code: "CASE_CLOSED" });
}

type Seen = { readonly id: string; readonly noticeId: string | null };

/** Settles a mail of a locked case and takes its answer. @returns why it was left as it is; null: settled. */
async function settle(
  tx: InTransaction,
  jikim: Jikim,
  { id, noticeId }: Seen,
  settling: Settling,
): Promise<Left | null> {
  const row = await lockMail(tx, id);
  // It may have been attached elsewhere meanwhile.
  if (row === null || row.state !== "waiting" || row.noticeId !== noticeId) return "MAIL_SETTLED";
  const said = await saidIn(tx, row, settling.as);
  if (said.left !== null) return said.left;
  if (!(await settleMail(tx, id, settling))) return "MAIL_SETTLED";
  if (said.answer !== null && noticeId !== null)
    await takeAnswer(tx, jikim, { noticeId, answer: said.answer, at: row.receivedAt });
  return null;
}

/** The answer that a mail of this class gives its notice, if any, or why the notice takes none. */
async function saidIn(tx: InTransaction, mail: MailRow, as: MailClass) {
  const answer = answerOf(as);
  const notice = answer === null || mail.noticeId === null ? null : await lockNotice(tx, mail.noticeId);
  if (answer === null || notice === null) return { answer: null, left: null };
  const mayAnswer = mayFollow(notice.answer, answer);
  // A receipt that comes after the answer says nothing new.
  if (answer === "received" && !mayAnswer) return { answer: null, left: null };
  if (notice.state !== "sent" && notice.state !== "answered") return { answer, left: "NOTICE_NOT_SENT" as const };
  return { answer, left: mayAnswer || notice.answer === answer ? null : ("NOTICE_ANSWERED" as const) };
}
