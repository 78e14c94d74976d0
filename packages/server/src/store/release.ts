import type { Role } from "@jikim/casework";
import type { Release } from "../contract/common.ts";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { appendToLog } from "./log.ts";

/** Who did it, as she may read it: a pseudonym, never a name. */
export type Doer = { readonly role: Role | "survivor" | "platform" | "unit" | "server"; readonly who: string };

/** Who may work on cases at all, and the role one is shown in who has several. Which case, only its key decides. */
export const CASE_ROLES = ["caseworker", "intake", "supervisor"] as const satisfies readonly Role[];

/** How the survivor reads of someone at the desk. */
export function doerOf(person: { readonly roles: readonly Role[]; readonly pseudonym: string | null }): Doer {
  return { role: CASE_ROLES.find((role) => person.roles.includes(role)) ?? "caseworker", who: person.pseudonym ?? "" };
}

/** Records a release of a case's data, or an act in it, for her and in the log; in the transaction of the act itself. */
export async function recordRelease(
  db: Database,
  vault: Vault,
  release: Doer & { readonly caseId: string; readonly what: Release["what"]; readonly at: Temporal.Instant },
): Promise<void> {
  const { caseId, role, who, what, at } = release;
  await db.insertInto("release").values({ caseId, role, who, what, releasedAt: at.toString() }).execute();
  await appendToLog(db, vault, { what: "release", caseId, content: { role, who, did: what } }, at);
}

/** All releases of a case, oldest first. */
export async function findReleases(db: Database, caseId: string): Promise<Release[]> {
  const rows = await db.selectFrom("release").selectAll().where("caseId", "=", caseId).orderBy("id").execute();
  return rows.map((row) => ({
    at: row.releasedAt.toString(),
    role: row.role as Release["role"],
    who: row.who,
    what: row.what as Release["what"],
  }));
}
