import { type CaseState, NO_QUESTIONS, nextAct } from "@jikim/casework";
import { sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { openCodes } from "./sealed.ts";

export type Span = { readonly after: Temporal.Instant; readonly before: Temporal.Instant };

/** From which state to which: only cases that nobody has taken on move in bulk. */
const MOVES = {
  reopen: ["set-aside", "received"],
  close: ["set-aside", "closed"],
  "set-aside": ["received", "set-aside"],
} as const satisfies Record<string, readonly [CaseState, CaseState]>;

/** Moves all cases received within a span (both ends count) in one step. @returns how many. */
export async function moveInBulk(
  db: Database,
  vault: Vault,
  move: Span & { readonly change: keyof typeof MOVES },
  now: Temporal.Instant,
): Promise<number> {
  const [from, to] = MOVES[move.change];
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .updateTable("cases")
      .set({ state: to, closedAt: to === "closed" ? now.toString() : null })
      .where("state", "=", from)
      .where("assignedTo", "is", null)
      .where("receivedAt", ">=", move.after)
      .where("receivedAt", "<=", move.before)
      .returning(["id", "codesSealed", "receivedAt", "state"])
      .execute();
    await saveNext(tx, vault, rows, now);
    return rows.length;
  });
}

type Moved = {
  readonly id: string;
  readonly codesSealed: Buffer;
  readonly receivedAt: Temporal.Instant;
  readonly state: CaseState;
};

/** The next act of a case that nobody has taken on rests on nothing but its codes and its age, so a flood needs one statement. */
async function saveNext(tx: InTransaction, vault: Vault, rows: readonly Moved[], now: Temporal.Instant): Promise<void> {
  const next = rows.map((row) => {
    const { danger, threat } = openCodes(vault, row);
    return nextAct({ ...UNTAKEN, danger, threat, state: row.state, receivedAt: row.receivedAt }, now);
  });
  await sql`update cases set next_act = fresh.act, next_due_at = fresh.due_at, next_clock = fresh.clock
    from unnest(${rows.map((row) => row.id)}::uuid[], ${next.map(({ act }) => act)}::text[],
      ${next.map(({ dueAt }) => dueAt?.toString() ?? null)}::timestamptz[],
      ${next.map(({ clock }) => clock && JSON.stringify(clock))}::jsonb[]) as fresh (id, act, due_at, clock)
    where cases.id = fresh.id`.execute(tx);
}

const UNTAKEN = {
  assigned: false,
  hasMandate: false,
  sharesFingerprints: false,
  asksRemoval: false,
  unlistedItems: 0,
  openPlaces: 0,
  backPlaces: 0,
  questions: NO_QUESTIONS,
  draftNotices: 0,
  unansweredSince: null,
  unreadMailSince: null,
  ...{ doubtSince: null, sheetSince: null, stepSince: null },
  safeContactWaitingSince: null,
  answerDue: null,
};
