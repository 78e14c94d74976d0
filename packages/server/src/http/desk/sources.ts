import { isSearch, readPlace } from "@jikim/casework";
import { sourceChangeSchema, sourcePostSchema, sourcesSchema } from "../../contract/watch.ts";
import { emptySchema } from "../../contract.ts";
import { watchSourceSoon } from "../../jobs/queue.ts";
import { ServerRefusal } from "../../refusal.ts";
import { CASE_ROLES } from "../../store/release.ts";
import { endSource, findSources, hastenSource, insertSource } from "../../store/source.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { idSchema } from "./cases.ts";

/** What the centre is authorised to watch: a supervisor adds it with the authority and its date, and ends it. */
export const sourceRoutes: Routes = (app, jikim) => {
  const { db, vault, jobs } = jikim;
  const listing = { onRequest: requireSession(jikim, ...CASE_ROLES), schema: { response: { 200: sourcesSchema } } };
  app.get("/api/desk/sources", listing, async () => findSources(db, vault));
  const onRequest = requireSession(jikim, "supervisor");
  const adding = { body: sourcePostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/sources", { onRequest, schema: adding }, async (request) => {
    const now = jikim.now();
    const source = { ...request.body, address: readSourceAddress(request.body) };
    if (
      Temporal.PlainDate.compare(
        source.authorisation.on,
        now.toZonedDateTimeISO("UTC").toPlainDate().add({ days: 1 }),
      ) > 0
    )
      throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.authorisation.on" });
    const added = await insertSource(db, vault, { source, staffId: staffOf(request).staffId }, now);
    if (!added) throw new ServerRefusal({ code: "SOURCE_KNOWN" });
    return {};
  });
  const changing = { params: idSchema, body: sourceChangeSchema, response: { 200: emptySchema } };
  app.post("/api/desk/sources/:id", { onRequest, schema: changing }, async (request) => {
    const [sourceId, now] = [request.params.id, jikim.now()];
    await db.transaction().execute(async (tx) => {
      const isEnd = request.body.change === "end";
      const done = isEnd
        ? await endSource(tx, { sourceId, staffId: staffOf(request).staffId }, now)
        : await hastenSource(tx, sourceId, now);
      if (!done) throw new ServerRefusal({ code: "NOT_FOUND" });
      if (!isEnd) await watchSourceSoon(jobs, tx, sourceId);
    });
    return {};
  });
};

/** @throws {ServerRefusal} `BAD_REQUEST` unless it is a page of the web, and of a search engine just when it is to be one. */
function readSourceAddress({ kind, address }: { readonly kind: string; readonly address: string }): string {
  const place = /^https?:\/\//i.test(address) ? readPlace(address) : null;
  if (place === null || isSearch(place) !== (kind === "search"))
    throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.address" });
  return place.text;
}
