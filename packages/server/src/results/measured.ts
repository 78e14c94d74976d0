import { identityOf, type RouteResult, type RouteRow, routeResults, routeRowOf } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { findRecipients } from "../store/recipient.ts";
import { findLedger } from "../store/route-facts.ts";

/** What older notices tell of a recipient says little of what it does now. Ours. */
const DAYS = 365;
/** Results of a year move slowly, and reading its ledger takes seconds: they are worked out anew every so often. Ours. */
const MINUTES = 180;

type Measured = { readonly at: Temporal.Instant; readonly rows: Promise<readonly RouteRow[]> };
const kept = new WeakMap<Jikim["db"], Measured>();

/** What came of every place of every notice of the last year; up to three hours old. */
export function measured(jikim: Jikim): Promise<readonly RouteRow[]> {
  const now = jikim.now();
  const before = kept.get(jikim.db);
  if (before !== undefined && now.since(before.at).total("minutes") < MINUTES) return before.rows;
  const rows = measure(jikim, now);
  kept.set(jikim.db, { at: now, rows });
  // What failed is asked again next time.
  rows.catch(() => kept.delete(jikim.db));
  return rows;
}

const keptResults = new WeakMap<readonly RouteRow[], readonly RouteResult[]>();

/** The same by recipient alone, worked out once for as long as the rows are kept: every ladder asks for it. */
export async function measuredByRecipient(jikim: Jikim): Promise<readonly RouteResult[]> {
  const rows = await measured(jikim);
  const results = keptResults.get(rows) ?? routeResults(rows, ["recipient"]);
  keptResults.set(rows, results);
  return results;
}

async function measure({ db, vault }: Jikim, now: Temporal.Instant): Promise<readonly RouteRow[]> {
  const ledger = await findLedger(db, now.subtract({ hours: 24 * DAYS }));
  const known = await findRecipients(db, vault, new Set(ledger.map((line) => line.recipientId)));
  return ledger.flatMap(({ recipientId, ...facts }) => {
    const recipient = known.get(recipientId);
    return recipient === undefined ? [] : [routeRowOf({ ...facts, recipient: identityOf(recipient.card), now })];
  });
}
