import type { LawTable } from "./law.ts";

const asOf = "2026-07-01";
const TIDA = { ko: "미국 TAKE IT DOWN Act (47 U.S.C. 223a)", en: "TAKE IT DOWN Act (47 U.S.C. 223a)" };
const CRIME = { ko: "미국 47 U.S.C. 223(h)", en: "47 U.S.C. 223(h)" };

/** United States, federal. State law differs and is not listed. */
export const UNITED_STATES: LawTable = {
  jurisdiction: "us",
  targets: [],
  laws: [
    {
      kind: "ground",
      id: "us-tida-223a",
      law: TIDA,
      article: "223a",
      what: {
        ko: "동의 없는 사적 영상물과 디지털 위조물의 삭제",
        en: "removal of intimate images and digital forgeries published without consent",
      },
      reaches: "any",
      senders: {
        ko: "식별 가능한 당사자 또는 위임받은 사람",
        en: "the identifiable individual or an authorised person acting on behalf",
      },
      notice: ["signature", "place", "good-faith", "sender-contact"],
      period: {
        kind: "legal",
        length: "hours",
        count: 48,
        start: "receipt",
        from: { ko: "유효한 요청을 받은 때부터", en: "from receipt of a valid request" },
      },
      onFailure: { ko: "연방거래위원회 집행", en: "enforced by the Federal Trade Commission" },
      counterNotice: null,
      inForce: { from: "2026-05-19", until: null },
      source: { where: "uscode.house.gov, 47 U.S.C. 223a (Public Law 119-12)", asOf, mark: "read" },
    },
    {
      kind: "offence",
      id: "us-223h-publish",
      law: CRIME,
      article: "223(h)",
      act: { ko: "진짜 또는 디지털 위조 영상물의 공개", en: "publishing authentic images or digital forgeries" },
      penalty: { ko: "성인 2년, 미성년 3년 이하", en: "up to 2 years (adult), 3 years (minor)" },
      inForce: { from: "2025-05-19", until: null },
      source: { where: "law-firm summaries of Public Law 119-12", asOf, mark: "secondary" },
    },
    {
      kind: "offence",
      id: "us-223h-threat",
      law: CRIME,
      article: "223(h)",
      act: { ko: "디지털 위조물 공개 협박", en: "threatening to publish a digital forgery" },
      penalty: { ko: "성인 18개월, 미성년 30개월 이하", en: "up to 18 months (adult), 30 months (minor)" },
      inForce: { from: "2025-05-19", until: null },
      source: { where: "general knowledge", asOf, mark: "general" },
    },
  ],
};
