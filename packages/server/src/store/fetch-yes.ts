import type { LinkTalk } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { planFirstLooks } from "./check.ts";
import { saveLinks } from "./place-questions.ts";

/** Who says whether links that may be unique to her are fetched. */
export type Sayer = { readonly who: "survivor" } | { readonly who: "staff"; readonly staffId: string };

/**
 * Records a yes or a no to fetching places of a locked case. After a yes, checks that were left out are planned again.
 * @returns false, and nothing changed, when one of the places is not of this case.
 */
export async function recordFetchAnswer(
  { tx, vault }: { readonly tx: InTransaction; readonly vault: Vault },
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
  const no = { [sayer.who]: at === null };
  await saveLinks(tx, vault, { caseId: of.caseId, places: wanted }, (link) => ({
    ...link,
    refused: { ...link.refused, ...no },
  }));
  if (at !== null) await planFirstLooks(tx, of.caseId, now);
  return true;
}

/**
 * Records that she was asked whether places of a locked case may be fetched. Who asks would fetch them: it is that caseworker's yes.
 * @returns false, and nothing changed, when one of the places is not of this case.
 */
export async function recordQuestion(
  work: { readonly tx: InTransaction; readonly vault: Vault },
  of: { readonly caseId: string; readonly places: readonly string[]; readonly staffId: string },
  now: Temporal.Instant,
): Promise<boolean> {
  const { caseId, places, staffId } = of;
  const answer = { caseId, places, answer: "yes" } as const;
  if (!(await recordFetchAnswer(work, answer, { who: "staff", staffId }, now))) return false;
  const asked = (link: LinkTalk) => ({ ...link, askedAt: now.toString() });
  await saveLinks(work.tx, work.vault, { caseId, places }, asked);
  return true;
}
