import type { FastifyRequest, preParsingAsyncHookHandler } from "fastify";
import type { InTransaction } from "../../database.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCaseErasure } from "../../store/erase-case.ts";
import { type CaseRow, findCaseByToken } from "../../store/my-case.ts";
import { lockCase, refreshNext } from "../../store/next.ts";
import { keyOfToken } from "../../store/token.ts";
import type { App } from "../app-type.ts";
import { secretOf } from "../authorization.ts";
import { limitFailures } from "../limits.ts";

const WRONG_CODES_A_MINUTE = 10;

const opened = new WeakMap<FastifyRequest, CaseRow>();

/** Guard of her routes, as `preParsing`: the code must be a case's. Runs after the limit of requests, before the body is read. */
export function requireCode(app: App, { db, vault }: Jikim): preParsingAsyncHookHandler {
  const failed = limitFailures(app, WRONG_CODES_A_MINUTE);
  return async (request) => {
    const token = secretOf(request, "Return");
    const row = token === null ? null : await findCaseByToken(db, keyOfToken(vault, token));
    if (row === null) {
      await failed(request);
      throw new ServerRefusal({ code: "CODE_UNKNOWN" });
    }
    opened.set(request, row);
  };
}

/** What every route of hers has in front. */
export type Guarded = {
  readonly preParsing: preParsingAsyncHookHandler;
  readonly bodyLimit: number;
  readonly config: { readonly rateLimit: { readonly max: number } };
};

/** The case of the code; only on routes behind `requireCode`. */
export function caseOf(request: FastifyRequest): CaseRow {
  const row = opened.get(request);
  if (row === undefined) throw new Error("a route asks for a case without requireCode");
  return row;
}

/** What an act of hers works with: her case's row is locked. */
export type MyWork = { readonly tx: InTransaction; readonly caseRow: CaseRow; readonly now: Temporal.Instant };

/**
 * Does something in her case in one transaction, and works out the next act afterwards.
 * @throws {ServerRefusal} `CODE_UNKNOWN` when the code was replaced meanwhile; `CASE_ERASED`.
 */
export function inMyCase<T>(jikim: Jikim, request: FastifyRequest, act: (work: MyWork) => Promise<T>): Promise<T> {
  return inMyAnyCase(jikim, request, async (work) => {
    await refuseErased(work);
    return act(work);
  });
}

/** @throws {ServerRefusal} `CASE_ERASED`, also while it is being erased. */
export async function refuseErased({ tx, caseRow }: MyWork): Promise<void> {
  const { wantedAt, erasedAt } = await findCaseErasure(tx, caseRow.id);
  if (wantedAt !== null || erasedAt !== null) throw new ServerRefusal({ code: "CASE_ERASED" });
}

/** The same, also where the case was erased. @throws {ServerRefusal} `CODE_UNKNOWN` */
export async function inMyAnyCase<T>(
  jikim: Jikim,
  request: FastifyRequest,
  act: (work: MyWork) => Promise<T>,
): Promise<T> {
  const { id, tokenKey } = caseOf(request);
  return jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    const caseRow = await lockCase(tx, id);
    if (caseRow === undefined || !caseRow.tokenKey.equals(tokenKey)) throw new ServerRefusal({ code: "CODE_UNKNOWN" });
    const done = await act({ tx, caseRow, now });
    await refreshNext(tx, jikim.vault, id, now);
    return done;
  });
}
