import { type ByHand, findEntry, MOST_PLACES_OF_A_NOTICE, type RecipientCard } from "@jikim/casework";
import ipaddr from "ipaddr.js";
import { PUBLISHED_RANGES } from "./provider-ranges.ts";

/**
 * Who runs networks for others' sites under many names and addresses. A network hides the real host, which it can name or tell; a
 * host is one. Google is not listed: its delivery network shares its addresses with its customers' machines, so the directory's own
 * answer names it as the host.
 */
export type Provider = {
  readonly role: "network" | "host";
  readonly card: RecipientCard;
  /** How it calls its networks in the directories. Anybody may call a network so: it counts only with a mail address below. */
  readonly networks: RegExp;
  readonly mailDomains: readonly string[];
  readonly ranges: readonly ReturnType<typeof ipaddr.parseCIDR>[];
  /** Where names and ranges were read. */
  readonly source: ByHand["source"];
};

const READ_ON = "2026-11-22";
const AWS_MAIL = ["amazonaws.com", "amazon.com", "support.aws.com", "aws.com"] as const;

const PROVIDERS: readonly Provider[] = [
  {
    role: "network",
    card: cardListed("cloudflare"),
    networks: /^CLOUDFLARE/i,
    mailDomains: ["cloudflare.com"],
    ranges: rangesOf(PUBLISHED_RANGES.cloudflare),
    source: { where: "https://www.cloudflare.com/ips/ (copies of it)", asOf: READ_ON, mark: "secondary" },
  },
  {
    role: "network",
    card: cardListed("aws"),
    networks: /^AMAZO-CF/i,
    mailDomains: AWS_MAIL,
    ranges: rangesOf(PUBLISHED_RANGES.cloudfront),
    source: {
      where: "https://d7uri8nf7uskq.cloudfront.net/tools/list-cloudfront-ips (a copy of it)",
      asOf: READ_ON,
      mark: "secondary",
    },
  },
  {
    role: "host",
    card: cardListed("aws"),
    networks: /^(AMAZON|AMAZO|AT-88-Z|AWS)/i,
    mailDomains: AWS_MAIL,
    ranges: [],
    source: { where: "RDAP names of its networks", asOf: READ_ON, mark: "general" },
  },
  {
    role: "network",
    card: cardNamed("패스틀리", "Fastly", "us"),
    networks: /^(SKYCA|FASTLY)/i,
    mailDomains: ["fastly.com"],
    ranges: rangesOf(PUBLISHED_RANGES.fastly),
    source: { where: "https://api.fastly.com/public-ip-list (copies of it)", asOf: READ_ON, mark: "secondary" },
  },
  {
    role: "network",
    card: cardNamed("아카마이", "Akamai", "us"),
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
    role: "network",
    card: cardNamed("임퍼바", "Imperva", "us"),
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
  const source = { where: "RDAP names of its networks", asOf: READ_ON, mark: "general" } as const;
  return { role: "network", card: cardNamed(name, name, null), networks, mailDomains, ranges: [], source };
}

function cardListed(key: string): RecipientCard {
  const entry = findEntry(key);
  if (entry === null) throw new Error(`${key} is missing in the registry`);
  return entry.card;
}

/** Its mail address comes from the directory. */
function cardNamed(ko: string, en: string, jurisdiction: RecipientCard["jurisdiction"]): RecipientCard {
  const ways = { mail: null, form: null, api: null, xarf: true, mostPlaces: MOST_PLACES_OF_A_NOTICE, sameHost: false };
  return { kind: "network", name: { ko, en }, registryKey: null, jurisdiction, language: "en", ...ways };
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
