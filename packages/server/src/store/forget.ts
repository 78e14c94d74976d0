import type { Database } from "../database.ts";
import { forgetCeremonies } from "./ceremony.ts";
import { forgetDrafts } from "./draft.ts";
import { forgetEfforts } from "./effort.ts";
import { forgetSessions } from "./session.ts";

/** Deletes what has run out: drafts, sessions, challenges and spent efforts. */
export async function forgetExpired(db: Database, now: Temporal.Instant): Promise<void> {
  await forgetDrafts(db, now);
  await forgetSessions(db, now);
  await forgetCeremonies(db, now);
  await forgetEfforts(db, now);
}
