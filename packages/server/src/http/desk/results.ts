import { randomUUID } from "node:crypto";
import {
  CASES_THAT_COUNT,
  type CurveStep,
  identityOf,
  type Outcome,
  PLAIN_REQUEST,
  type RecipientCard,
  type RoutePart,
  type RouteResult,
  readTogether,
  stillHolds,
  suppress,
  THRESHOLDS,
} from "@jikim/casework";
import {
  figuresPostSchema,
  figuresSchema,
  type PublishedFigures,
  type Results,
  resultsQuerySchema,
  resultsSchema,
} from "../../contract/desk.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { countPlaces, isComplete } from "../../results/figures.ts";
import { measured } from "../../results/measured.ts";
import { type FigureRelease, findReleasedFigures, insertFigures, lockFigures } from "../../store/figure.ts";
import { findAllRecipients } from "../../store/recipient.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";

const MONTHS_A_YEAR = 12;

/** What notices led to, for who sends them; and tables for the public, in which small numbers cannot be seen. */
export const resultRoutes: Routes = (app, jikim) => {
  const seeing = requireSession(jikim, ...CASE_ROLES, "analyst");
  const reading = { querystring: resultsQuerySchema, response: { 200: resultsSchema } };
  app.get("/api/desk/results", { onRequest: seeing, schema: reading }, async (request) =>
    showResults(jikim, request.query.by),
  );
  const publishing = requireSession(jikim, "supervisor", "analyst");
  const listing = { onRequest: publishing, schema: { response: { 200: figuresSchema } } };
  app.get("/api/desk/figures", listing, async () => (await findReleasedFigures(jikim.db)).reverse().map(showFigures));
  const making = { body: figuresPostSchema, response: { 200: figuresSchema } };
  app.post("/api/desk/figures", { onRequest: publishing, schema: making }, async (request) => {
    const release = await publish(jikim, request.body, staffOf(request).staffId);
    return [showFigures(release)];
  });
};

/**
 * @throws {ServerRefusal} `MONTH_NOT_OVER`: its figures would change, and a second table of it would tell by how much ·
 * `FIGURES_CHANGED`: those of a month that went out before have changed · `YEAR_NOT_WHOLE`: a nation's lower threshold is for a year.
 */
async function publish(
  jikim: Jikim,
  { months, scope }: { readonly months: readonly string[]; readonly scope: keyof typeof THRESHOLDS },
  staffId: string,
): Promise<FigureRelease> {
  const now = jikim.now();
  if (!months.every((month) => isComplete(month, now))) throw new ServerRefusal({ code: "MONTH_NOT_OVER" });
  if (scope === "national" && new Set(months).size < MONTHS_A_YEAR) throw new ServerRefusal({ code: "YEAR_NOT_WHOLE" });
  return jikim.db.transaction().execute(async (tx) => {
    await lockFigures(tx);
    const periods = [...new Set(months)].sort();
    const earlier = readTogether(await findReleasedFigures(tx), periods);
    const all = [...new Set([...periods, ...earlier.flatMap((release) => release.periods)])];
    const least = THRESHOLDS[scope];
    const figures = await countPlaces({ ...jikim, db: tx }, all);
    if (!earlier.every((release) => stillHolds(figures, release))) throw new ServerRefusal({ code: "FIGURES_CHANGED" });
    const { cells } = suppress(figures, { periods, k: least }, earlier);
    const release: FigureRelease = { id: randomUUID(), periods, least, cells, at: now };
    await insertFigures(tx, release, staffId);
    return release;
  });
}

function showFigures({ id, periods, least, at, cells }: FigureRelease): PublishedFigures[number] {
  const shown = cells.map((cell) => ({ at: [...cell.at], value: cell.value }));
  return { id, periods: [...periods], least, at: at.toString(), cells: shown };
}

async function showResults(jikim: Jikim, by: RoutePart): Promise<Results> {
  const [table, known] = await Promise.all([measured(jikim), findAllRecipients(jikim.db, jikim.vault)]);
  const cards = new Map(known.map(({ card }) => [identityOf(card), card]));
  const results = table.results([by]);
  return { rows: results.map((result) => showResult(result, cards.get(result.recipient ?? "") ?? null)) };
}

function showResult(result: RouteResult, card: RecipientCard | null): Results["rows"][number] {
  const { cases, places, answer, removal, back } = result;
  return {
    name: card?.name ?? nameOf(result),
    kind: card?.kind ?? null,
    channel: result.channel,
    ...{ cases, places, answer: showOutcome(answer) },
    removal: {
      ...showOutcome(removal),
      curve: thinned(removal.curve.steps),
    },
    back: { removed: back.removed, came: back.ended, within30d: back.within30d },
    counts: cases >= CASES_THAT_COUNT,
  };
}

/** Smaller than a chart can show. */
const LEAST_FALL = 1 / 500;

/** The steps that can be seen, and the last. */
function thinned(steps: readonly CurveStep[]): { readonly hours: number; readonly lasting: number }[] {
  let shown = 1;
  return steps.flatMap(({ hours, lasting }, at) => {
    if (shown - lasting < LEAST_FALL && at < steps.length - 1) return [];
    shown = lasting;
    return [{ hours, lasting }];
  });
}

function nameOf({ ground, channel }: RouteResult): { readonly ko: string; readonly en: string } {
  if (ground === PLAIN_REQUEST) return { ko: "법을 들지 않은 요청", en: "plain requests" };
  const name = ground ?? channel ?? "";
  return { ko: name, en: name };
}

function showOutcome({ ended, medianHours, within24h, within48h, within7d }: Outcome) {
  return { ended, medianHours, within24h, within48h, within7d };
}
