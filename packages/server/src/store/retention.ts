import { type Selectable, type SqlBool, sql } from "kysely";
import type { RetentionSetting } from "../contract/packs.ts";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { dropChats } from "./chat.ts";
import { eraseEntries } from "./log.ts";
import { openCodes } from "./sealed.ts";

/** Days that a centre without a statutory period keeps evidence until it says otherwise. Ours. */
const FIRST_OWN_DAYS = 365;

export async function findRetention(db: Database): Promise<RetentionSetting> {
  const row = await db.selectFrom("centre").select("retention").where("id", "=", 1).executeTakeFirstOrThrow();
  return row.retention ?? { status: null, source: "", ownDays: FIRST_OWN_DAYS };
}

export async function saveRetention(db: Database, setting: RetentionSetting): Promise<void> {
  await db
    .updateTable("centre")
    .set({ retention: JSON.stringify(setting) })
    .where("id", "=", 1)
    .execute();
}

/** What a case's retention hangs on. */
export type CaseKept = {
  readonly caseId: string;
  /** Null: not known. */
  readonly ageKnown: boolean;
  readonly ageBand: ReturnType<typeof openCodes>["ageBand"];
  readonly policeRequested: boolean;
  readonly closedAt: Temporal.Instant | null;
  readonly erased: { readonly at: Temporal.Instant; readonly rule: string } | null;
};

type Row = Pick<Selectable<Tables["cases"]>, "id" | "codesSealed" | "closedAt"> & {
  readonly policeRequested: SqlBool;
  readonly erasedAt: Temporal.Instant | null;
  readonly rule: string | null;
};

function caseRows(db: Database) {
  return db
    .selectFrom("cases")
    .leftJoin("erasure", "erasure.caseId", "cases.id")
    .select(["cases.id", "cases.codesSealed", "cases.closedAt", "erasure.erasedAt", "erasure.rule"])
    .select(
      // Every power is asked for by investigators, and so is what a warrant had handed over.
      sql<SqlBool>`(exists (select from authority a where a.case_id = cases.id)
        or exists (select from pack p where p.case_id = cases.id and p.ground_id = 'kr-warrant'))`.as(
        "policeRequested",
      ),
    );
}

function read(vault: Vault, row: Row): CaseKept {
  const { ageBand } = openCodes(vault, row);
  return {
    ...{ caseId: row.id, ageBand, ageKnown: ageBand !== "unknown", closedAt: row.closedAt },
    policeRequested: Boolean(row.policeRequested),
    erased: row.erasedAt === null || row.rule === null ? null : { at: row.erasedAt, rule: row.rule },
  };
}

export async function findCaseKept(db: Database, vault: Vault, caseId: string): Promise<CaseKept | null> {
  const row = await caseRows(db).where("cases.id", "=", caseId).executeTakeFirst();
  return row === undefined ? null : read(vault, row);
}

/** Cases that were closed by a moment and not erased yet, by id. @param page.after  the last id of the page before. */
export async function findClosedKept(
  db: Database,
  vault: Vault,
  page: { readonly after: string; readonly closedBy: Temporal.Instant; readonly limit: number },
): Promise<CaseKept[]> {
  const rows = await caseRows(db)
    .where("cases.closedAt", "<=", page.closedBy)
    .where("cases.id", ">", page.after)
    .where("erasure.caseErasedAt", "is", null)
    .orderBy("cases.id")
    .limit(page.limit)
    .execute();
  return rows.map((row) => read(vault, row));
}

/**
 * Erases a locked case's evidence: sealed files, packs, captures, chats, and what the log's entries about the case say. The leaves stay, and the
 * log with them. Packs whose takers must still be told stay as rows, without their content.
 */
export async function eraseEvidence(
  tx: InTransaction,
  caseId: string,
  { at, because, rule }: { readonly at: Temporal.Instant; readonly because: "due" | "asked"; readonly rule: string },
): Promise<void> {
  await dropChats(tx, caseId);
  await tx.deleteFrom("capture").where("caseId", "=", caseId).execute();
  await tx
    .deleteFrom("seal")
    .where("caseId", "=", caseId)
    .where(
      sql<SqlBool>`not exists (select from referral r where r.pack_id = seal.pack_id and r.told in ('waiting', 'by-hand'))`,
    )
    .execute();
  await tx.deleteFrom("sealedFile").where("caseId", "=", caseId).execute();
  await eraseEntries(tx, caseId);
  const values = { erasedAt: at.toString(), because, rule };
  await tx
    .insertInto("erasure")
    .values({ caseId, ...values })
    .onConflict((same) => same.column("caseId").doUpdateSet(values))
    .execute();
}

/** Drops what was left of erased evidence only until its takers were told. */
export async function dropTold(tx: InTransaction, packId: string): Promise<void> {
  await tx
    .deleteFrom("seal")
    .where("packId", "=", packId)
    .where(
      sql<SqlBool>`exists (select from erasure e where e.case_id = seal.case_id and e.erased_at >= seal.sealed_at)
        and not exists (select from referral r where r.pack_id = seal.pack_id and r.told in ('waiting', 'by-hand'))`,
    )
    .execute();
}
