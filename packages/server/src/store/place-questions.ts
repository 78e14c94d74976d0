import { type LinkTalk, type PlaceQuestions, placeQuestions, type RecipientKind, UNASKED } from "@jikim/casework";
import { sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { saveCodes } from "./case-change.ts";
import { openAddress, openCodes } from "./sealed.ts";

type CaseRow = { readonly id: string; readonly codesSealed: Buffer };

/** What places of a case wait for. */
export async function findQuestions(db: Database, vault: Vault, caseRow: CaseRow): Promise<PlaceQuestions> {
  const links = openCodes(vault, caseRow).links ?? {};
  const rows = await db
    .selectFrom("place")
    .select(["id", "state", "namedBy", "addressSealed", "fetchYesSurvivor", "fetchYesStaff"])
    .select(
      sql<RecipientKind[]>`array(select distinct r.kind from notice_place np join notice n on n.id = np.notice_id
        join recipient r on r.id = n.recipient_id where np.place_id = place.id)`.as("kinds"),
    )
    .where("caseId", "=", caseRow.id)
    .where("state", "<>", "removed")
    .execute();
  return placeQuestions(
    rows.map((row) => ({
      ...{ address: openAddress(vault, row), state: row.state, kinds: row.kinds },
      namedByWatch: row.namedBy === "watch",
      yes: { survivor: row.fetchYesSurvivor !== null, staff: row.fetchYesStaff !== null },
      link: links[row.id] ?? UNASKED,
    })),
  );
}

/** What was said about the links of a case, by place. */
export async function findLinks(
  db: Database,
  vault: Vault,
  caseId: string,
): Promise<Readonly<Record<string, LinkTalk>>> {
  const row = await db.selectFrom("cases").select(["id", "codesSealed"]).where("id", "=", caseId).executeTakeFirst();
  return row === undefined ? {} : (openCodes(vault, row).links ?? {});
}

/** Keeps what changed about links of a locked case. @param change  of what is known of one link. */
export async function saveLinks(
  tx: InTransaction,
  vault: Vault,
  of: { readonly caseId: string; readonly places: readonly string[] },
  change: (link: LinkTalk) => LinkTalk,
): Promise<void> {
  const row = await tx
    .selectFrom("cases")
    .select(["id", "codesSealed"])
    .where("id", "=", of.caseId)
    .executeTakeFirstOrThrow();
  const codes = openCodes(vault, row);
  const links = { ...codes.links };
  for (const id of of.places) links[id] = change(links[id] ?? UNASKED);
  await saveCodes(tx, vault, of.caseId, { ...codes, links });
}
