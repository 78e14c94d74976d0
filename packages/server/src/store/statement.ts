import { randomUUID } from "node:crypto";
import type { RecordedStatement, Statement } from "@jikim/casework";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";

/** What she stated, and a name that she lets notices give. Both are under the data key: where she is and who she is are in them. */
export type Stated = { readonly statements: readonly RecordedStatement[]; readonly name: string | null };

type Content = { readonly what: Statement; readonly name: string | null };

const contextOf = (id: string) => `statement/what/${id}`;
const keyOf = (vault: Vault, caseId: string, what: Statement) => vault.keyOf(`${caseId} ${what}`, "statement/what");

/** A case's statements, oldest first. */
export async function findStated(db: Database, vault: Vault, caseId: string): Promise<Stated> {
  const rows = await db
    .selectFrom("statement")
    .selectAll()
    .where("caseId", "=", caseId)
    .orderBy("recordedAt")
    .orderBy("id")
    .execute();
  const opened = rows.map(({ id, whatSealed, madeBy: by, recordedAt: at }) => {
    const { what, name } = vault.open(whatSealed, contextOf(id)) as Content;
    return { statement: { what, at, by }, name };
  });
  return {
    statements: opened.map(({ statement }) => statement),
    name: opened.find(({ name }) => name !== null)?.name ?? null,
  };
}

export type NewStatements = {
  readonly caseId: string;
  readonly add: readonly Statement[];
  /** Kept with "name-may-be-given" only. */
  readonly name: string | null;
  readonly by: "talk" | "documents";
  readonly staffId: string;
};

/** Records what she stated, each once; what she stated before stays as it was recorded, but for a name given anew. */
export async function recordStatements(
  tx: InTransaction,
  vault: Vault,
  { caseId, add, name, by, staffId }: NewStatements,
  now: Temporal.Instant,
): Promise<void> {
  if (name !== null) await retractStatements(tx, vault, caseId, ["name-may-be-given"]);
  const rows = [...new Set(add)].map((what) => {
    const id = randomUUID();
    const content: Content = { what, name: what === "name-may-be-given" ? name : null };
    return {
      ...{ id, caseId, whatSealed: vault.seal(content, contextOf(id)), whatKey: keyOf(vault, caseId, what) },
      ...{ madeBy: by, recordedAt: now.toString(), recordedBy: staffId },
    };
  });
  if (rows.length === 0) return;
  await tx
    .insertInto("statement")
    .values(rows)
    .onConflict((same) => same.columns(["caseId", "whatKey"]).doNothing())
    .execute();
}

/** Takes statements back: nothing is declared on them any more. */
export async function retractStatements(
  tx: InTransaction,
  vault: Vault,
  caseId: string,
  retracted: readonly Statement[],
): Promise<void> {
  if (retracted.length === 0) return;
  await tx
    .deleteFrom("statement")
    .where("caseId", "=", caseId)
    .where("whatKey", "=", (any) => any.fn.any(any.val(retracted.map((what) => keyOf(vault, caseId, what)))))
    .execute();
}
