import { meansSchema } from "../../contract/watch.ts";
import { findMissing, isSharedAccount } from "../../programs.ts";
import { CASE_ROLES } from "../../store/release.ts";
import { findVantagesDown } from "../../store/vantage.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";

/** What the server looks with, and what of it is missing or down. */
export const meansRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES, "admin");
  app.get("/api/desk/means", { onRequest, schema: { response: { 200: meansSchema } } }, async () => {
    const down = new Map((await findVantagesDown(jikim.db)).map((one) => [one.name, one]));
    return {
      sharedAccount: isSharedAccount(),
      missing: findMissing().map((one) => ({ package: one.package })),
      vantages: jikim.config.vantages.map(({ name, country }) => ({
        ...{ name, country, downSince: down.get(name)?.since.toString() ?? null },
        lastTriedAt: down.get(name)?.lastTriedAt.toString() ?? null,
      })),
    };
  });
};
