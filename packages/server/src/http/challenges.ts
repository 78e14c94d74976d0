import { makeChallenge } from "../challenge.ts";
import { challengeSchema } from "../contract/portal.ts";
import type { Routes } from "./app-type.ts";
import { aMinute } from "./limits.ts";

/** POST /api/challenges: work to do before an anonymous request that stores something. */
export const challengeRoutes: Routes = (app, jikim) => {
  const { config, vault } = jikim;
  const options = { ...aMinute(config.anonymousAMinute), schema: { response: { 200: challengeSchema } } };
  app.post("/api/challenges", options, async () => makeChallenge(vault, config.effort, jikim.now()));
};
