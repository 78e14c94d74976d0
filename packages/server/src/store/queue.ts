import { countsAsMinor } from "@jikim/casework";
import { type SqlBool, sql } from "kysely";
import type { QueueRow } from "../contract/desk.ts";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { openCodes } from "./sealed.ts";

/** Where a page of the queue ended: the due time (null: none) and the id of its last case. */
export type QueueMark = { readonly dueAt: string | null; readonly id: string };

export type QueueQuestion = {
  readonly lane: "queue" | "mine" | "set-aside" | "closed";
  readonly staffId: string;
  /** Only cases whose key this person holds. */
  readonly onlyHeld: boolean;
  readonly after: QueueMark | null;
  readonly limit: number;
};

/** Cases of a lane, soonest due first, those without a time last. */
export async function findQueue(db: Database, vault: Vault, question: QueueQuestion): Promise<QueueRow[]> {
  const { lane, staffId, after } = question;
  const states = lane === "set-aside" || lane === "closed" ? [lane] : (["received", "open"] as const);
  const rows = await selectRows(db)
    .where("cases.state", "in", [...states])
    .$if(lane === "mine", (rows) => rows.where("cases.assignedTo", "=", staffId))
    .$if(question.onlyHeld, (rows) =>
      rows.where(sql<SqlBool>`exists (select from case_wrap w where w.case_id = cases.id and w.holder = ${staffId})`),
    )
    .$if(after !== null, (rows) => rows.where(isAfter(after)))
    .orderBy("cases.nextDueAt", (order) => order.asc().nullsLast())
    .orderBy("cases.id")
    .limit(question.limit)
    .execute();
  return rows.map((row) => showRow(vault, row));
}

/** One case as the queue shows it. */
export async function findQueueRow(db: Database, vault: Vault, caseId: string): Promise<QueueRow | null> {
  const row = await selectRows(db).where("cases.id", "=", caseId).executeTakeFirst();
  return row === undefined ? null : showRow(vault, row);
}

function isAfter(mark: QueueMark | null) {
  const { dueAt = null, id = "" } = mark ?? {};
  if (dueAt === null) return sql<SqlBool>`cases.next_due_at is null and cases.id > ${id}`;
  return sql<SqlBool>`((cases.next_due_at, cases.id) > (${dueAt}::timestamptz, ${id}::uuid) or cases.next_due_at is null)`;
}

function selectRows(db: Database) {
  return db
    .selectFrom("cases")
    .leftJoin("staff", "staff.id", "cases.assignedTo")
    .select([
      "cases.id",
      "cases.number",
      "cases.state",
      "cases.receivedAt",
      "cases.language",
      "cases.codesSealed",
      "cases.nextAct",
      "cases.nextClock",
      "cases.nextDueAt",
      "cases.assignedTo",
      "staff.pseudonym",
      sql<number>`(select count(*) from item where item.case_id = cases.id)`.as("items"),
      sql<number>`(select count(*) from place where place.case_id = cases.id)`.as("places"),
      sql<number>`(select count(*) from place where place.case_id = cases.id
        and place.state in ('open', 'back'))`.as("openPlaces"),
      sql<number>`(select count(*) from place where place.case_id = cases.id
        and place.state = 'removed')`.as("removedPlaces"),
      sql<number>`(select count(*) from document where document.case_id = cases.id and document.kind = 'message'
        and document.author = 'survivor' and document.written_at >= cases.unanswered_since)`.as("unanswered"),
    ]);
}

type Selected = Awaited<ReturnType<ReturnType<typeof selectRows>["execute"]>>[number];

function showRow(vault: Vault, row: Selected): QueueRow {
  const { id, number, state, language, items, places, openPlaces, removedPlaces, unanswered } = row;
  const { danger, threat, ageBand, policeHold } = openCodes(vault, row);
  const assignedTo = row.assignedTo && { staffId: row.assignedTo, pseudonym: row.pseudonym ?? "" };
  return {
    ...{ id, number, state, language },
    receivedAt: row.receivedAt.toString(),
    flags: { danger, threat, minor: countsAsMinor(ageBand), policeHold },
    next: { act: row.nextAct, clock: row.nextClock, dueAt: row.nextDueAt?.toString() ?? null },
    assignedTo: assignedTo || null,
    counts: { items, places, openPlaces, removedPlaces, unanswered },
  };
}
