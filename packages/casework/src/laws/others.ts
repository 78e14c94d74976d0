import type { LawTable } from "./law.ts";

const asOf = "2026-07-01";

/** Japan, shorter. Whether wholly synthetic images fall under the 2014 Act is doubtful. */
export const JAPAN: LawTable = {
  jurisdiction: "jp",
  targets: [],
  laws: [
    {
      kind: "offence",
      id: "jp-private-images",
      law: { ko: "일본 사적 성적 화상 기록 제공 피해 방지법", en: "Private Sexual Image Act 2014" },
      article: "3",
      act: { ko: "공표와 제공", en: "publishing and supplying" },
      penalty: {
        ko: "공표 3년 또는 50만 엔, 제공 1년 또는 30만 엔 이하",
        en: "up to 3 years or 500,000 yen; supply 1 year or 300,000 yen",
      },
      inForce: { from: null, until: null },
      source: { where: "secondary texts", asOf, mark: "secondary" },
    },
    {
      kind: "ground",
      id: "jp-platform-act",
      law: { ko: "일본 정보유통플랫폼 대처법", en: "Information Distribution Platform Act" },
      article: "unknown",
      what: { ko: "지정 대규모 사업자의 판단과 통지", en: "designated large platforms decide and notify" },
      reaches: "public",
      senders: { ko: "침해를 받은 사람", en: "the injured person" },
      notice: ["place", "reason", "sender-contact"],
      period: {
        kind: "legal",
        length: "days",
        count: 7,
        start: "receipt",
        from: { ko: "신청을 받은 때부터", en: "from the request" },
      },
      onFailure: { ko: "확인하지 못함", en: "not found" },
      counterNotice: { ko: "게시자 조회 2일 (보도)", en: "inquiry to the poster, 2 days (secondary)" },
      inForce: { from: "2025-04-01", until: null },
      source: { where: "soumu.go.jp on designations; the period from secondary texts", asOf, mark: "secondary" },
    },
  ],
};

/** Taiwan, shorter. */
export const TAIWAN: LawTable = {
  jurisdiction: "tw",
  targets: [],
  laws: [
    {
      kind: "ground",
      id: "tw-sacpa-13",
      law: { ko: "대만 성폭력범죄방지법", en: "Sexual Assault Crime Prevention Act" },
      article: "13",
      what: {
        ko: "기관·경찰을 통해 안 때 우선 제한·삭제, 자료 180일 보존",
        en: "restrict or remove first once told by the body, authority or police; keep records 180 days",
      },
      reaches: "any",
      senders: { ko: "보호기구, 주관기관, 경찰", en: "the protection body, the authority, the police" },
      notice: ["place", "sender-name", "sender-contact", "authority"],
      period: {
        kind: "legal",
        length: "without-delay",
        start: "receipt",
        from: {
          ko: "알게 된 때부터 (24시간은 아동법 시행규칙)",
          en: "from knowledge (24 hours stand in the child act's rules)",
        },
      },
      onFailure: {
        ko: "NT$ 6만–60만, 반복 부과, 접속 제한 (46조)",
        en: "NT$60,000 to 600,000, repeatable, access restriction (art. 46)",
      },
      counterNotice: null,
      inForce: { from: null, until: null },
      source: { where: "law.moj.gov.tw, arts 13 and 46", asOf, mark: "read" },
    },
    {
      kind: "offence",
      id: "tw-cc-319-4",
      law: { ko: "대만 형법", en: "Criminal Code" },
      article: "319-4",
      act: { ko: "합성 성적 영상 제작·유포", en: "making or spreading synthetic sexual images" },
      penalty: { ko: "5년 이하 또는 NT$ 50만, 영리 7년 이하", en: "up to 5 years or NT$500,000; for profit up to 7" },
      inForce: { from: null, until: null },
      source: { where: "secondary texts", asOf, mark: "secondary" },
    },
  ],
};

/** Canada, shorter. Provinces differ. */
export const CANADA: LawTable = {
  jurisdiction: "ca",
  targets: [],
  laws: [
    {
      kind: "offence",
      id: "ca-cc-162-1",
      law: { ko: "캐나다 형법", en: "Criminal Code" },
      article: "162.1",
      act: {
        ko: "동의 없는 사적 영상물 공개 (진짜 영상)",
        en: "publishing an intimate image without consent (real images)",
      },
      penalty: { ko: "확인하지 못함", en: "not found" },
      inForce: { from: null, until: null },
      source: { where: "general knowledge", asOf, mark: "general" },
    },
    {
      kind: "ground",
      id: "ca-bc-iipa",
      law: { ko: "브리티시컬럼비아 사적영상물보호법", en: "Intimate Images Protection Act (British Columbia)" },
      article: "unknown",
      what: {
        ko: "재결소 명령에 의한 삭제 (변조 영상 포함)",
        en: "removal by order of the tribunal, altered images included",
      },
      reaches: "any",
      senders: { ko: "당사자", en: "the person depicted" },
      notice: ["place", "reason", "sender-contact"],
      period: { kind: "none" },
      onFailure: { ko: "하루 단위 벌금", en: "daily penalties" },
      counterNotice: null,
      inForce: { from: "2024-01-29", until: null },
      source: { where: "secondary texts", asOf, mark: "secondary" },
    },
  ],
};
