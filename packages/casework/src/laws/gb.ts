import type { LawTable } from "./law.ts";

const asOf = "2026-07-01";

/** United Kingdom. When the 48-hour duty begins was not found, so it is never asserted. */
export const UNITED_KINGDOM: LawTable = {
  jurisdiction: "gb",
  targets: [],
  laws: [
    {
      kind: "ground",
      id: "gb-intimate-image-report",
      law: {
        ko: "영국 온라인안전법 (2026 범죄·치안법으로 개정)",
        en: "Online Safety Act as amended by the Crime and Policing Act 2026",
      },
      article: "10(3A), 20A, 27",
      what: {
        ko: "사적 영상물 신고에 따른 삭제와 같은 내용의 삭제",
        en: "taking down reported intimate image content and the same content elsewhere",
      },
      reaches: "any",
      senders: { ko: "당사자 또는 대리인", en: "the subject or on her behalf" },
      notice: ["intimate-content", "reason", "authority", "good-faith", "truth", "place", "sender-contact"],
      period: {
        kind: "legal",
        length: "hours",
        count: 48,
        start: "receipt",
        from: { ko: "신고를 받은 때부터 (시행일 확인하지 못함)", en: "from the report (commencement not found)" },
      },
      onFailure: { ko: "오프콤 과징금", en: "fine by Ofcom" },
      counterNotice: null,
      inForce: { from: null, until: null },
      source: { where: "two sites on the Act of 29 April 2026; commencement not found", asOf, mark: "unknown" },
    },
    {
      kind: "offence",
      id: "gb-soa-66e",
      law: { ko: "영국 성범죄법 2003", en: "Sexual Offences Act 2003" },
      article: "66E, 66F",
      act: {
        ko: "성인의 합성 사적 영상물 제작·의뢰",
        en: "creating or requesting a purported intimate image of an adult",
      },
      penalty: { ko: "확인하지 못함", en: "not found" },
      inForce: { from: "2026-02-06", until: null },
      source: { where: "Data (Use and Access) Act 2025 s.138, press", asOf, mark: "secondary" },
    },
    {
      kind: "offence",
      id: "gb-soa-66b",
      law: { ko: "영국 성범죄법 2003", en: "Sexual Offences Act 2003" },
      article: "66B",
      act: { ko: "사적 영상물의 공유와 공유 협박", en: "sharing or threatening to share an intimate image" },
      penalty: { ko: "확인하지 못함", en: "not found" },
      inForce: { from: "2024-01-31", until: null },
      source: { where: "press and general knowledge", asOf, mark: "secondary" },
    },
  ],
};
