import type { LawTable } from "./law.ts";

const asOf = "2026-07-01";
const CODE = { ko: "호주 형법전", en: "Criminal Code (Cth)" };

/** Australia. For image abuse the platform need not be asked first (s.77 has no such limb). */
export const AUSTRALIA: LawTable = {
  jurisdiction: "au",
  targets: [],
  laws: [
    {
      kind: "ground",
      id: "au-osa-77",
      law: { ko: "호주 온라인안전법 2021", en: "Online Safety Act 2021" },
      article: "77",
      what: { ko: "온라인안전국(eSafety) 신고에 따른 삭제 통지", en: "removal notice by eSafety after a complaint" },
      reaches: "any",
      senders: {
        ko: "당사자 또는 위임받은 사람 (32조 신고, 33조 이의 통지)",
        en: "the person or who is authorised (complaint s.32, objection notice s.33)",
      },
      notice: ["place", "reason", "authority", "sender-contact"],
      period: {
        kind: "legal",
        length: "hours",
        count: 24,
        start: "order",
        from: { ko: "사업자에게 삭제 통지가 주어진 때부터", en: "from the removal notice to the provider" },
      },
      onFailure: { ko: "제재금", en: "civil penalty" },
      counterNotice: null,
      inForce: { from: null, until: null },
      source: { where: "legislation.gov.au, Online Safety Act 2021 s.77", asOf, mark: "read" },
    },
    {
      kind: "offence",
      id: "au-474-17a",
      law: CODE,
      article: "474.17A",
      act: { ko: "동의 없는 성적 자료 전송", en: "transmitting sexual material without consent" },
      penalty: { ko: "6년 이하", en: "up to 6 years" },
      inForce: { from: "2024-09-03", until: null },
      source: { where: "legislation.gov.au, Criminal Code 474.17A", asOf, mark: "read" },
    },
    {
      kind: "offence",
      id: "au-474-17aa",
      law: CODE,
      article: "474.17AA",
      act: { ko: "가중: 만든 사람 포함", en: "aggravated, also by the creator" },
      penalty: { ko: "7년 이하", en: "up to 7 years" },
      inForce: { from: "2024-09-03", until: null },
      source: { where: "legislation.gov.au, Criminal Code 474.17AA", asOf, mark: "read" },
    },
  ],
};
