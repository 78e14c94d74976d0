import { isSureClass } from "@jikim/casework";
import { type SqlBool, sql } from "kysely";
import type { Mail } from "../contract/mail.ts";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import type { MailRow } from "./mail.ts";
import { findRecipients } from "./recipient.ts";

/** Where a page ended. */
export type MailMark = { readonly receivedAt: string; readonly id: string };

export type MailQuestion = {
  readonly lane: "waiting" | "unsorted";
  readonly staffId: string;
  readonly after: MailMark | null;
  readonly limit: number;
};

/** Mail of a lane, oldest first; waiting mail only of cases whose key this person holds. */
export async function findMailPage(db: Database, vault: Vault, question: MailQuestion): Promise<Mail[]> {
  const { lane, staffId, after, limit } = question;
  const rows = await selectMail(db)
    .where("mail.state", "=", lane)
    .$if(lane === "waiting", (mail) =>
      mail.where(
        sql<SqlBool>`exists (select from case_wrap w where w.case_id = notice.case_id and w.holder = ${staffId})`,
      ),
    )
    .$if(after !== null, (mail) =>
      mail.where(sql<SqlBool>`(mail.received_at, mail.id) > (${after?.receivedAt}::timestamptz, ${after?.id}::uuid)`),
    )
    .orderBy("mail.receivedAt")
    .orderBy("mail.id")
    .limit(limit)
    .execute();
  return showMail(db, vault, rows);
}

/** All mail of a case, oldest first. */
export async function findMailOf(db: Database, vault: Vault, caseId: string): Promise<Mail[]> {
  const rows = await selectMail(db)
    .where("notice.caseId", "=", caseId)
    .orderBy("mail.receivedAt")
    .orderBy("mail.id")
    .execute();
  return showMail(db, vault, rows);
}

export async function findMail(db: Database, vault: Vault, id: string): Promise<Mail | null> {
  const rows = await selectMail(db).where("mail.id", "=", id).execute();
  return (await showMail(db, vault, rows))[0] ?? null;
}

function selectMail(db: Database) {
  return db
    .selectFrom("mail")
    .leftJoin("notice", "notice.id", "mail.noticeId")
    .leftJoin("cases", "cases.id", "notice.caseId")
    .leftJoin("staff", "staff.id", "mail.settledBy")
    .selectAll("mail")
    .select(["notice.caseId", "notice.recipientId", "cases.number as caseNumber", "staff.pseudonym"]);
}

type Selected = MailRow & {
  readonly caseId: string | null;
  readonly recipientId: string | null;
  readonly caseNumber: number | null;
  readonly pseudonym: string | null;
};

async function showMail(db: Database, vault: Vault, rows: readonly Selected[]): Promise<Mail[]> {
  const recipients = await findRecipients(
    db,
    vault,
    rows.flatMap((row) => row.recipientId ?? []),
  );
  return rows.map((row) => {
    const { id, state, rule, pressing, foundBy, documentId, noticeId, caseId, caseNumber } = row;
    const recipient = (row.recipientId && recipients.get(row.recipientId)?.card.name.ko) || "";
    const settled = row.settledAs && row.settledAt && { as: row.settledAs, at: row.settledAt.toString() };
    return {
      ...{ id, state, class: row.class, rule, pressing, foundBy, documentId },
      // An id in its words may be quoted from anywhere: then a person reads which notice it is about.
      sure: (foundBy === "address" || foundBy === "reference") && isSureClass(row),
      receivedAt: row.receivedAt.toString(),
      notice: noticeId && caseId && caseNumber ? { id: noticeId, caseId, caseNumber, recipient } : null,
      settled: settled ? { ...settled, by: row.pseudonym } : null,
    };
  });
}
