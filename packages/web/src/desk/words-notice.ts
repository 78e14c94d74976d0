import {
  type Canary,
  type GroundReason,
  type MailClass,
  type NoticeField,
  type RungReason,
  type Silence,
  STATEMENTS,
} from "@jikim/casework";
import { m } from "../paraglide/messages.js";
import { language } from "../shared/language.svelte.ts";
import type { DueRow, Ground, Mail } from "./notice-work.ts";
import { sayStatement } from "./words-act.ts";

/** The words about notices: why whom, what is missing, what came back. */

type Words<K extends string> = { readonly [key in K]: () => string };

const RUNG: Words<RungReason> = {
  "runs-the-place": m.desk_rung_runs_the_place,
  "carries-the-place": m.desk_rung_carries_the_place,
  "site-silent": m.desk_rung_site_silent,
  "site-hostile": m.desk_rung_site_hostile,
  "last-resort": m.desk_rung_last_resort,
  "stops-listing": m.desk_rung_stops_listing,
  "child-first": m.desk_rung_child_first,
  "after-its-period": m.desk_rung_after_its_period,
  "needs-nobody-first": m.desk_rung_needs_nobody_first,
  "works-better": m.desk_rung_works_better,
};
export const sayRungReason = (why: RungReason) => RUNG[why]();

const BECAUSE: Words<GroundReason> = {
  asserted: m.desk_because_asserted,
  "fields-only": m.desk_because_fields_only,
  "jurisdiction-unknown": m.desk_because_jurisdiction_unknown,
  "no-ground-there": m.desk_because_no_ground_there,
  "not-open-to-the-public": m.desk_because_not_open_to_the_public,
  "sender-not-entitled": m.desk_because_sender_not_entitled,
  "not-resident-there": m.desk_because_not_resident_there,
};
export const sayGroundReason = (because: GroundReason) => BECAUSE[because]();

const SILENCE: Words<Silence> = {
  "no-registry": m.desk_silent_no_registry,
  "not-registered": m.desk_silent_not_registered,
  redacted: m.desk_silent_redacted,
  "no-contact": m.desk_silent_no_contact,
  "registry-only": m.desk_silent_registry_only,
  "behind-network": m.desk_silent_behind_network,
  unresolved: m.desk_silent_unresolved,
  "not-public": m.desk_silent_not_public,
  "may-be-hers": m.desk_silent_may_be_hers,
  "cannot-tell": m.desk_silent_cannot_tell,
};
export const saySilence = (why: Silence) => SILENCE[why]();

const REACH: Words<"public" | "closed" | "unknown"> = {
  public: m.desk_route_public,
  closed: m.desk_route_closed,
  unknown: m.desk_route_unknown,
};
export const sayReach = (reach: keyof typeof REACH) => REACH[reach]();

/** Law and article, such as "전기통신사업법 22-5". */
export const sayLaw = (ground: Pick<Ground, "law" | "article">) => `${ground.law[language()]} ${ground.article}`;

const WHAT_TO_DO: Words<NoticeField> = {
  place: m.desk_miss_place,
  reason: m.desk_miss_statement,
  "sender-name": m.desk_miss_centre,
  "sender-contact": m.desk_miss_centre,
  signature: m.desk_miss_signature,
  "good-faith": m.desk_miss_statement,
  authority: m.desk_miss_statement,
  "identity-document": m.desk_miss_document,
  mandate: m.desk_miss_document,
  "progress-contact": m.desk_miss_centre,
  "depicted-name": m.desk_miss_name,
  truth: m.desk_miss_statement,
  "intimate-content": m.desk_miss_statement,
  "search-result": m.desk_miss_search_result,
};
/** What to do about a field that a notice still lacks. */
export function sayWhatToDo(missing: string): string {
  return missing in WHAT_TO_DO ? WHAT_TO_DO[missing as NoticeField]() : "";
}

/** On what statement of hers a declaration stands. */
export function sayFooting(statement: string | null): string {
  const known = STATEMENTS.find((each) => each === statement);
  return known === undefined ? m.desk_notice_stands_alone() : m.desk_notice_stands_on({ what: sayStatement(known) });
}

const MAIL: Words<MailClass> = {
  receipt: m.desk_mail_receipt,
  removed: m.desk_mail_removed,
  refused: m.desk_mail_refused,
  "needs-information": m.desk_mail_needs_information,
  "not-ours": m.desk_mail_not_ours,
  "counter-notice": m.desk_mail_counter_notice,
  "auto-reply": m.desk_mail_auto_reply,
  bounce: m.desk_mail_bounce,
  unknown: m.desk_mail_unknown,
};
export const sayMailClass = (what: MailClass) => MAIL[what]();

const RULE: Readonly<Record<string, () => string>> = {
  "header-automatic": m.desk_rule_header,
  "no-rule": m.desk_rule_none,
  mixed: m.desk_rule_mixed,
  "bounce-hard": m.desk_rule_bounce,
  "bounce-soft": m.desk_rule_bounce,
  "delivered-report": m.desk_rule_delivered,
};
/** The rule that gave a mail its class. */
export const sayMailRule = (rule: string) => RULE[rule]?.() ?? m.desk_rule_phrase({ rule });

const FOUND: Words<NonNullable<Mail["foundBy"]>> = {
  address: m.desk_answers_by_address,
  reference: m.desk_answers_by_reference,
  text: m.desk_answers_by_text,
  hand: m.desk_answers_by_hand,
};
export const sayFoundBy = (by: NonNullable<Mail["foundBy"]>) => FOUND[by]();

const CANARY: Words<Canary> = {
  invite: m.desk_canary_invite,
  "shared-drive": m.desk_canary_shared_drive,
  token: m.desk_canary_token,
  "personal-parameter": m.desk_canary_personal_parameter,
};
export const sayCanary = (canary: Canary) => CANARY[canary]();

const STEP: Readonly<Record<string, () => string>> = {
  "not-named": m.desk_why_not_named,
  "mandate-missing": m.desk_why_mandate_missing,
  "needs-information": m.desk_why_needs_information,
  "cannot-tell": m.desk_why_cannot_tell,
  "policy-ended": m.desk_why_policy_ended,
  "address-changed": m.desk_why_address_changed,
};
/** Why the ladder prepared a step instead of sending. */
export const sayStepReason = (why: string) => STEP[why]?.() ?? why;

const PURPOSE: Words<Exclude<DueRow["purpose"], "notice">> = {
  reminder: m.desk_due_reminder,
  withdrawal: m.desk_due_withdrawal,
};
/** Null for the notice itself. */
export const sayPurpose = (purpose: DueRow["purpose"]) => (purpose === "notice" ? null : PURPOSE[purpose]());
