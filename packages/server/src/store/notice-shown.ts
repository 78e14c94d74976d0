import type { WrittenNotice } from "@jikim/casework";
import type { Notice } from "../contract/desk.ts";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { findPlacesOf, openWritten } from "./notice.ts";
import { findRecipients, type Recipient } from "./recipient.ts";

/** A case's notices with their letters and deliveries, oldest first. */
export async function findNotices(db: Database, vault: Vault, caseId: string): Promise<Notice[]> {
  const rows = await db
    .selectFrom("notice")
    .selectAll()
    .where("caseId", "=", caseId)
    .orderBy("createdAt")
    .orderBy("id")
    .execute();
  const recipients = await findRecipients(
    db,
    vault,
    rows.map((row) => row.recipientId),
  );
  const ids = rows.map((row) => row.id);
  const places = await findPlacesOf(db, ids);
  const deliveries = await findDeliveries(db, ids);
  return rows.map((row) => {
    const recipient = showRecipient(recipients.get(row.recipientId));
    const ways = deliveries.get(row.id) ?? [];
    const written = openWritten(vault, row);
    return {
      ...{ id: row.id, recipient, state: row.state, places: places.get(row.id) ?? [], ...showWritten(written) },
      sheet: recipient.hostile || row.endedAt !== null ? null : sheetFor(ways, written),
      endSheet: null,
      approvedAt: row.approvedAt?.toString() ?? null,
      sentAt: row.sentAt?.toString() ?? null,
      due: row.clock && row.dueAt ? { clock: row.clock, dueAt: row.dueAt.toString() } : null,
      answer: row.answer && row.answeredAt ? { answer: row.answer, at: row.answeredAt.toString() } : null,
      deliveries: ways,
    };
  });
}

/** Nothing is laid ready to be copied that was not approved, or that was stopped since. */
function sheetFor(ways: Notice["deliveries"], { sheet }: WrittenNotice): Notice["sheet"] {
  const leaves = ways.some(({ channel, state }) => channel === "form" && (state === "by-hand" || state === "sent"));
  return leaves && sheet !== null ? { url: sheet.url, rows: [...sheet.rows] } : null;
}

async function findDeliveries(
  db: Database,
  noticeIds: readonly string[],
): Promise<ReadonlyMap<string, Notice["deliveries"]>> {
  if (noticeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("delivery")
    .selectAll()
    .where("noticeId", "in", [...noticeIds])
    .where("purpose", "=", "notice")
    .orderBy("channel")
    .execute();
  const found = new Map<string, Notice["deliveries"]>();
  for (const { noticeId, channel, state: stored, doneAt } of rows) {
    const state = stored === "handed-over" ? "pending" : stored;
    found.set(noticeId, [...(found.get(noticeId) ?? []), { channel, state, at: doneAt?.toString() ?? null }]);
  }
  return found;
}

function showWritten(written: WrittenNotice): Pick<Notice, "letter" | "ground" | "declarations" | "missing"> {
  const { subject, text, ground, declarations, missing } = written;
  return {
    letter: { subject, text },
    ground,
    declarations: [...declarations],
    missing: [...missing],
  };
}

function showRecipient(recipient: Recipient | undefined): Notice["recipient"] {
  if (recipient === undefined) throw new Error("a notice lacks its recipient");
  const { id, card, hostile } = recipient;
  return { id, kind: card.kind, name: card.name.ko, registryKey: card.registryKey, hostile };
}
