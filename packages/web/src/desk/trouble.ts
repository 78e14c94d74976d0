import type { Reason } from "@jikim/casework";
import { SealRefusal } from "@jikim/evidence";
import { m } from "../paraglide/messages.js";
import { ApiRefusal, NetworkLost } from "../shared/api.ts";
import { CaseRefusal } from "./case-file.ts";
import { PackingRefusal } from "./evidence/packing-refusal.ts";

/** Why a rule said no, as words that say what to do. */
const RULES: { readonly [key in Reason["code"]]: () => string } = {
  CONSENT_MISSING: m.desk_no_consent,
  MANDATE_MISSING: m.desk_no_mandate,
  THREAT_ACTIVE: m.desk_no_threat,
  POLICE_HOLD: m.desk_no_police_hold,
  RECIPIENT_NOT_NAMED: m.desk_no_recipient_not_named,
  RECIPIENT_HOSTILE: m.desk_no_recipient_hostile,
  NOTHING_TO_ASK: m.desk_no_nothing_to_ask,
  FIELDS_MISSING: m.desk_no_fields_missing,
  NOTICE_NOT_DRAFT: m.desk_no_notice_not_draft,
  NOTICE_NOT_APPROVED: m.desk_no_notice_not_draft,
  BASIS_NEEDS_REFERENCE: m.desk_no_reference,
  CONSENT_NOT_GIVEN: m.desk_no_consent,
  ROLE_MISSING: m.desk_no_role,
  CASE_CLOSED: m.desk_no_case_closed,
  KEEPING_REFUSED: m.ev_no_keeping_refused,
  LEGAL_BASIS_MISSING: m.ev_no_legal_basis_missing,
  COUNSEL_MISSING: m.ev_no_counsel_missing,
  OPINION_MISSING: m.ev_no_opinion_missing,
  AUTHORITY_NEEDED: m.ev_no_authority_needed,
  AUTHORITY_LAPSED: m.ev_no_authority_lapsed,
  AUTHORITY_OUT_OF_SCOPE: m.ev_no_authority_out_of_scope,
  AUTHORITY_OUT_OF_TIME: m.ev_no_authority_out_of_time,
  AUTHORITY_TOO_LONG: m.ev_no_authority_too_long,
  NOTHING_TO_APPROVE: m.ev_no_nothing_to_approve,
  GROUND_NOT_OPEN: m.ev_no_ground_not_open,
  KEPT_FOR_POLICE_ONLY: m.ev_no_kept_for_police_only,
};

/** Why a case is not opened or given on. */
const OPENING: { readonly [key in CaseRefusal["code"]]: () => string } = {
  NOT_A_HOLDER: m.desk_no_holder,
  KEY_NOT_OF_CASE: m.desk_no_case_key,
  NOT_CERTIFIED: m.desk_no_certified,
};

/** Why a pack for a unit was not put together. */
const PACKING: { readonly [key in PackingRefusal["code"]]: (about: { readonly number: number }) => string } = {
  EXHIBIT_LOCKED: m.ev_no_exhibit_locked,
  EXHIBIT_ALTERED: m.ev_no_exhibit_altered,
  UPLOAD_CHANGED: () => m.ev_no_upload_changed(),
};

/** Words for a rule's refusal. */
export function sayRefusal(code: Reason["code"]): string {
  return RULES[code]();
}

/** Any failure as words to show. Never what was being written, never an id. */
export function sayTrouble(error: unknown): string {
  if (error instanceof NetworkLost) return m.desk_no_network();
  if (error instanceof ApiRefusal) return sayApiRefusal(error);
  if (error instanceof CaseRefusal) return OPENING[error.code]();
  if (error instanceof PackingRefusal) return PACKING[error.code](error);
  if (error instanceof SealRefusal) return m.desk_no_seal();
  if (isPasskeyRefusal(error)) return m.desk_no_passkey();
  return m.desk_no_bug();
}

/** The server says most things itself, in the language on screen; its words for rules are kept the same as ours. */
function sayApiRefusal({ code, status, message }: ApiRefusal): string {
  const said = (RULES as Readonly<Record<string, () => string>>)[code];
  if (said) return said();
  if (message !== "") return message;
  return status >= 500 ? m.desk_no_server() : m.desk_no_refused();
}

/** The person or the browser ended the passkey ceremony. */
function isPasskeyRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(NotAllowedError|AbortError|InvalidStateError|SecurityError|NotSupportedError|ConstraintError)$/.test(error.name)
  );
}
