import { changesPageSchema, snapshotPageSchema } from "@jikim/sdk/wire";
import { z } from "zod";
import type { Jikim } from "../../jikim.ts";
import { createHeadSigner } from "../../list/head.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findChanges, findPuts, type ListPage } from "../../store/list.ts";
import { recordSeen } from "../../store/platform.ts";
import type { App } from "../app-type.ts";
import { platformOf } from "./access.ts";

const MOST_PUTS = 2000;
const MOST_CHANGES = 1000;
const numberSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const snapshotQuerySchema = z.strictObject({
  after: numberSchema.default(0),
  limit: z.coerce.number().int().min(1).max(MOST_PUTS).default(MOST_PUTS),
});
const changesQuerySchema = z.strictObject({ after: numberSchema });

/** The list as platforms follow it: a snapshot, then changes. */
export function platformListRoutes(app: App, jikim: Jikim): void {
  const signHead = createHeadSigner(jikim.service);
  const proofOf = ({ head, certificate }: ListPage<unknown>) => {
    if (certificate === null) throw new ServerRefusal({ code: "CENTRE_NOT_OPEN" });
    return { certificate, head: signHead(head, jikim.now()) };
  };
  app.get(
    "/api/platform/list/snapshot",
    { schema: { querystring: snapshotQuerySchema, response: { 200: snapshotPageSchema } } },
    async (request) => {
      const platform = await platformOf(request, jikim);
      const { after, limit } = request.query;
      const page = await findPuts(jikim.db, jikim.vault, { after, limit });
      await recordSeen(jikim.db, platform.id, { at: jikim.now(), listNumber: null });
      const puts = page.rows.map(({ payload, signature }) => ({ payload, signature }));
      return { ...proofOf(page), puts, next: puts.length < limit ? null : (page.rows.at(-1)?.number ?? null) };
    },
  );
  app.get(
    "/api/platform/list/changes",
    { schema: { querystring: changesQuerySchema, response: { 200: changesPageSchema } } },
    async (request) => {
      const platform = await platformOf(request, jikim);
      const { after } = request.query;
      const page = await findChanges(jikim.db, jikim.vault, { after, limit: MOST_CHANGES });
      await recordSeen(jikim.db, platform.id, { at: jikim.now(), listNumber: after });
      return { ...proofOf(page), changes: [...page.rows] };
    },
  );
}
