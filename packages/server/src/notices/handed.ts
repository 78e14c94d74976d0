import type { Evidence, TryOutcome } from "@jikim/casework";

/** What came of handing something over. `reference`: what the recipient's service calls it. */
export type Handed = { readonly outcome: TryOutcome; readonly reference: string | null };
/** What was found out about a try that nobody recorded. */
export type Found = { readonly evidence: Evidence; readonly reference: string | null };
