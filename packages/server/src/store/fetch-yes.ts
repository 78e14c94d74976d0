import type { InTransaction } from "../database.ts";
import { planFirstLooks } from "./check.ts";

/** Who says whether links that may be unique to her are fetched. */
export type Sayer = { readonly who: "survivor" } | { readonly who: "staff"; readonly staffId: string };

/**
 * Records a yes or a no to fetching places of a case. After a yes, checks that were left out are planned again.
 * @returns false, and nothing changed, when one of the places is not of this case.
 */
export async function recordFetchAnswer(
  tx: InTransaction,
  of: { readonly caseId: string; readonly places: readonly string[]; readonly answer: "yes" | "no" },
  sayer: Sayer,
  now: Temporal.Instant,
): Promise<boolean> {
  const wanted = [...new Set(of.places)];
  const rows = await tx
    .selectFrom("place")
    .select("id")
    .where("caseId", "=", of.caseId)
    .where("id", "=", (any) => any.fn.any(any.val(wanted)))
    .execute();
  if (rows.length !== wanted.length) return false;
  const at = of.answer === "yes" ? now.toString() : null;
  const said =
    sayer.who === "survivor"
      ? { fetchYesSurvivor: at }
      : { fetchYesStaff: at, fetchYesStaffBy: at === null ? null : sayer.staffId };
  await tx
    .updateTable("place")
    .set({ ...said, ladderFrom: null })
    .where("id", "=", (any) => any.fn.any(any.val(wanted)))
    .execute();
  if (at !== null) await planFirstLooks(tx, of.caseId, now);
  return true;
}
