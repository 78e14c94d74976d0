import type { Routes } from "./app-type.ts";
import { centreRoutes } from "./centre.ts";
import { challengeRoutes } from "./challenges.ts";
import { reportRoutes } from "./reports.ts";

/** Every file of routes. A new file is added here and nowhere else. */
export const ROUTES: readonly Routes[] = [centreRoutes, challengeRoutes, reportRoutes];
