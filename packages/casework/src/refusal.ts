/** Every way a rule of Jikim says no. Closed: the server's table of HTTP answers does not compile when one is missing. */
export type Reason =
  | { readonly code: "CONSENT_MISSING"; readonly act: string }
  | { readonly code: "MANDATE_MISSING" }
  | { readonly code: "THREAT_ACTIVE" }
  | { readonly code: "POLICE_HOLD" }
  | { readonly code: "RECIPIENT_NOT_NAMED" }
  | { readonly code: "RECIPIENT_HOSTILE" }
  | { readonly code: "NOTHING_TO_ASK" }
  | { readonly code: "FIELDS_MISSING"; readonly fields: readonly string[] }
  | { readonly code: "NOTICE_NOT_DRAFT" }
  | { readonly code: "NOTICE_NOT_APPROVED" }
  | { readonly code: "BASIS_NEEDS_REFERENCE" }
  | { readonly code: "CONSENT_NOT_GIVEN" }
  | { readonly code: "ROLE_MISSING"; readonly role: string }
  | { readonly code: "CASE_CLOSED" }
  | { readonly code: "KEEPING_REFUSED" }
  | { readonly code: "LEGAL_BASIS_MISSING" }
  | { readonly code: "COUNSEL_MISSING" }
  | { readonly code: "OPINION_MISSING" }
  | { readonly code: "AUTHORITY_NEEDED" }
  | { readonly code: "AUTHORITY_LAPSED" }
  | { readonly code: "AUTHORITY_OUT_OF_SCOPE" }
  | { readonly code: "AUTHORITY_OUT_OF_TIME" }
  | { readonly code: "AUTHORITY_TOO_LONG" }
  | { readonly code: "NOTHING_TO_APPROVE" }
  | { readonly code: "GROUND_NOT_OPEN" }
  | { readonly code: "KEPT_FOR_POLICE_ONLY" };

/** A rule said no: expected, safe to show. Anything else that is thrown is a bug. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: Reason;
  constructor(reason: Reason) {
    super(reason.code);
    this.reason = reason;
  }
}
