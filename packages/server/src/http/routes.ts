import type { Routes } from "./app-type.ts";
import { centreRoutes } from "./centre.ts";
import { centreWorkRoutes } from "./centre-work.ts";
import { challengeRoutes } from "./challenges.ts";
import { DESK_ROUTES } from "./desk/index.ts";
import { draftRoutes } from "./draft.ts";
import { enrolmentRoutes } from "./enrolment.ts";
import { logRoutes } from "./log-files.ts";
import { myRoutes } from "./my/routes.ts";
import { PLATFORM_ROUTES } from "./platform/index.ts";
import { reportRoutes } from "./reports.ts";
import { setupRoutes } from "./setup.ts";
import { signInRoutes } from "./sign-in.ts";
import { staffRoutes } from "./staff.ts";
import { takeRoutes } from "./take.ts";

/** Every file of routes. A new file is added here and nowhere else. */
export const ROUTES: readonly Routes[] = [
  centreRoutes,
  challengeRoutes,
  draftRoutes,
  reportRoutes,
  myRoutes,
  setupRoutes,
  enrolmentRoutes,
  signInRoutes,
  staffRoutes,
  logRoutes,
  centreWorkRoutes,
  takeRoutes,
  ...DESK_ROUTES,
  ...PLATFORM_ROUTES,
];
