import { endSheetOf } from "@jikim/casework";
import type { Case, Sheet } from "../contract/desk.ts";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findCentre } from "../store/centre.ts";
import { findEndForms } from "../store/end-form.ts";
import { findCase } from "../store/next.ts";
import { findPlacesOf, type NoticeRow } from "../store/notice.ts";
import { readNoticeFacts } from "../store/notice-facts.ts";
import { findRecipient } from "../store/recipient.ts";
import { mayFollowUp } from "./follow-up.ts";

type Reading = Pick<Jikim, "vault" | "now">;

/** A case's notices, with what to copy into the web form of each whose end waits to be told by it. Nothing is locked. */
export async function addEndSheets(tx: InTransaction, jikim: Reading, file: Pick<Case, "id" | "notices">) {
  const sheets = new Map<string, Sheet | null>();
  for (const row of await findEndForms(tx, file.id)) sheets.set(row.id, await findEndSheet(tx, jikim, row));
  return file.notices.map((notice) => ({ ...notice, endSheet: sheets.get(notice.id) ?? null }));
}

/** In the words that may be said now; null: it may not be told (any more), or there is no form. */
async function findEndSheet(tx: InTransaction, jikim: Reading, row: NoticeRow): Promise<Sheet | null> {
  const { vault } = jikim;
  const [caseRow, recipient] = [await findCase(tx, row.caseId), await findRecipient(tx, vault, row.recipientId)];
  const url = recipient?.card.form ?? null;
  if (caseRow === undefined || recipient === null || url === null) return null;
  const places = (await findPlacesOf(tx, [row.id])).get(row.id)?.length ?? 0;
  const facts = await readNoticeFacts(tx, vault, { caseRow, recipientId: recipient.id, places });
  const may = await mayFollowUp(tx, jikim, { row, recipient, facts, purpose: "withdrawal" });
  if (may.do !== "say") return null;
  const { settings } = await findCentre(tx);
  const centre = { name: settings.name[recipient.card.language], mail: settings.contact.mail };
  const { rows } = endSheetOf(may.letter, { url, noticeId: row.id, centre });
  return { url, rows: [...rows] };
}
