import type { Reading } from "@jikim/casework";
import type { Database } from "../database.ts";

/** A look at the source of a row of law, with where it was read and who recorded it. */
export type RecordedReading = Reading & {
  readonly reference: string;
  /** A pseudonym; null: somebody who has left. */
  readonly by: string | null;
};

export async function insertReading(
  db: Database,
  { lawId, text, day, stands }: Reading,
  by: { readonly reference: string; readonly staffId: string; readonly at: Temporal.Instant },
): Promise<void> {
  await db
    .insertInto("lawReading")
    .values({
      ...{ lawId, text, lookedOn: day, stands, reference: by.reference },
      ...{ recordedBy: by.staffId, recordedAt: by.at.toString() },
    })
    .execute();
}

/** All readings of the centre in the order in which they were recorded. A few per row and year. */
export async function findReadings(db: Database): Promise<readonly RecordedReading[]> {
  const rows = await db
    .selectFrom("lawReading")
    .innerJoin("staff", "staff.id", "lawReading.recordedBy")
    .select(["lawId", "text", "lookedOn", "stands", "reference", "pseudonym"])
    .orderBy("lawReading.id")
    .execute();
  return rows.map(({ lawId, text, lookedOn, stands, reference, pseudonym }) => ({
    ...{ lawId, text, day: lookedOn, stands, reference, by: pseudonym },
  }));
}
