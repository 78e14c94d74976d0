import type { Routes } from "../app-type.ts";
import { assignmentRoutes } from "./assignment.ts";
import { authorityRoutes } from "./authorities.ts";
import { captureRoutes } from "./captures.ts";
import { caseRoutes } from "./cases.ts";
import { chatRoutes } from "./chats.ts";
import { documentRoutes } from "./documents.ts";
import { dueRoutes } from "./due.ts";
import { entryRoutes } from "./entries.ts";
import { lawRoutes } from "./laws.ts";
import { letterRoutes } from "./letters.ts";
import { mailRoutes } from "./mail.ts";
import { meansRoutes } from "./means.ts";
import { noticeRoutes } from "./notices.ts";
import { packRoutes } from "./packs.ts";
import { placeRoutes } from "./places.ts";
import { platformRoutes } from "./platforms.ts";
import { policyRoutes } from "./policies.ts";
import { recipientRoutes } from "./recipients.ts";
import { referralRoutes } from "./referrals.ts";
import { resultRoutes } from "./results.ts";
import { retentionRoutes } from "./retention.ts";
import { sealedPackRoutes } from "./sealed-packs.ts";
import { sheetRoutes } from "./sheets.ts";
import { sourceRoutes } from "./sources.ts";
import { timestampRoutes } from "./timestamps.ts";

/** Work on cases, and the platforms it reaches. */
export const DESK_ROUTES: readonly Routes[] = [
  authorityRoutes,
  captureRoutes,
  caseRoutes,
  chatRoutes,
  documentRoutes,
  assignmentRoutes,
  entryRoutes,
  placeRoutes,
  noticeRoutes,
  letterRoutes,
  mailRoutes,
  sheetRoutes,
  dueRoutes,
  policyRoutes,
  recipientRoutes,
  lawRoutes,
  platformRoutes,
  sourceRoutes,
  meansRoutes,
  resultRoutes,
  packRoutes,
  sealedPackRoutes,
  referralRoutes,
  retentionRoutes,
  timestampRoutes,
];
