import type { Routes } from "../app-type.ts";
import { platformAnswerRoutes } from "./answers.ts";
import { platformListRoutes } from "./list.ts";
import { platformNoticeRoutes } from "./notices.ts";

/** What platforms call, each with its own key. */
export const PLATFORM_ROUTES: readonly Routes[] = [platformListRoutes, platformAnswerRoutes, platformNoticeRoutes];
