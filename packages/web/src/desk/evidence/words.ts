import { m } from "../../paraglide/messages.js";
import type {
  Authority,
  Capture,
  Custody,
  CustodyPost,
  PackRow,
  Referral,
  RetentionSetting,
  Unit,
} from "./evidence-work.ts";

/** The words of the evidence pages, for every code they show. */

type Words<K extends string> = { readonly [key in K]: () => string };

/** A shape beside each state, so that none is told by colour alone. */
export const CAPTURE_SHAPES: { readonly [state in Capture["state"]]: string } = {
  queued: "○",
  running: "◔",
  sealed: "●",
  failed: "▲",
  locked: "◆",
};
const CAPTURE: Words<Capture["state"]> = {
  queued: m.ev_state_queued,
  running: m.ev_state_running,
  sealed: m.ev_state_sealed,
  failed: m.ev_state_failed,
  locked: m.ev_state_locked,
};
export const sayCaptureState = (state: Capture["state"]) => CAPTURE[state]();

/** What went wrong, and what to do now. */
const FAILURE: Words<NonNullable<Capture["failure"]>> = {
  ADDRESS_REFUSED: m.ev_fail_address_refused,
  NOTHING_CAME: m.ev_fail_nothing_came,
  NO_BROWSER: m.ev_fail_no_browser,
  SESSION_LOST: m.ev_fail_session_lost,
  NO_LONGER_ALLOWED: m.ev_fail_no_longer_allowed,
  OUT_OF_SCOPE: m.ev_fail_out_of_scope,
  TOO_LARGE: m.ev_fail_too_large,
  CAPTURE_FAILED: m.ev_fail_capture_failed,
};
export const sayFailure = (failure: NonNullable<Capture["failure"]>) => FAILURE[failure]();

const AUTHORITY: Words<Authority["kind"]> = {
  "police-request": m.ev_authority_police_request,
  emergency: m.ev_authority_emergency,
  "court-permit": m.ev_authority_court_permit,
};
export const sayAuthorityKind = (kind: Authority["kind"]) => AUTHORITY[kind]();

export const STANDING_SHAPES: { readonly [standing in Authority["standing"]]: string } = {
  "in-force": "●",
  unapproved: "◔",
  lapsed: "▲",
  "not-begun": "○",
  over: "○",
};
const STANDING: Words<Authority["standing"]> = {
  "in-force": m.ev_standing_in_force,
  unapproved: m.ev_standing_unapproved,
  lapsed: m.ev_standing_lapsed,
  "not-begun": m.ev_standing_not_begun,
  over: m.ev_standing_over,
};
export const sayStanding = (standing: Authority["standing"]) => STANDING[standing]();

const UNIT: Words<Unit["kind"]> = {
  police: m.ev_unit_police,
  school: m.ev_unit_school,
  court: m.ev_unit_court,
  centre: m.ev_unit_centre,
};
export const UNIT_KINDS = Object.keys(UNIT) as readonly Unit["kind"][];
export const sayUnitKind = (kind: Unit["kind"]) => UNIT[kind]();

const PACK: Words<PackRow["state"]> = {
  ordered: m.ev_pack_ordered,
  sealed: m.ev_pack_sealed,
  withdrawn: m.ev_pack_withdrawn,
  erased: m.ev_pack_erased,
};
export const PACK_SHAPES: { readonly [state in PackRow["state"]]: string } = {
  ordered: "◔",
  sealed: "●",
  withdrawn: "◆",
  erased: "○",
};
export const sayPackState = (state: PackRow["state"]) => PACK[state]();

const REFERRAL: Words<Referral["state"]> = {
  open: m.ev_link_open,
  taken: m.ev_link_taken,
  withdrawn: m.ev_link_withdrawn,
  expired: m.ev_link_expired,
};
export const REFERRAL_SHAPES: { readonly [state in Referral["state"]]: string } = {
  open: "○",
  taken: "●",
  withdrawn: "◆",
  expired: "◇",
};
export const sayReferralState = (state: Referral["state"]) => REFERRAL[state]();

const STAMP: Words<PackRow["stamp"]["state"]> = {
  off: m.ev_stamp_off,
  waiting: m.ev_stamp_waiting,
  stamped: m.ev_stamp_stamped,
};
export const sayStamp = (state: PackRow["stamp"]["state"]) => STAMP[state]();

const DID: Words<Custody["did"]> = {
  captured: m.ev_did_captured,
  sealed: m.ev_did_sealed,
  stamped: m.ev_did_stamped,
  opened: m.ev_did_opened,
  copied: m.ev_did_copied,
  sent: m.ev_did_sent,
  taken: m.ev_did_taken,
  verified: m.ev_did_verified,
  locked: m.ev_did_locked,
  unlocked: m.ev_did_unlocked,
  deleted: m.ev_did_deleted,
  withdrawn: m.ev_did_withdrawn,
  "kept-handed": m.ev_did_kept_handed,
  destroyed: m.ev_did_destroyed,
};
export const sayDid = (did: Custody["did"]) => DID[did]();

/** What can be written down of what happened outside, as contract/packs.ts has it. */
export const OUTSIDE_ACTS: readonly CustodyPost["did"][] = ["opened", "copied", "sent", "verified", "destroyed"];

const STATUS: Words<NonNullable<RetentionSetting["status"]>> = {
  "kr-public": m.ev_status_kr_public,
  other: m.ev_status_other,
};
export const LEGAL_STATUSES = Object.keys(STATUS) as readonly NonNullable<RetentionSetting["status"]>[];
export const sayStatus = (status: NonNullable<RetentionSetting["status"]>) => STATUS[status]();
