import type { Channel, Jurisdiction, Mark, NoticeField, RecipientKind, SenderKind } from "@jikim/casework";
import { m } from "../paraglide/messages.js";
import type { LawRow } from "./engine.ts";

/** The words of the takedown engine's pages, for every code they show. */

type Words<K extends string> = { readonly [key in K]: () => string };

const JURISDICTION: Words<Jurisdiction> = {
  kr: m.desk_law_kr,
  us: m.desk_law_us,
  eu: m.desk_law_eu,
  gb: m.desk_law_gb,
  au: m.desk_law_au,
  jp: m.desk_law_jp,
  tw: m.desk_law_tw,
  ca: m.desk_law_ca,
};
export const sayJurisdiction = (jurisdiction: Jurisdiction) => JURISDICTION[jurisdiction]();
export const JURISDICTIONS = Object.keys(JURISDICTION) as readonly Jurisdiction[];

const SENDER: Words<SenderKind> = {
  "counselling-centre": m.desk_sender_counselling_centre,
  "rights-institute": m.desk_sender_rights_institute,
  "named-body": m.desk_sender_named_body,
  other: m.desk_sender_other,
};
export const saySenderKind = (kind: SenderKind) => SENDER[kind]();
export const SENDER_KINDS = Object.keys(SENDER) as readonly SenderKind[];

const MARK: Words<Mark> = {
  read: m.desk_mark_read,
  secondary: m.desk_mark_secondary,
  general: m.desk_mark_general,
  unknown: m.desk_mark_unknown,
};
export const sayMark = (mark: Mark) => MARK[mark]();

const FIELD: Words<NoticeField> = {
  place: m.desk_field_place,
  reason: m.desk_field_reason,
  "sender-name": m.desk_field_sender_name,
  "sender-contact": m.desk_field_sender_contact,
  signature: m.desk_field_signature,
  "good-faith": m.desk_field_good_faith,
  authority: m.desk_field_authority,
  "identity-document": m.desk_field_identity_document,
  mandate: m.desk_field_mandate,
  "progress-contact": m.desk_field_progress_contact,
  "depicted-name": m.desk_field_depicted_name,
  truth: m.desk_field_truth,
  "intimate-content": m.desk_field_intimate_content,
  "search-result": m.desk_field_search_result,
};
/** A field that the words do not know yet is shown by its own name. */
export const sayNoticeField = (field: string) => (field in FIELD ? FIELD[field as NoticeField]() : field);

const KIND: Words<RecipientKind> = {
  platform: m.desk_kind_platform,
  host: m.desk_kind_host,
  network: m.desk_kind_network,
  registrar: m.desk_kind_registrar,
  search: m.desk_kind_search,
  regulator: m.desk_kind_regulator,
};
export const sayKind = (kind: RecipientKind) => KIND[kind]();

export const CHANNEL_NAMES: Words<Channel> = {
  api: m.desk_way_api,
  mail: m.desk_way_mail,
  cloudflare: m.desk_way_cloudflare,
  aws: m.desk_way_aws,
  form: m.desk_way_form,
};

type Period = Extract<LawRow, { kind: "ground" }>["period"];

/** A period that a law sets, with from when it runs; "without delay" has no hours, and none are shown. */
export function sayPeriod(period: Period, language: "ko" | "en"): string {
  if (period.kind === "none") return m.desk_period_none();
  const from = period.from[language];
  if (period.length === "without-delay") return m.desk_period_without_delay({ from });
  const { count } = period;
  if (period.length === "hours") return m.desk_period_hours({ count, from });
  return period.length === "days" ? m.desk_period_days({ count, from }) : m.desk_period_business_days({ count, from });
}
