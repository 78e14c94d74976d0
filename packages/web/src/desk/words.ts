import type {
  AgeBand,
  Answer,
  Basis,
  CaseState,
  Channel,
  CheckOutcome,
  Harm,
  NextAct,
  PlaceState,
  Role,
} from "@jikim/casework";
import { m } from "../paraglide/messages.js";
import type { Notice, Release } from "./contract.ts";

/** The words on screen for every code the desk shows, in the language of the moment. */

type Words<K extends string> = { readonly [key in K]: () => string };

const NEXT: Words<NextAct> = {
  "reach-her-safely": m.desk_next_reach_her_safely,
  "plan-for-threat": m.desk_next_plan_for_threat,
  assign: m.desk_next_assign,
  "tell-safe-contact": m.desk_next_tell_safe_contact,
  "answer-message": m.desk_next_answer_message,
  "record-mandate": m.desk_next_record_mandate,
  "settle-doubt": m.desk_next_settle_doubt,
  "send-by-hand": m.desk_next_send_by_hand,
  "take-next-step": m.desk_next_take_next_step,
  "ask-again": m.desk_next_ask_again,
  "approve-notices": m.desk_next_approve_notices,
  "draft-notices": m.desk_next_draft_notices,
  "list-items": m.desk_next_list_items,
  "decide-link": m.desk_next_decide_link,
  "ask-about-link": m.desk_next_ask_about_link,
  "find-address": m.desk_next_find_address,
  "read-answers": m.desk_next_read_answers,
  "chase-answer": m.desk_next_chase_answer,
  wait: m.desk_next_wait,
};
export const sayNext = (act: NextAct) => NEXT[act]();

const CASE: Words<CaseState> = {
  received: m.desk_case_received,
  open: m.desk_case_open,
  "set-aside": m.desk_case_set_aside,
  closed: m.desk_case_closed,
};
export const sayCaseState = (state: CaseState) => CASE[state]();

const HARM: Words<Harm> = {
  circulated: m.desk_harm_circulated,
  filmed: m.desk_harm_filmed,
  threatened: m.desk_harm_threatened,
  feared: m.desk_harm_feared,
  synthesised: m.desk_harm_synthesised,
  harassed: m.desk_harm_harassed,
  other: m.desk_harm_other,
};
export const sayHarm = (harm: Harm) => HARM[harm]();

const AGE: Words<AgeBand> = {
  "under-10": m.desk_age_under_10,
  "10-13": m.desk_age_10_13,
  "14-17": m.desk_age_14_17,
  "18": m.desk_age_18,
  "19": m.desk_age_19,
  "20s": m.desk_age_20s,
  "30s": m.desk_age_30s,
  "40s": m.desk_age_40s,
  "50-plus": m.desk_age_50_plus,
  unknown: m.desk_age_unknown,
};
export const sayAge = (band: AgeBand) => AGE[band]();

/** Whoever does something to a case: staff, she herself, a platform, a unit that takes a pack, or the server on its own. */
type Doer = Role | "survivor" | "platform" | "unit" | "server";
const ROLE: Words<Doer> = {
  intake: m.desk_role_intake,
  caseworker: m.desk_role_caseworker,
  supervisor: m.desk_role_supervisor,
  admin: m.desk_role_admin,
  auditor: m.desk_role_auditor,
  analyst: m.desk_role_analyst,
  survivor: m.desk_role_survivor,
  platform: m.desk_role_platform,
  unit: m.desk_role_unit,
  server: m.desk_role_server,
};
export const sayRole = (role: Doer) => ROLE[role]();

const PLACE: Words<PlaceState> = {
  open: m.desk_place_open,
  asked: m.desk_place_asked,
  removed: m.desk_place_removed,
  blocked: m.desk_place_blocked,
  "de-indexed": m.desk_place_de_indexed,
  back: m.desk_place_back,
};
export const sayPlaceState = (state: PlaceState) => PLACE[state]();

const OUTCOME: Words<CheckOutcome> = {
  removed: m.desk_outcome_removed,
  there: m.desk_outcome_there,
  blocked: m.desk_outcome_blocked,
  "de-indexed": m.desk_outcome_de_indexed,
  "cannot-tell": m.desk_outcome_cannot_tell,
};
export const sayOutcome = (outcome: CheckOutcome) => OUTCOME[outcome]();

const ANSWER: Words<Answer> = {
  received: m.desk_answer_received,
  removed: m.desk_answer_removed,
  refused: m.desk_answer_refused,
  "needs-information": m.desk_answer_needs_information,
  "not-ours": m.desk_answer_not_ours,
  "counter-notice": m.desk_answer_counter_notice,
};
export const sayAnswer = (answer: Answer) => ANSWER[answer]();

const WAY: Words<Channel> = {
  api: m.desk_way_api,
  mail: m.desk_way_mail,
  cloudflare: m.desk_way_cloudflare,
  aws: m.desk_way_aws,
  form: m.desk_way_form,
};
export const sayWay = (channel: Channel) => WAY[channel]();

const DELIVERY: Words<Notice["deliveries"][number]["state"]> = {
  pending: m.desk_delivery_pending,
  "in-doubt": m.desk_delivery_in_doubt,
  "by-hand": m.desk_delivery_by_hand,
  sent: m.desk_delivery_sent,
  failed: m.desk_delivery_failed,
};
export const sayDelivery = (state: keyof typeof DELIVERY) => DELIVERY[state]();

const BASIS: Words<Basis> = {
  "self-reported": m.desk_basis_self_reported,
  police: m.desk_basis_police,
  court: m.desk_basis_court,
  "platform-review": m.desk_basis_platform_review,
};
export const sayBasis = (basis: Basis) => BASIS[basis]();

const RELEASE: Words<Release["what"]> = {
  opened: m.desk_release_opened,
  wrote: m.desk_release_wrote,
  assigned: m.desk_release_assigned,
  listed: m.desk_release_listed,
  withdrew: m.desk_release_withdrew,
  "notice-approved": m.desk_release_notice_approved,
  "notice-sent": m.desk_release_notice_sent,
  "code-replaced": m.desk_release_code_replaced,
  "mandate-recorded": m.desk_release_mandate_recorded,
  closed: m.desk_release_closed,
  "pack-captured": m.desk_release_pack_captured,
  "pack-sealed": m.desk_release_pack_sealed,
  "pack-stamped": m.desk_release_pack_stamped,
  "pack-opened": m.desk_release_pack_opened,
  "pack-copied": m.desk_release_pack_copied,
  "pack-sent": m.desk_release_pack_sent,
  "pack-taken": m.desk_release_pack_taken,
  "pack-verified": m.desk_release_pack_verified,
  "pack-locked": m.desk_release_pack_locked,
  "pack-unlocked": m.desk_release_pack_unlocked,
  "pack-deleted": m.desk_release_pack_deleted,
  "pack-withdrawn": m.desk_release_pack_withdrawn,
  "pack-kept-handed": m.desk_release_pack_kept_handed,
  "pack-destroyed": m.desk_release_pack_destroyed,
  erased: m.desk_release_erased,
};
export const sayRelease = (what: Release["what"]) => RELEASE[what]();
