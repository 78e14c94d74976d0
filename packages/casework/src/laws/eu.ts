import type { LawTable } from "./law.ts";

const asOf = "2026-08-05";

/** European Union. No hour limit stands in the Digital Services Act. */
export const EUROPEAN_UNION: LawTable = {
  jurisdiction: "eu",
  targets: [],
  laws: [
    {
      kind: "ground",
      id: "eu-dsa-16",
      law: { ko: "유럽연합 디지털서비스법 (2022/2065)", en: "Digital Services Act (2022/2065)" },
      article: "16",
      what: { ko: "불법 정보 신고와 조치", en: "notice and action" },
      reaches: "any",
      senders: { ko: "누구나", en: "anyone" },
      notice: ["reason", "place", "sender-name", "sender-contact", "good-faith"],
      period: {
        kind: "legal",
        length: "without-delay",
        start: "receipt",
        from: {
          ko: "접수 통지는 지체 없이, 결정은 적시에 성실하게 (16(4)–(6))",
          en: "receipt without undue delay; decision timely and diligent (16(4)-(6))",
        },
      },
      onFailure: {
        ko: "실제로 안 것으로 보아 면책을 잃을 수 있음 (16(3)); 조정관에 진정 (53)",
        en: "may be held to know of it (16(3)); complaint to the coordinator (53)",
      },
      counterNotice: {
        ko: "게시자에게 이유 통지 (17), 내부 이의 (20), 분쟁해결기구 (21)",
        en: "reasons to the poster (17), internal complaint (20), out-of-court body (21)",
      },
      inForce: { from: null, until: null },
      source: { where: "third-party digest of Regulation (EU) 2022/2065, 2026-08-05", asOf, mark: "secondary" },
    },
    {
      kind: "offence",
      id: "eu-2024-1385-5",
      law: { ko: "유럽연합 여성폭력 지침 (2024/1385)", en: "Directive (EU) 2024/1385" },
      article: "5",
      act: {
        ko: "동의 없는 공개, 합성하여 공개, 공개 협박 (회원국이 처벌하여야 할 행위)",
        en: "making accessible, also synthesised; threatening to (to be made punishable by member states)",
      },
      penalty: { ko: "상한 1년 이상", en: "maximum of at least 1 year" },
      inForce: { from: "2027-06-14", until: null },
      source: { where: "general knowledge; transposition by 14 June 2027", asOf, mark: "general" },
    },
  ],
};
