import {
  assertableUntil,
  calendarOf,
  dayOf,
  JURISDICTIONS,
  type Jurisdiction,
  LAWS,
  type Law,
  mayAssert,
  RECHECK_DAYS,
  textOf,
} from "@jikim/casework";
import { z } from "zod";
import { type Laws, lawsSchema, readingPostSchema } from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import type { Database } from "../../database.ts";
import { homeOf } from "../../notices/writing.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCentre } from "../../store/centre.ts";
import { findReadings, insertReading, type RecordedReading } from "../../store/law-reading.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";

/**
 * GET /api/desk/laws: every row of law with its source and mark, for everybody of the centre; a lawyer checks them there.
 * POST /api/desk/laws/:id/readings: whoever leads records that a source was looked at again, so that notices may go on to name it.
 */
export const lawRoutes: Routes = (app, { db, now, ...jikim }) => {
  const atHome = async () => {
    const home = homeOf((await findCentre(db)).settings);
    return { home, day: dayOf(calendarOf(home), now()) };
  };
  const reading = { response: { 200: lawsSchema } };
  app.get("/api/desk/laws", { onRequest: requireSession({ db, now, ...jikim }), schema: reading }, async () =>
    showLaws(db, await atHome()),
  );
  const onRequest = requireSession({ db, now, ...jikim }, "supervisor", "admin");
  const params = z.strictObject({ id: z.string() });
  const schema = { params, body: readingPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/laws/:id/readings", { onRequest, schema }, async (request) => {
    const law = findLaw(request.params.id);
    // What we ourselves never read in its source is not made readable by a date.
    if (law?.source.mark !== "read") throw new ServerRefusal({ code: "NOT_FOUND" });
    const { reference, ...look } = request.body;
    const { day } = await atHome();
    if (look.day < law.source.asOf || look.day > day.toString()) throw new ServerRefusal({ code: "READING_DAY_WRONG" });
    const by = { reference, staffId: staffOf(request).staffId, at: now() };
    await insertReading(db, { lawId: law.id, text: textOf(law), ...look }, by);
    return {};
  });
};

function findLaw(id: string): Law | undefined {
  return JURISDICTIONS.flatMap((each) => LAWS[each].laws).find((law) => law.id === id);
}

async function showLaws(
  db: Database,
  { home, day }: { readonly home: Jurisdiction; readonly day: Temporal.PlainDate },
): Promise<Laws> {
  const readings = await findReadings(db);
  return {
    ...{ day: day.toString(), home },
    recheckDays: RECHECK_DAYS,
    tables: JURISDICTIONS.map((jurisdiction) => ({
      jurisdiction,
      laws: LAWS[jurisdiction].laws.map((law) => {
        const known = standing(law, day, readings);
        return law.kind === "ground" ? { ...law, notice: [...law.notice], ...known } : { ...law, ...known };
      }),
      targets: [...LAWS[jurisdiction].targets],
    })),
  };
}

function standing(law: Law, day: Temporal.PlainDate, readings: readonly RecordedReading[]) {
  const text = textOf(law);
  const mine = readings.filter((reading) => reading.lawId === law.id && reading.text === text);
  // Of one day the last recorded counts, as `lastLooked` has it.
  const last = mine.reduce<RecordedReading | null>((a, b) => (a === null || b.day >= a.day ? b : a), null);
  return {
    assertable: mayAssert(law, day, readings),
    assertableUntil: assertableUntil(law, day, readings)?.toString() ?? null,
    reading: last && { day: last.day, stands: last.stands, reference: last.reference, by: last.by },
  };
}
