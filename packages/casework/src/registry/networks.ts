import { entryOf, LOOKED_AT, type RegistryEntry } from "./entry.ts";

/** Who carries or hosts other people's sites and has an interface of its own for reports. */
export const NETWORKS: readonly RegistryEntry[] = [
  entryOf({
    key: "cloudflare",
    hosts: ["cloudflare.com", "r2.dev", "pages.dev", "workers.dev"],
    card: {
      kind: "network",
      name: { ko: "클라우드플레어", en: "Cloudflare" },
      jurisdiction: "us",
      language: "en",
      api: "cloudflare",
      mostPlaces: 250,
      sameHost: true,
    },
    ways: [
      {
        by: "api",
        address: "https://api.cloudflare.com/client/v4/accounts/{id}/abuse-reports/abuse_ncsei",
        needs: {
          ko: "이름, 전자우편, 같은 호스트의 주소 250개까지, 당사자 대표 여부; 제3자(Lumen 등)에 공개될 수 있음",
          en: "name, e-mail, up to 250 URLs of one host, whether the subject is represented; may be released to third parties such as Lumen",
        },
        source: { where: "npm cloudflare 7.3.0, resources/abuse-reports", asOf: LOOKED_AT, mark: "read" },
      },
    ],
  }),
  entryOf({
    key: "aws",
    hosts: ["amazonaws.com", "cloudfront.net", "awsapps.com"],
    card: {
      kind: "host",
      name: { ko: "아마존 웹 서비스", en: "Amazon Web Services" },
      jurisdiction: "us",
      language: "en",
      api: "aws",
      xarf: true,
      // XARF names one address, so each place is a report of its own; so many fit into one try. Ours.
      mostPlaces: 50,
    },
    ways: [
      {
        by: "api",
        address: null,
        needs: {
          ko: "CreateAbuseReport: XARF 보고; 영상물은 절대 보내지 않음",
          en: "CreateAbuseReport with a XARF report; never images",
        },
        source: { where: "AWS documentation, Abuse Signal API, 2026-11-18", asOf: LOOKED_AT, mark: "read" },
      },
    ],
  }),
];
