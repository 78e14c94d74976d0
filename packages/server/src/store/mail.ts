import type { MailClass } from "@jikim/casework";
import { type Selectable, sql } from "kysely";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";

export type MailRow = Selectable<Tables["mail"]>;

/** Where a mail was read: a keyed hash of its mailbox with that one's UIDVALIDITY, and its UID. */
export type MailPlace = { readonly mailboxKey: Buffer; readonly uid: number };

/** Mail of no notice yet, as a person reads it; the same shape as the content of an answer that is sealed to a case. */
export type MailContent = {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** The words that gave it its class; empty when none did. */
  readonly phrase: string;
  readonly cut: boolean;
  readonly parts: readonly { readonly type: string; readonly bytes: number; readonly sha256: string }[];
};

export type NewMail = MailPlace & {
  readonly id: string;
  readonly contentKey: Buffer;
  readonly class: MailClass;
  readonly rule: string;
  readonly pressing: boolean;
  /** Null: nobody needs to say what it is. */
  readonly state: "waiting" | "settled";
  readonly notice: {
    readonly id: string;
    readonly foundBy: "address" | "reference" | "text";
    readonly documentId: string;
  };
};

export function keyOfMailbox(vault: Vault, mailbox: string): Buffer {
  return vault.keyOf(mailbox, "mail/mailbox");
}
export function keyOfContent(vault: Vault, content: string): Buffer {
  return vault.keyOf(content, "mail/content");
}
function keyOfMessage(vault: Vault, messageId: string): Buffer {
  return vault.keyOf(messageId.replace(/^<|>$/g, "").toLowerCase(), "mail/message");
}

/** Whether the mail at this place was recorded. */
export async function isRecorded(db: Database, { mailboxKey, uid }: MailPlace): Promise<boolean> {
  const row = await db
    .selectFrom("mail")
    .select("id")
    .where("mailboxKey", "=", mailboxKey)
    .where("uid", "=", uid)
    .executeTakeFirst();
  return row !== undefined;
}

/** Keeps a mail about a notice. False when it is known: read before, from here or from another place. */
export async function insertMail(tx: InTransaction, mail: NewMail, now: Temporal.Instant): Promise<boolean> {
  const { notice, state, ...row } = mail;
  const settled = state === "settled" ? { settledAs: mail.class, settledAt: now.toString() } : {};
  const at = now.toString();
  const result = await tx
    .insertInto("mail")
    .values({
      ...{ ...row, state, receivedAt: at, unsortedSealed: null, settledAs: null, settledBy: null },
      ...{ noticeId: notice.id, foundBy: notice.foundBy, documentId: notice.documentId },
      ...settled,
    })
    .onConflict((any) => any.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Keeps a mail that belongs to no notice we know. False when it is known. */
export async function insertUnsorted(
  db: Database,
  vault: Vault,
  mail: Omit<NewMail, "notice" | "state"> & { readonly content: MailContent },
  now: Temporal.Instant,
): Promise<boolean> {
  const { content, ...row } = mail;
  const unsortedSealed = vault.seal(content, `mail/unsorted/${mail.id}`);
  const nothing = { noticeId: null, foundBy: null, documentId: null, settledAs: null, settledBy: null };
  const result = await db
    .insertInto("mail")
    .values({ ...row, ...nothing, unsortedSealed, state: "unsorted", receivedAt: now.toString() })
    .onConflict((any) => any.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** @param row  whose state is `unsorted`. */
export function openUnsorted(vault: Vault, row: { readonly id: string; readonly unsortedSealed: Buffer }): MailContent {
  return vault.open(row.unsortedSealed, `mail/unsorted/${row.id}`) as MailContent;
}

/** The first of these notices that was approved, in the order given. A draft has no mail. */
export async function findNoticeOf(
  db: Database,
  ids: readonly string[],
): Promise<{ readonly id: string; readonly caseId: string } | null> {
  if (ids.length === 0) return null;
  const rows = await db
    .selectFrom("notice")
    .select(["id", "caseId"])
    .where("id", "in", [...ids])
    .where("approvedAt", "is not", null)
    .execute();
  for (const id of ids) {
    const found = rows.find((row) => row.id === id);
    if (found !== undefined) return found;
  }
  return null;
}

/** The blind copy of a mail of ours came. */
export async function recordCopy(db: Database, vault: Vault, messageId: string, now: Temporal.Instant): Promise<void> {
  await db
    .insertInto("mailCopy")
    .values({ messageKey: keyOfMessage(vault, messageId), seenAt: now.toString() })
    .onConflict((any) => any.doNothing())
    .execute();
}

/** When a copy of this mail was first seen; null: never. */
export async function findCopySeen(db: Database, vault: Vault, messageId: string): Promise<Temporal.Instant | null> {
  const row = await db
    .selectFrom("mailCopy")
    .select("seenAt")
    .where("messageKey", "=", keyOfMessage(vault, messageId))
    .executeTakeFirst();
  return row?.seenAt ?? null;
}

/** Since when the oldest mail of a case waits that somebody should read. */
export function firstUnread(db: Database, caseId: string) {
  return db
    .selectFrom("mail")
    .innerJoin("notice", "notice.id", "mail.noticeId")
    .select(sql<Temporal.Instant | null>`min(mail.received_at)`.as("since"))
    .where("notice.caseId", "=", caseId)
    .where("mail.state", "=", "waiting")
    .where("mail.pressing", "=", true);
}
