import type { PlaceAddress } from "./place.ts";
import { asUri, cutTo, onePlainLine, pageOf } from "./writing/plain.ts";
import { isMail } from "./xarf.ts";

/**
 * Body of POST /accounts/{id}/abuse-reports/abuse_ncsei (cloudflare 7.3.0, resources/abuse-reports). Its fields "may be released to
 * third parties such as Lumen": they hold the centre only. The host is told without a name, the site's owner not at all.
 */
export type CloudflareReport = {
  readonly act: "abuse_ncsei";
  readonly name: string;
  readonly email: string;
  readonly email2: string;
  readonly company: string;
  readonly tele?: string;
  readonly title: string;
  readonly host_notification: "send-anon";
  readonly owner_notification: "none";
  /** Whether who sends is the person shown: a centre never is. */
  readonly ncsei_subject_representation: false;
  /** One address on each line: at most 250, of one hostname, each once. */
  readonly urls: string;
  readonly comments: string;
};

export type CloudflareFacts = {
  readonly org: string;
  readonly mail: string;
  readonly phone: string;
  readonly title: string;
  readonly comments: string;
  readonly places: readonly PlaceAddress[];
};

/** Lengths of the documented fields. */
const MOST = { name: 255, company: 100, tele: 20, title: 255, comments: 2000 } as const;
export const CLOUDFLARE_MOST_URLS = 250;

/** Null when there is no mail address, or the places are not up to 250 pages of one host. */
export function writeCloudflare(facts: CloudflareFacts): CloudflareReport | null {
  const urls = pagesOf(facts.places);
  const mail = facts.mail.trim();
  if (urls === null || !isMail(mail)) return null;
  const org = onePlainLine(facts.org);
  const tele = onePlainLine(facts.phone);
  return {
    act: "abuse_ncsei",
    name: cutTo(org, MOST.name),
    email: mail,
    email2: mail,
    company: cutTo(org, MOST.company),
    ...(tele !== "" && tele.length <= MOST.tele ? { tele } : {}),
    title: cutTo(onePlainLine(facts.title), MOST.title),
    host_notification: "send-anon",
    owner_notification: "none",
    ncsei_subject_representation: false,
    urls: urls.join("\n"),
    comments: cutTo(facts.comments, MOST.comments),
  };
}

function pagesOf(places: readonly PlaceAddress[]): readonly string[] | null {
  const pages = places.map(pageOf).filter((page) => page !== null);
  const urls = [...new Set(pages.map(asUri))];
  const hosts = new Set(pages.map(({ hostname }) => hostname));
  return pages.length === places.length && hosts.size === 1 && urls.length <= CLOUDFLARE_MOST_URLS ? urls : null;
}
