import type { Database } from "../database.ts";
import { forgetCeremonies } from "./ceremony.ts";
import { forgetHalfChats } from "./chat.ts";
import { forgetDrafts } from "./draft.ts";
import { forgetEfforts } from "./effort.ts";
import { forgetErased } from "./erased-notice.ts";
import { forgetHosts } from "./host-lookup.ts";
import { forgetPaces } from "./pace.ts";
import { forgetRdap } from "./rdap.ts";
import { forgetHalfFiles } from "./sealed-file.ts";
import { forgetSessions } from "./session.ts";

/** Deletes what has run out: drafts, sessions, challenges, spent efforts, files that never came to their end, and what directories said long ago. */
export async function forgetExpired(db: Database, now: Temporal.Instant): Promise<void> {
  await forgetDrafts(db, now);
  await forgetSessions(db, now);
  await forgetCeremonies(db, now);
  await forgetEfforts(db, now);
  await forgetPaces(db, now);
  await forgetHosts(db, now);
  await forgetRdap(db, now);
  await forgetHalfChats(db, now);
  await forgetHalfFiles(db, now);
  await forgetErased(db, now);
}
