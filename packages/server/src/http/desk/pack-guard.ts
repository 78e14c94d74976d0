import type { FastifyRequest } from "fastify";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { lockCase } from "../../store/next.ts";
import { findCaseOfPack, lockPack, type Pack } from "../../store/pack.ts";
import { staffOf } from "../session-guard.ts";
import { type CaseWork, wrapOf } from "./case-guard.ts";

/**
 * Does something with what belongs to a case, closed ones too, as someone who holds its key; the case's row is locked.
 * @throws {ServerRefusal} `NOT_FOUND`, `NOT_CERTIFIED`, `CASE_NOT_HELD`.
 */
export async function asHolder<T>(
  jikim: Jikim,
  request: FastifyRequest,
  caseId: string | null,
  act: (work: CaseWork) => Promise<T>,
): Promise<T> {
  const person = staffOf(request);
  const now = jikim.now();
  if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  return jikim.db.transaction().execute(async (tx) => {
    const caseRow = await lockCase(tx, caseId);
    await wrapOf(tx, { person, caseId, now });
    if (caseRow === undefined) throw new ServerRefusal({ code: "NOT_FOUND" });
    return act({ tx, vault: jikim.vault, caseRow, person, now });
  });
}

/** The same with a pack for a unit, locked. */
export async function withPack<T>(
  jikim: Jikim,
  request: FastifyRequest,
  packId: string,
  act: (work: CaseWork, pack: Pack) => Promise<T>,
): Promise<T> {
  return asHolder(jikim, request, await findCaseOfPack(jikim.db, packId), async (work) => {
    const pack = await lockPack(work.tx, jikim.vault, packId);
    if (pack === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    return act(work, pack);
  });
}
