import { fetchesSchema, myWatchSchema } from "../../contract/watch.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { recordFetchAnswer } from "../../store/fetch-yes.ts";
import { countSources } from "../../store/source.ts";
import { isWatchedFor } from "../../store/watching.ts";
import type { App } from "../app-type.ts";
import { caseOf, type Guarded, inMyCase } from "./access.ts";

/** What is watched for her, and her yes to fetching a link that only she may have. */
export function addWatchRoutes(app: App, jikim: Jikim, guarded: Guarded): void {
  app.get("/api/my/watch", { ...guarded, schema: { response: { 200: myWatchSchema } } }, async (request) => {
    const { db, vault } = jikim;
    const { sources, lastLookedAt } = await countSources(db);
    if (sources === 0 || !(await isWatchedFor(db, vault, caseOf(request))))
      return { watching: false, sources: 0, lastLookedAt: null };
    return { watching: true, sources, lastLookedAt: lastLookedAt?.toString() ?? null };
  });
  const answering = { body: fetchesSchema, response: { 200: emptySchema } };
  app.post("/api/my/fetches", { ...guarded, schema: answering }, async (request) => {
    await inMyCase(jikim, request, async ({ tx, caseRow, now }) => {
      const of = { caseId: caseRow.id, ...request.body };
      if (!(await recordFetchAnswer({ tx, vault: jikim.vault }, of, { who: "survivor" }, now)))
        throw new ServerRefusal({ code: "NOT_FOUND" });
    });
    return {};
  });
}
