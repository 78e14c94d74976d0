/** What needs the sealing library: one chunk of its own, loaded when she begins to write, not with the first page. */
export { keysOfReturnCode, newReturnCode, type ReturnCode, readReturnCode, showReturnCode } from "@jikim/evidence";
export { leafletFingerprint, trustKeys } from "./centre.ts";
export { deleteDraft, loadDraft, saveDraft } from "./draft-store.ts";
export { openWaiting, sealWaiting } from "./outbox.ts";
export { checkReceipt } from "./receipt.ts";
export { sealReport, wrapAgain } from "./submission.ts";
