import type { PlaceAddress } from "./place.ts";
import { asUri, cutTo, onePlainLine, pageOf } from "./writing/plain.ts";

/** Who reports, in XARF's words. */
export type XarfContact = { readonly org: string; readonly contact: string; readonly domain: string };

/**
 * One report of XARF 4.2.0 (xarf.org, schemas/v4). It has no type for intimate images: an adult's are `exposed_data`, those of a
 * child or of somebody of unknown age `csem`. It never holds evidence, a name, or the picture.
 */
export type XarfReport = {
  readonly xarf_version: "4.2.0";
  readonly report_id: string;
  readonly timestamp: string;
  readonly reporter: XarfContact;
  readonly sender: XarfContact;
  readonly source_identifier: string;
  readonly category: "content";
  readonly url: string;
  readonly domain?: string;
  readonly evidence_source: "user_report";
  readonly verification_method: "user_report";
  readonly description: string;
  readonly tags: readonly string[];
} & (
  | {
      readonly type: "exposed_data";
      readonly data_types: readonly ["personal_information", "other"];
      readonly exposure_method: "intentional_leak";
      readonly discovery_source: "user_report";
    }
  | { readonly type: "csem"; readonly exploitation_type: "distribution"; readonly detection_method: "user_report" }
);

export type XarfFacts = {
  /** UUID. */
  readonly noticeId: string;
  /** The centre, in its own name. */
  readonly org: string;
  readonly mail: string;
  readonly places: readonly PlaceAddress[];
  readonly minor: boolean;
  /** Whether she stated that there was none. */
  readonly noConsent: boolean;
  /** Why, for a reader. Cut at 1,000 characters. */
  readonly description: string;
  readonly writtenAt: Temporal.Instant;
};

/** Lengths of the schema: contact_info.org and description. */
const MOST_ORG = 200;
const MOST_DESCRIPTION = 1000;
/** The schema's pattern of `domain`; other hosts (addresses, some international endings) leave it out. */
const DOMAIN = /^([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}$/;
const MAIL = /^[A-Za-z0-9._%+-]+@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63})$/i;

/** Whether this is a plain mail address that every channel takes. */
export function isMail(text: string): boolean {
  return MAIL.test(text.trim());
}

/** One report for each page, in order. Rooms have no address and get none. Empty when the centre has no usable mail address. */
export function writeXarf(facts: XarfFacts): readonly XarfReport[] {
  const domain = MAIL.exec(facts.mail)?.[1]?.toLowerCase();
  if (domain === undefined) return [];
  const contact = { org: cutTo(onePlainLine(facts.org), MOST_ORG), contact: facts.mail, domain };
  const pages = facts.places.map(pageOf).filter((page) => page !== null);
  return pages.map((page, at) => reportOf(facts, contact, page, at));
}

function reportOf(facts: XarfFacts, contact: XarfContact, url: URL, at: number): XarfReport {
  const { hostname } = url;
  const tags = ["ncii:intimate-image", ...(facts.noConsent ? ["ncii:without-consent"] : [])];
  const base = {
    xarf_version: "4.2.0",
    report_id: nthId(facts.noticeId, at),
    timestamp: facts.writtenAt.round("second").toString(),
    reporter: contact,
    sender: contact,
    source_identifier: hostname.replaceAll(/^\[|\]$/g, ""),
    category: "content",
    url: asUri(url),
    ...(DOMAIN.test(hostname) ? { domain: hostname } : {}),
    evidence_source: "user_report",
    verification_method: "user_report",
    description: cutTo(onePlainLine(facts.description), MOST_DESCRIPTION),
  } as const;
  if (facts.minor)
    return {
      ...base,
      type: "csem",
      exploitation_type: "distribution",
      detection_method: "user_report",
      tags: [...tags, "age:child-or-unknown"],
    };
  return {
    ...base,
    type: "exposed_data",
    data_types: ["personal_information", "other"],
    exposure_method: "intentional_leak",
    discovery_source: "user_report",
    tags,
  };
}

/** A UUID for each report of one notice, the first its own: the last four digits counted on, version and variant kept. */
export function nthId(noticeId: string, at: number): string {
  const last = (Number.parseInt(noticeId.slice(-4), 16) + at) % 0x10000;
  return noticeId.slice(0, -4) + last.toString(16).padStart(4, "0");
}
