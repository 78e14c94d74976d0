import type { CaptureReason } from "./http/capture-refusals.ts";
import type { PackReason } from "./http/pack-refusals.ts";
import type { WorkReason } from "./http/work-refusals.ts";

/** Every way the server itself says no, besides the rules of casework. Closed: `http/refusals.ts` does not compile when one is missing. */
export type ServerReason =
  | WorkReason
  | PackReason
  | CaptureReason
  | { readonly code: "BAD_REQUEST"; readonly field: string }
  | { readonly code: "NOT_FOUND" }
  | { readonly code: "FOREIGN_REQUEST" }
  | { readonly code: "TOO_LARGE" }
  | { readonly code: "NOT_JSON" }
  | { readonly code: "NOT_SEALED" }
  | { readonly code: "TOO_MANY_CHATS" }
  | { readonly code: "CHAT_LEAVING" }
  | { readonly code: "TOO_MANY_REQUESTS" }
  | { readonly code: "TOO_MANY_TODAY" }
  | { readonly code: "CENTRE_NOT_OPEN" }
  | { readonly code: "EFFORT_UNSOLVED" }
  | { readonly code: "EFFORT_EXPIRED" }
  | { readonly code: "EFFORT_SPENT" }
  | { readonly code: "SUBMISSION_TAKEN" }
  | { readonly code: "HOLDERS_CHANGED" }
  | { readonly code: "KEY_CHANGED" }
  | { readonly code: "ID_TAKEN" }
  | { readonly code: "CODE_UNKNOWN" }
  | { readonly code: "CASE_ERASED" }
  | { readonly code: "CASE_GONE" }
  | { readonly code: "SESSION_MISSING" }
  | { readonly code: "SIGN_IN_FAILED" }
  | { readonly code: "PASSKEY_REFUSED" }
  | { readonly code: "LINK_EXPIRED" }
  | { readonly code: "PSEUDONYM_TAKEN" }
  | { readonly code: "CERTIFICATE_REFUSED" }
  | { readonly code: "APPROVALS_MISSING" }
  | { readonly code: "LAST_OF_ROLE" }
  | { readonly code: "CASES_HELD_ALONE" };

/** The server said no for a reason that is expected and safe to show. */
export class ServerRefusal extends Error {
  override readonly name = "ServerRefusal";
  readonly reason: ServerReason;
  constructor(reason: ServerReason) {
    super(reason.code);
    this.reason = reason;
  }
}
