import type { ByHand } from "@jikim/casework";

/** Korea's own directory: neither .kr nor .한국 is in IANA's RDAP file (copies of IANA data, 2026-05), and its networks name KRNIC. */
const KISA: ByHand = {
  name: { ko: "한국인터넷진흥원(KISA) 후이즈검색", en: "KISA whois (Korea Internet & Security Agency)" },
  url: "https://whois.kisa.or.kr/",
  source: {
    where: "IANA root database: .kr, whois.kr; notes on .kr of 2026-05",
    asOf: "2026-05-25",
    mark: "secondary",
  },
};

const KOREAN_SUFFIXES: ReadonlySet<string> = new Set(["kr", "xn--3e0b707e"]);

/** Where a person can look a name up when no directory can be asked: IANA's page names the registry's own. */
export function byHandOfDomain(domain: string): ByHand {
  const suffix = domain.split(".").at(-1) ?? "";
  if (KOREAN_SUFFIXES.has(suffix)) return KISA;
  return {
    name: { ko: `IANA 최상위 도메인 정보: .${suffix}`, en: `IANA root zone database: .${suffix}` },
    url: `https://www.iana.org/domains/root/db/${encodeURIComponent(suffix)}.html`,
    source: { where: "https://www.iana.org/domains/root/db", asOf: "2026-11-22", mark: "general" },
  };
}

export function byHandOfCountry(country: string | null): ByHand | null {
  return country === "KR" ? KISA : null;
}

/**
 * Mail domains of address registries. They hand out networks and host nothing: whoever finds a national registry named is to find
 * out "which ISP they allocated the address space to and contact the admin-c or tech-c of that ISP" (APNIC, Reporting abuse and
 * spam, read 2026-11-22; there also the list of national registries; LACNIC's are NIC.br and NIC México).
 */
const REGISTRIES: ReadonlySet<string> = new Set([
  ...["afrinic.net", "apnic.net", "arin.net", "lacnic.net", "ripe.net", "iana.org"],
  ...[
    "nic.or.kr",
    "kisa.or.kr",
    "nic.ad.jp",
    "cnnic.cn",
    "cnnic.net.cn",
    "twnic.tw",
    "twnic.net.tw",
    "vnnic.vn",
    "irinn.in",
  ],
  ...["apjii.or.id", "idnic.net", "registro.br", "nic.br", "nic.mx"],
]);

export function isRegistryMail(mail: string): boolean {
  return REGISTRIES.has(mail.slice(mail.indexOf("@") + 1));
}
