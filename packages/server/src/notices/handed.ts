import type { Evidence, TryOutcome } from "@jikim/casework";

/** What came of handing something over. `reference`: what the recipient's service calls it; `status`: what a mail server gave for its refusal, such as "5.1.1". */
export type Handed = {
  readonly outcome: TryOutcome;
  readonly reference: string | null;
  readonly status?: string | null;
  /** Nothing was handed over, because our own archive refused a copy. */
  readonly unarchived?: boolean;
};
/** What was found out about a try that nobody recorded. */
export type Found = { readonly evidence: Evidence; readonly reference: string | null };
