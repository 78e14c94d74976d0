import type { InTransaction } from "../database.ts";

/** Makes an approved notice of which nothing left a prepared step, which waits for a key. Case and notice are locked. */
export async function returnStep(tx: InTransaction, noticeId: string, why: string): Promise<void> {
  await tx.deleteFrom("delivery").where("noticeId", "=", noticeId).where("purpose", "=", "notice").execute();
  await tx
    .updateTable("notice")
    // What was signed to leave is signed anew by then: a draft follows what is true of the case.
    .set({ state: "draft", stepWhy: why, approvedAt: null, approvedBy: null, policyId: null, signedSealed: null })
    .where("id", "=", noticeId)
    .where("state", "=", "approved")
    .execute();
}
