import type { ByHand, RecipientCard } from "@jikim/casework";
import ipaddr from "ipaddr.js";
import { PUBLISHED_RANGES } from "./provider-ranges.ts";

/**
 * A content delivery network: its addresses hide the real host, which it can name or tell. Google is none of these: its network and
 * its customers' machines share their addresses, so the directory's own answer names it as the host.
 */
export type Provider = {
  readonly name: RecipientCard["name"];
  readonly jurisdiction: RecipientCard["jurisdiction"];
  /** How it calls its networks in the directories. Anybody may call a network so: it counts only with a mail address below. */
  readonly networks: RegExp;
  readonly mailDomains: readonly string[];
  readonly ranges: readonly ReturnType<typeof ipaddr.parseCIDR>[];
  readonly api: RecipientCard["api"];
  readonly form: string | null;
  /** Null: the directory is asked for it. */
  readonly mail: string | null;
  readonly mostPlaces: number;
  readonly sameHost: boolean;
  /** Where ranges and ways were read. */
  readonly source: ByHand["source"];
};

/** Places in one notice by mail to an abuse desk. Ours: none states a number. */
export const MOST_PLACES_BY_MAIL = 100;

const READ_ON = "2026-11-22";
const byMail = { api: null, form: null, mail: null, mostPlaces: MOST_PLACES_BY_MAIL, sameHost: false } as const;

const PROVIDERS: readonly Provider[] = [
  {
    name: { ko: "클라우드플레어", en: "Cloudflare" },
    jurisdiction: "us",
    networks: /^CLOUDFLARE/i,
    mailDomains: ["cloudflare.com"],
    ranges: rangesOf(PUBLISHED_RANGES.cloudflare),
    api: "cloudflare",
    form: "https://www.cloudflare.com/abuse",
    mail: "abuse@cloudflare.com",
    // POST /accounts/{id}/abuse-reports/abuse_ncsei takes 250 addresses of one host (npm cloudflare 7.3.0, resources/abuse-reports).
    mostPlaces: 250,
    sameHost: true,
    source: {
      where: "https://www.cloudflare.com/ips/ (copies of it); RDAP remarks of AS13335",
      asOf: READ_ON,
      mark: "secondary",
    },
  },
  {
    ...byMail,
    name: { ko: "아마존 클라우드프론트", en: "Amazon CloudFront" },
    jurisdiction: "us",
    networks: /^AMAZO-CF/i,
    mailDomains: ["amazonaws.com", "amazon.com", "support.aws.com"],
    ranges: rangesOf(PUBLISHED_RANGES.cloudfront),
    api: "aws",
    form: "https://support.aws.amazon.com/#/contacts/report-abuse",
    mail: "trustandsafety@support.aws.com",
    source: {
      where:
        "https://d7uri8nf7uskq.cloudfront.net/tools/list-cloudfront-ips (a copy of it); AWS re:Post, Abuse reporting FAQs",
      asOf: READ_ON,
      mark: "secondary",
    },
  },
  {
    ...byMail,
    name: { ko: "패스틀리", en: "Fastly" },
    jurisdiction: "us",
    networks: /^(SKYCA|FASTLY)/i,
    mailDomains: ["fastly.com"],
    ranges: rangesOf(PUBLISHED_RANGES.fastly),
    source: { where: "https://api.fastly.com/public-ip-list (copies of it)", asOf: READ_ON, mark: "secondary" },
  },
  {
    ...byMail,
    name: { ko: "아카마이", en: "Akamai" },
    jurisdiction: "us",
    networks: /^AKAMAI/i,
    mailDomains: ["akamai.com"],
    ranges: rangesOf(PUBLISHED_RANGES.akamai),
    source: {
      where: "https://techdocs.akamai.com/origin-ip-acl/docs/welcome (a copy of it)",
      asOf: READ_ON,
      mark: "secondary",
    },
  },
  {
    ...byMail,
    name: { ko: "임퍼바", en: "Imperva" },
    jurisdiction: "us",
    networks: /^(INCAPSULA|IMPERVA)/i,
    mailDomains: ["imperva.com", "incapsula.com"],
    ranges: rangesOf(PUBLISHED_RANGES.imperva),
    source: { where: "https://support.incapsula.com/hc/en-us/articles/200627570", asOf: READ_ON, mark: "read" },
  },
  byName("Bunny", /^BUNNY/i, ["bunny.net"]),
  byName("CDN77", /^CDN77/i, ["cdn77.com"]),
  byName("Gcore", /^GCORE/i, ["gcore.com", "gcore.lu"]),
  byName("Sucuri", /^SUCURI/i, ["sucuri.net"]),
  byName("DDoS-Guard", /^DDOS-?GUARD/i, ["ddos-guard.net"]),
];

function byName(name: string, networks: RegExp, mailDomains: readonly string[]): Provider {
  const source: ByHand["source"] = { where: "RDAP names of its networks", asOf: READ_ON, mark: "general" };
  return { ...byMail, name: { ko: name, en: name }, jurisdiction: null, networks, mailDomains, ranges: [], source };
}

function rangesOf(text: string): Provider["ranges"] {
  return text
    .trim()
    .split(/\s+/)
    .map((range) => ipaddr.parseCIDR(range));
}

/** The network that publishes an address as its own. */
export function providerOfAddress(address: string): Provider | null {
  const parsed = ipaddr.parse(address);
  const holds = ([network, length]: Provider["ranges"][number]) =>
    network.kind() === parsed.kind() && parsed.match(network, length);
  return PROVIDERS.find(({ ranges }) => ranges.some(holds)) ?? null;
}

/** The network that a directory names, when name and contact agree. */
export function providerOfNetwork(name: unknown, mails: readonly string[]): Provider | null {
  if (typeof name !== "string") return null;
  const isIts = ({ networks, mailDomains }: Provider) =>
    networks.test(name) && mails.some((mail) => mailDomains.includes(mail.slice(mail.indexOf("@") + 1)));
  return PROVIDERS.find(isIts) ?? null;
}

/** @param found  a mail address from the directory, for networks that publish none. */
export function cardOfProvider(provider: Provider, found: string | null): RecipientCard {
  const { name, jurisdiction, api, form, mostPlaces, sameHost } = provider;
  const mail = provider.mail ?? found;
  const ways = { mail, form, api, xarf: api !== "cloudflare", mostPlaces, sameHost };
  return { kind: "network", name, registryKey: null, jurisdiction, language: "en", ...ways };
}
