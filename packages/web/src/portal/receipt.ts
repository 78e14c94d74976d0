import {
  keysOfReturnCode,
  type ReturnCode,
  readReceipt,
  receiptCommitment,
  type Signed,
  showReceipt,
} from "@jikim/evidence";

/** What she keeps of a receipt: when the report was received, and one line of text that proves it. */
export type OwnReceipt = { readonly receivedAt: string; readonly text: string };

/** Reads a receipt, or null when the centre's certified service key did not sign it or it is of another report. */
export function checkReceipt(signed: Signed, serviceKey: string, code: ReturnCode): OwnReceipt | null {
  const receipt = readReceipt(signed, serviceKey);
  if (receipt === null || receipt.commitment !== receiptCommitment(keysOfReturnCode(code).receiptSecret)) return null;
  return { receivedAt: receipt.receivedAt, text: showReceipt(signed) };
}
