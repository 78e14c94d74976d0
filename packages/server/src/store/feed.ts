import type { Signed } from "@jikim/evidence";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { openSigned } from "./notice.ts";

/** What a platform reads in its feed: a notice, or the end of one, by its number. */
export type Fed = { readonly number: number; readonly notice: Signed };

export type Page = { readonly after: number; readonly limit: number };

/** A notice that left for a platform and has not ended. */
export type FedNotice = Fed & {
  readonly id: string;
  readonly caseId: string;
  /** When the platform first had it; null: nobody has read it. */
  readonly receivedAt: Temporal.Instant | null;
};

/** Notices that left for a platform after a number, oldest first, whether or not they may be shown now. */
export async function findFedNotices(
  db: Database,
  vault: Vault,
  platformId: string,
  { after, limit }: Page,
): Promise<FedNotice[]> {
  const rows = await db
    .selectFrom("notice")
    .select(["id", "caseId", "number", "signedSealed", "receivedAt"])
    .where("recipientId", "=", platformId)
    .where("state", "in", ["sent", "answered"])
    .where("endedAt", "is", null)
    .where("number", ">", after)
    .orderBy("number")
    .limit(limit)
    .execute();
  return rows.flatMap(({ number, signedSealed, ...row }) =>
    number === null || signedSealed === null
      ? []
      : [{ ...row, number, notice: openSigned(vault, { id: row.id, signedSealed }) }],
  );
}

/** Ends of earlier notices, told to a platform after a number, oldest first. */
export async function findEnds(db: Database, vault: Vault, platformId: string, { after, limit }: Page): Promise<Fed[]> {
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
