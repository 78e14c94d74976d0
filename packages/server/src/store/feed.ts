import type { Signed } from "@jikim/evidence";
import { type SqlBool, sql } from "kysely";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { openSigned } from "./notice.ts";

/** What a platform reads in its feed: a notice, or the end of one, by its number. */
export type Fed = { readonly number: number; readonly notice: Signed };

type Page = { readonly after: number; readonly limit: number };

/** Notices that left for a platform after a number, and ends of earlier ones, oldest first. */
export async function findFeed(db: Database, vault: Vault, platformId: string, page: Page): Promise<Fed[]> {
  const notices = await findLiving(db, vault, platformId, page);
  const ends = await findEnds(db, vault, platformId, page);
  return [...notices, ...ends].sort((a, b) => a.number - b.number).slice(0, page.limit);
}

/** A notice whose consent has gone is shown no more, so that who comes late does not learn of it at all. */
async function findLiving(db: Database, vault: Vault, platformId: string, { after, limit }: Page): Promise<Fed[]> {
  const rows = await db
    .selectFrom("notice")
    .select(["id", "number", "signedSealed"])
    .where("recipientId", "=", platformId)
    .where("state", "in", ["sent", "answered"])
    .where("endedAt", "is", null)
    .where("number", ">", after)
    .where(
      sql<SqlBool>`exists (select from consent c where c.case_id = notice.case_id and c.act = 'remove' and c.state = 'given')`,
    )
    .orderBy("number")
    .limit(limit)
    .execute();
  return rows.flatMap(({ id, number, signedSealed }) =>
    number === null || signedSealed === null ? [] : [{ number, notice: openSigned(vault, { id, signedSealed }) }],
  );
}

async function findEnds(db: Database, vault: Vault, platformId: string, { after, limit }: Page): Promise<Fed[]> {
  const rows = await db
    .selectFrom("notice")
    .select(["id", "endNumber", "endSealed"])
    .where("recipientId", "=", platformId)
    .where("endNumber", ">", after)
    .orderBy("endNumber")
    .limit(limit)
    .execute();
  return rows.flatMap(({ id, endNumber: number, endSealed }) =>
    number === null || endSealed === null ? [] : [{ number, notice: openEnd(vault, id, endSealed) }],
  );
}

const endContext = (id: string) => `notice/end/${id}`;
export function sealEnd(vault: Vault, id: string, end: Signed): Buffer {
  return vault.seal(end, endContext(id));
}
function openEnd(vault: Vault, id: string, sealed: Buffer): Signed {
  return vault.open(sealed, endContext(id)) as Signed;
}
