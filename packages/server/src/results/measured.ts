import { identityOf, openRouteTable, type RouteResult, type RouteTable, routeRowAt } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { findRecipients } from "../store/recipient.ts";
import { readLedger } from "../store/route-facts.ts";

/** What older notices tell of a recipient says little of what it does now. Ours. */
const DAYS = 365;
/** Results of a year move slowly, and reading its ledger takes seconds: they are worked out anew every so often. Ours. */
const MINUTES = 180;

type Measured = { readonly at: Temporal.Instant; readonly table: Promise<RouteTable> };
const kept = new WeakMap<Jikim["db"], Measured>();

/** What came of every place of every notice of the last year; up to three hours old. */
export function measured(jikim: Jikim): Promise<RouteTable> {
  const now = jikim.now();
  const before = kept.get(jikim.db);
  if (before !== undefined && now.since(before.at).total("minutes") < MINUTES) return before.table;
  const table = measure(jikim, now);
  kept.set(jikim.db, { at: now, table });
  // What failed is asked again next time.
  table.catch(() => kept.delete(jikim.db));
  return table;
}

const keptResults = new WeakMap<RouteTable, readonly RouteResult[]>();

/** The same by recipient alone, worked out once for as long as the table is kept: every ladder asks for it. */
export async function measuredByRecipient(jikim: Jikim): Promise<readonly RouteResult[]> {
  const table = await measured(jikim);
  const results = keptResults.get(table) ?? table.results(["recipient"]);
  keptResults.set(table, results);
  return results;
}

async function measure({ db, vault }: Jikim, now: Temporal.Instant): Promise<RouteTable> {
  const table = openRouteTable();
  const identities = new Map<string, string | null>();
  await readLedger(db, now.subtract({ hours: 24 * DAYS }), async (lines) => {
    const fresh = new Set(lines.map((line) => line.recipientId).filter((id) => !identities.has(id)));
    const known = await findRecipients(db, vault, fresh);
    for (const id of fresh) {
      const recipient = known.get(id);
      identities.set(id, recipient === undefined ? null : identityOf(recipient.card));
    }
    for (const { recipientId, ...times } of lines) {
      const recipient = identities.get(recipientId) ?? null;
      if (recipient !== null) table.add(routeRowAt({ ...times, recipient, now: now.epochMilliseconds }));
    }
  });
  return table;
}
