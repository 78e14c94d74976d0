import type { CustodyAct } from "@jikim/casework";
import { z } from "zod";
import { type Custody, custodySchema } from "../contract/packs.ts";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { appendToLog, openBody } from "./log.ts";
import type { Doer } from "./release.ts";

/** An act on a pack: a capture's, a chat's, or one for somebody outside. */
export type CustodyEvent = {
  readonly packId: string;
  readonly caseId: string;
  readonly did: CustodyAct;
  /** `doerOf(person)`; the server itself is `{ role: "server", who: "" }`, a unit outside `{ role: "unit", who: <its kind> }`. */
  readonly by: Doer;
  readonly at: Temporal.Instant;
  /** What more there is to say. Ids, numbers and kinds: she reads it, and it goes with the pack, so no name, no address, no digest of a picture. */
  readonly note?: string | null;
  /** Somebody outside says that it did so then; `by` wrote it down. */
  readonly outside?: Custody["outside"];
};

/** Records an act on a pack in the log, and for her; in the transaction of the act itself. */
export async function recordCustody(tx: Database, vault: Vault, event: CustodyEvent): Promise<void> {
  const { packId, caseId, did, by, at, note = null, outside = null } = event;
  const content = { v: 1, packId, did, ...by, note, ...(outside === null ? {} : { outside }) };
  await appendToLog(tx, vault, { what: "custody", caseId, packId, content }, at);
  const what = `pack-${did}`;
  const { role, who } = outside === null ? by : { role: "unit" as const, who: outside.unit };
  await tx.insertInto("release").values({ caseId, role, who, what, releasedAt: at.toString() }).execute();
}

/**
 * Bodies of the log's entries about the custody of some packs, oldest first; those that were erased are not among them, and one that cannot be
 * read is named by its place.
 */
export async function findCustodyBodies(db: Database, vault: Vault, packIds: readonly string[]): Promise<string[]> {
  if (packIds.length === 0) return [];
  const rows = await db
    .selectFrom("logEntry")
    .select(["commitment", "sealed", "position"])
    .where("packId", "in", packIds)
    .where("what", "=", "custody")
    .orderBy("id")
    .execute();
  return rows.flatMap((row) => {
    const said = openBody(vault, row);
    if (said === "damaged") return [JSON.stringify({ what: "unreadable", v: 1, entry: row.position })];
    return said === "erased" ? [] : [said.body];
  });
}

const bodySchema = custodySchema
  .omit({ entry: true })
  .extend({ what: z.literal("custody"), v: z.literal(1), outside: custodySchema.shape.outside.default(null) });
/** Entries of a case that are shown at most. */
const MOST = 2000;

/** What was done with a case's packs, newest first, and the places in the log of what cannot be read. */
export type CustodyHistory = { readonly custody: Custody[]; readonly damaged: (number | null)[] };

/** What was done with a case's packs, or some of them. */
export async function findCustody(
  db: Database,
  vault: Vault,
  caseId: string,
  packIds: readonly string[] | null,
): Promise<CustodyHistory> {
  const rows = await db
    .selectFrom("logEntry")
    .select(["commitment", "sealed", "position"])
    .where("caseId", "=", caseId)
    .where("what", "=", "custody")
    .$if(packIds !== null, (some) => some.where("packId", "=", (any) => any.fn.any(any.val([...(packIds ?? [])]))))
    .orderBy("id", "desc")
    .limit(MOST)
    .execute();
  const history: CustodyHistory = { custody: [], damaged: [] };
  for (const { position, ...row } of rows) {
    const said = openBody(vault, row);
    if (said === "damaged") history.damaged.push(position);
    if (typeof said === "string") continue;
    const { what: _what, v: _v, ...custody } = bodySchema.parse(JSON.parse(said.body));
    history.custody.push({ ...custody, entry: position });
  }
  return history;
}
