import type { desk } from "@jikim/server/contract";

type Laws = desk.Laws;
type LawRow = Laws["tables"][number]["laws"][number];

/** How many days before its end a row is said to need another look. */
const SOON_DAYS = 30;

/** Grounds of the centre's country that notices name no more, or will not for long, for want of a look at their source. */
export function lapsingGrounds(laws: Laws): readonly LawRow[] {
  const soon = Temporal.PlainDate.from(laws.day).add({ days: SOON_DAYS }).toString();
  const rows = laws.tables.find((table) => table.jurisdiction === laws.home)?.laws ?? [];
  return rows.filter(
    ({ kind, source, inForce, assertableUntil, reading }) =>
      kind === "ground" &&
      source.mark === "read" &&
      (inForce.from === null || inForce.from <= laws.day) &&
      (inForce.until === null || inForce.until > soon) &&
      reading?.stands !== false &&
      (assertableUntil === null || assertableUntil < soon),
  );
}

/** The first day on which one of them is named no more; null: that day is past for all of them. */
export function firstLapse(rows: readonly LawRow[]): string | null {
  return (
    rows
      .map(({ assertableUntil }) => assertableUntil)
      .filter((day) => day !== null)
      .toSorted()[0] ?? null
  );
}
