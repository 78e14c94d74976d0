import { timestampsSchema } from "../../contract/packs.ts";
import { countUnstamped } from "../../store/seal.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";

/** Whether an authority vouches for the times of seals, and how many wait for it. */
export const timestampRoutes: Routes = (app, jikim) => {
  const reading = { onRequest: requireSession(jikim), schema: { response: { 200: timestampsSchema } } };
  app.get("/api/desk/timestamps", reading, async () => {
    const { timestamps } = jikim.config;
    return { authority: timestamps && new URL(timestamps.url).host, waiting: await countUnstamped(jikim.db) };
  });
};
