import { calendarOf, dayOf, JURISDICTIONS, LAWS, mayAssert, RECHECK_DAYS } from "@jikim/casework";
import { type Laws, lawsSchema } from "../../contract/desk.ts";
import { HOME } from "../../notices/writing.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";

/** GET /api/desk/laws: every row of law with its source and mark, for everybody of the centre; a lawyer checks them there. */
export const lawRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim);
  app.get("/api/desk/laws", { onRequest, schema: { response: { 200: lawsSchema } } }, async () =>
    showLaws(dayOf(calendarOf(HOME), jikim.now())),
  );
};

function showLaws(day: Temporal.PlainDate): Laws {
  return {
    day: day.toString(),
    recheckDays: RECHECK_DAYS,
    tables: JURISDICTIONS.map((jurisdiction) => ({
      jurisdiction,
      laws: LAWS[jurisdiction].laws.map((law) =>
        law.kind === "ground"
          ? { ...law, notice: [...law.notice], assertable: mayAssert(law, day) }
          : { ...law, assertable: mayAssert(law, day) },
      ),
      targets: [...LAWS[jurisdiction].targets],
    })),
  };
}
