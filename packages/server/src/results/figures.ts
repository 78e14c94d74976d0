import { type Count, type Figures, RECIPIENT_KINDS, type RecipientKind } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { findConsenting } from "../store/consent.ts";
import { findRecipients } from "../store/recipient.ts";
import { type LedgerLine, readLedger } from "../store/route-facts.ts";

/** What became of a place within thirty days of its notice. A place counts once for each recipient that was asked about it. */
export const BECAME = ["removed", "not-removed"] as const;
type Became = (typeof BECAME)[number];

/** A month's figures never change after these days: what is known of one release holds for the next. */
const HORIZON_DAYS = 30;
const ZONE = "Asia/Seoul";
const HOURS_A_DAY = 24;
const HOUR_MS = 3_600_000;

/** A count in the making. */
type Counted = Count & { count: number; readonly whose: Map<string, number> };

/** The month that a moment lies in, at the centre. */
export function monthOf(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO(ZONE).toPlainDate().toPlainYearMonth().toString();
}

/** Whether all of a month's figures are in: its last notice is thirty days old. */
export function isComplete(month: string, now: Temporal.Instant): boolean {
  const end = Temporal.PlainYearMonth.from(month).add({ months: 1 }).toPlainDate({ day: 1 });
  const closed = end.add({ days: HORIZON_DAYS }).toZonedDateTime(ZONE).toInstant();
  return Temporal.Instant.compare(closed, now) <= 0;
}

/**
 * Places by who was asked and what became of them, for each of these months: of those who agree that their case is counted, and whose
 * places they are, by case.
 */
export async function countPlaces({ db, vault }: Jikim, months: readonly string[]): Promise<Figures> {
  const first = months.toSorted()[0];
  const since = first === undefined ? null : Temporal.PlainYearMonth.from(first).toPlainDate({ day: 1 });
  const counted = new Map<string, Counted>();
  const consenting = await findConsenting(db, "statistics");
  const kinds = new Map<string, RecipientKind | null>();
  const take = async (lines: readonly LedgerLine[]) => {
    const fresh = new Set(lines.map((line) => line.recipientId).filter((id) => !kinds.has(id)));
    const known = await findRecipients(db, vault, fresh);
    for (const id of fresh) kinds.set(id, known.get(id)?.card.kind ?? null);
    for (const line of lines) {
      const kind = kinds.get(line.recipientId) ?? null;
      const period = monthOf(Temporal.Instant.fromEpochMilliseconds(line.sent));
      if (kind === null || !months.includes(period) || !consenting.has(line.caseKey)) continue;
      const at: [RecipientKind, Became] = [kind, becameOf(line)];
      const key = `${period} ${at.join(" ")}`;
      const cell = counted.get(key) ?? { period, at, count: 0, whose: new Map() };
      cell.count += 1;
      cell.whose.set(line.caseKey, (cell.whose.get(line.caseKey) ?? 0) + 1);
      counted.set(key, cell);
    }
  };
  if (since !== null) await readLedger(db, since.toZonedDateTime(ZONE).toInstant(), take);
  return { dimensions: [RECIPIENT_KINDS, BECAME], counts: [...counted.values()], structural: [] };
}

function becameOf({ sent, gone }: LedgerLine): Became {
  return gone !== null && gone - sent <= HORIZON_DAYS * HOURS_A_DAY * HOUR_MS ? "removed" : "not-removed";
}
