import { Refusal } from "@jikim/casework";
import type { FastifyRequest } from "fastify";
import type { Selectable } from "kysely";
import type { Database, InTransaction, Tables } from "../../database.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCentre } from "../../store/centre.ts";
import { findCaseErasure } from "../../store/erase-case.ts";
import { findWrap } from "../../store/holder.ts";
import { lockCase, refreshNext } from "../../store/next.ts";
import { doerOf, recordRelease } from "../../store/release.ts";
import type { SignedIn } from "../../store/session.ts";
import { certifiedBy, findStaff } from "../../store/staff.ts";
import type { Vault } from "../../vault.ts";
import { staffOf } from "../session-guard.ts";

/** Bytes of a request that carries one sealed document or many ids. */
export const LARGE_BODY = 1024 * 1024;

export type CaseRow = Selectable<Tables["cases"]>;

/** What an act in a case works with: the case's row is locked, and she holds its key. */
export type CaseWork = {
  readonly tx: InTransaction;
  readonly vault: Vault;
  readonly caseRow: CaseRow;
  readonly person: SignedIn;
  readonly now: Temporal.Instant;
};

/**
 * Does something in an open case in one transaction, as someone who holds its key, and works out the next act afterwards.
 * @throws {ServerRefusal} `NOT_FOUND`, `NOT_CERTIFIED`, `CASE_NOT_HELD`. @throws {Refusal} `CASE_CLOSED`.
 */
export function inCase<T>(
  jikim: Jikim,
  request: FastifyRequest,
  caseId: string,
  act: (work: CaseWork) => Promise<T>,
): Promise<T> {
  return inAnyCase(jikim, request, caseId, (work) => {
    checkOpen(work);
    return act(work);
  });
}

/** @throws {Refusal} `CASE_CLOSED`. */
export function checkOpen({ caseRow }: CaseWork): void {
  if (caseRow.state === "closed") throw new Refusal({ code: "CASE_CLOSED" });
}

/** The same, also where the case is closed. @throws {ServerRefusal} `NOT_FOUND`, `NOT_CERTIFIED`, `CASE_NOT_HELD`. */
export async function inAnyCase<T>(
  jikim: Jikim,
  request: FastifyRequest,
  caseId: string,
  act: (work: CaseWork) => Promise<T>,
): Promise<T> {
  const person = staffOf(request);
  return jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    const caseRow = await lockCase(tx, caseId);
    await wrapOf(tx, { person, caseId, now });
    if (caseRow === undefined) throw new ServerRefusal({ code: "NOT_FOUND" });
    const done = await act({ tx, vault: jikim.vault, caseRow, person, now });
    await refreshNext(tx, jikim.vault, caseId, now);
    return done;
  });
}

type Asking = { readonly person: SignedIn; readonly caseId: string; readonly now: Temporal.Instant };

/**
 * The case key as sealed to her. Without it the server answers nothing of a case, and neither while the root has not signed her
 * key, or no longer vouches for it.
 * @throws {ServerRefusal} `NOT_CERTIFIED`, `CASE_NOT_HELD`, `CASE_GONE`.
 */
export async function wrapOf(db: Database, { person, caseId, now }: Asking): Promise<Buffer> {
  if (!(await isCertified(db, person.staffId, now))) throw new ServerRefusal({ code: "NOT_CERTIFIED" });
  const wrapped = await findWrap(db, caseId, person.staffId);
  if (wrapped === null) {
    const { erasedAt } = await findCaseErasure(db, caseId);
    throw new ServerRefusal({ code: erasedAt === null ? "CASE_NOT_HELD" : "CASE_GONE" });
  }
  return wrapped;
}

/** Whether the root vouches now for the key of someone at work. */
export async function isCertified(db: Database, staffId: string, now: Temporal.Instant): Promise<boolean> {
  const [staff, { root }] = [await findStaff(db, staffId), await findCentre(db)];
  return staff?.state === "active" && root !== null && certifiedBy(staff, root, now) !== null;
}

/** Records an act in the log that the survivor reads. */
export async function recordAct(work: CaseWork, what: Parameters<typeof recordRelease>[2]["what"]): Promise<void> {
  await recordRelease(work.tx, work.vault, { ...doerOf(work.person), caseId: work.caseRow.id, what, at: work.now });
}
