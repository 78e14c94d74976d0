import type { WrittenNotice } from "@jikim/casework";
import type { Selectable } from "kysely";
import type { InTransaction, Tables } from "../database.ts";
import { findDrafts, findPlacesOf, type NoticeRow, openWritten, rewriteDraft } from "../store/notice.ts";
import { findKnownPlaces } from "../store/place.ts";
import { findRecipient } from "../store/recipient.ts";
import type { Vault } from "../vault.ts";
import { findCaseFacts, write } from "./writing.ts";

type Draft = {
  readonly caseRow: Pick<Selectable<Tables["cases"]>, "id" | "codesSealed">;
  readonly row: NoticeRow;
  readonly places: readonly string[];
};

/** A draft as it is written now. */
export async function writeAnew(
  tx: InTransaction,
  vault: Vault,
  { caseRow, row, places: ids }: Draft,
  now: Temporal.Instant,
): Promise<WrittenNotice> {
  const recipient = await findRecipient(tx, vault, row.recipientId);
  const places = await findKnownPlaces(tx, vault, { caseId: caseRow.id, places: ids });
  if (recipient === null || places === null) throw new Error("a notice lacks its recipient or a place");
  const facts = await findCaseFacts(tx, vault, caseRow, now);
  return write(facts, recipient.card, { id: row.id, places: places.map(({ address }) => address) });
}

/** Whether two writings of one notice say the same, whatever the days on which they were written and its law looked at. */
export function saySame(one: WrittenNotice, other: WrittenNotice): boolean {
  return sayOf(one) === sayOf(other);
}

function sayOf({ subject, text, ground, declarations, missing }: WrittenNotice): string {
  return JSON.stringify([subject, text, ground, declarations, missing]).replaceAll(/\d{4}-\d{2}-\d{2}/g, "");
}

/** Writes the drafts of a locked case anew where what they stand on has changed. @returns how many changed. */
export async function rewriteDrafts(
  tx: InTransaction,
  vault: Vault,
  caseRow: Draft["caseRow"],
  now: Temporal.Instant,
): Promise<number> {
  const drafts = await findDrafts(tx, caseRow.id);
  const placesOf = await findPlacesOf(
    tx,
    drafts.map((row) => row.id),
  );
  let changed = 0;
  for (const row of drafts) {
    const written = await writeAnew(tx, vault, { caseRow, row, places: placesOf.get(row.id) ?? [] }, now);
    if (saySame(written, openWritten(vault, row))) continue;
    await rewriteDraft(tx, vault, row.id, written);
    changed++;
  }
  return changed;
}
