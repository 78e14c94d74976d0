import type { Case, Notice, Place } from "./contract.ts";

/** One line of a place's ledger. */
export type LedgerLine =
  | { readonly at: string; readonly what: "approved" | "sent"; readonly recipient: string }
  | {
      readonly at: string;
      readonly what: "delivered";
      readonly recipient: string;
      readonly channel: Notice["deliveries"][number]["channel"];
      readonly ended: "sent" | "failed";
    }
  | {
      readonly at: string;
      readonly what: "answered";
      readonly recipient: string;
      readonly answer: NonNullable<Notice["answer"]>["answer"];
    }
  | { readonly at: string; readonly what: "checked"; readonly outcome: Place["checks"][number]["outcome"] };

/** Everything that happened about a place: notices, deliveries, answers and checks, oldest first. */
export function ledgerOf(place: Place, notices: Case["notices"]): readonly LedgerLine[] {
  const lines: LedgerLine[] = notices
    .filter((notice) => notice.places.includes(place.id))
    .flatMap((notice) => linesOf(notice));
  for (const { at, outcome } of place.checks) lines.push({ at, what: "checked", outcome });
  return lines.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function linesOf(notice: Notice): LedgerLine[] {
  const recipient = notice.recipient.name;
  const lines: LedgerLine[] = [];
  if (notice.approvedAt !== null) lines.push({ at: notice.approvedAt, what: "approved", recipient });
  if (notice.sentAt !== null) lines.push({ at: notice.sentAt, what: "sent", recipient });
  for (const { channel, state, at } of notice.deliveries)
    if (at !== null && (state === "sent" || state === "failed"))
      lines.push({ at, what: "delivered", recipient, channel, ended: state });
  if (notice.answer !== null)
    lines.push({ at: notice.answer.at, what: "answered", recipient, answer: notice.answer.answer });
  return lines;
}
