import { checkNotice, type NoticeFacts, Refusal } from "@jikim/casework";

/** Whether the guards of casework let a notice leave now. */
export function mayLeave(facts: NoticeFacts): boolean {
  try {
    checkNotice(facts);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
