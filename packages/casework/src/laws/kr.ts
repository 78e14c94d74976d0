import type { Bilingual, Ground, LawTable, Mark, Offence, Source } from "./law.ts";

const SPC: Bilingual = {
  ko: "성폭력범죄의 처벌 등에 관한 특례법",
  en: "Act on Special Cases concerning the Punishment of Sexual Crimes",
};
const ACYSP: Bilingual = {
  ko: "아동·청소년의 성보호에 관한 법률",
  en: "Act on the Protection of Children and Youth against Sex Offenses",
};
const TBA: Bilingual = { ko: "전기통신사업법", en: "Telecommunications Business Act" };
const NETWORK: Bilingual = { ko: "정보통신망 이용촉진 및 정보보호 등에 관한 법률", en: "Network Act" };
const SVPA: Bilingual = {
  ko: "성폭력방지 및 피해자보호 등에 관한 법률",
  en: "Sexual Violence Prevention and Victims Protection Act",
};
const SCHOOL: Bilingual = { ko: "학교폭력예방 및 대책에 관한 법률", en: "School Violence Prevention Act" };

const read = (where: string): Source => ({ where: `law.go.kr, ${where}`, asOf: "2026-06-08", mark: "read" });
const said = (where: string, mark: Mark = "secondary"): Source => ({ where, asOf: "2026-06-08", mark });
const won = (years: string, million: number): Bilingual => ({
  ko: `${years}년 이하 징역 또는 ${million}백만 원 이하 벌금`,
  en: `up to ${years} years or up to ${million} million won`,
});
const atLeast = (years: number): Bilingual => ({
  ko: `${years}년 이상 유기징역`,
  en: `at least ${years} year${years === 1 ? "" : "s"}`,
});

type Row = readonly [
  id: string,
  law: Bilingual,
  article: string,
  act: Bilingual,
  penalty: Bilingual,
  from: string | null,
  until: string | null,
  source: Source,
];
const offence = ([id, law, article, act, penalty, from, until, source]: Row): Offence => ({
  kind: "offence",
  id,
  law,
  article,
  act,
  penalty,
  inForce: { from, until },
  source,
});

const filming = { ko: "동의 없는 촬영", en: "filming without consent" };
const sharing = {
  ko: "촬영물 반포 등 (스스로 찍은 것을 뜻에 반해 반포한 경우 포함)",
  en: "distribution, also of self-shot material against the person's will",
};
const forProfit = { ko: "영리 목적 정보통신망 반포", en: "distribution for profit over a network" };
const holding = { ko: "소지·구입·저장·시청", en: "possessing, buying, storing, viewing" };
const making = {
  ko: "얼굴·신체·음성의 편집·합성·가공 (성적 욕망·수치심, 뜻에 반하여)",
  en: "editing or synthesising face, body or voice in sexual form against the person's will",
};
const makingToShare = {
  ko: "반포할 목적의 편집·합성·가공",
  en: "editing or synthesising for the purpose of distribution",
};
const sharingFakes = { ko: "편집물 등 반포", en: "distribution of synthetic material" };
const threatening = { ko: "촬영물 또는 편집물 등을 이용한 협박", en: "threatening with real or synthetic material" };
const threateningReal = { ko: "촬영물을 이용한 협박", en: "threatening with real material" };

const ACT_17264 = read("법률 제17264호 (2020-05-19)");
const ACT_20459 = read("법률 제20459호 (2024-10-16)");

const OFFENCES: readonly Offence[] = (
  [
    ["kr-spc-14-1-2020", SPC, "14(1)", filming, won("7", 50), "2020-05-19", null, ACT_17264],
    [
      "kr-spc-14-1-before",
      SPC,
      "14(1)",
      filming,
      won("5", 30),
      null,
      "2020-05-19",
      said("2020년 개정 전 조문에 관한 보도"),
    ],
    ["kr-spc-14-2-2020", SPC, "14(2)", sharing, won("7", 50), "2020-05-19", null, ACT_17264],
    [
      "kr-spc-14-2-before",
      SPC,
      "14(2)",
      sharing,
      won("5", 30),
      null,
      "2020-05-19",
      said("2020년 개정 전 조문에 관한 보도"),
    ],
    ["kr-spc-14-3-2020", SPC, "14(3)", forProfit, atLeast(3), "2020-05-19", null, ACT_17264],
    ["kr-spc-14-4", SPC, "14(4)", holding, won("3", 30), "2020-05-19", null, ACT_17264],
    ["kr-spc-14-2-1-2024", SPC, "14-2(1)", making, won("7", 50), "2024-10-16", null, ACT_20459],
    [
      "kr-spc-14-2-1-2020",
      SPC,
      "14-2(1)",
      makingToShare,
      won("5", 50),
      "2020-06-25",
      "2024-10-16",
      read("2024-10-16 개정 전 제14조의2"),
    ],
    ["kr-spc-14-2-2-2024", SPC, "14-2(2)", sharingFakes, won("7", 50), "2024-10-16", null, ACT_20459],
    [
      "kr-spc-14-2-2-2020",
      SPC,
      "14-2(2)",
      sharingFakes,
      won("5", 50),
      "2020-06-25",
      "2024-10-16",
      read("2024-10-16 개정 전 제14조의2"),
    ],
    ["kr-spc-14-2-3-2024", SPC, "14-2(3)", forProfit, atLeast(3), "2024-10-16", null, ACT_20459],
    [
      "kr-spc-14-2-3-2020",
      SPC,
      "14-2(3)",
      forProfit,
      { ko: "7년 이하 징역", en: "up to 7 years" },
      "2020-06-25",
      "2024-10-16",
      read("2024-10-16 개정 전 제14조의2"),
    ],
    ["kr-spc-14-2-4", SPC, "14-2(4)", holding, won("3", 30), "2024-10-16", null, ACT_20459],
    ["kr-spc-14-3-1-2024", SPC, "14-3(1)", threatening, atLeast(1), "2024-10-16", null, ACT_20459],
    [
      "kr-spc-14-3-1-2020",
      SPC,
      "14-3(1)",
      threateningReal,
      atLeast(1),
      "2020-05-19",
      "2024-10-16",
      read("2024-10-16 개정 전 제14조의3"),
    ],
    [
      "kr-spc-14-3-2",
      SPC,
      "14-3(2)",
      { ko: "협박으로 의무 없는 일을 하게 함", en: "coercing by such a threat" },
      atLeast(3),
      null,
      null,
      read("제14조의3제2항"),
    ],
    [
      "kr-acysp-11-1",
      ACYSP,
      "11(1)",
      {
        ko: "아동·청소년성착취물 제작·수입·수출 (아동·청소년으로 명백히 인식되는 표현물 포함)",
        en: "making, importing, exporting child sexual exploitation material, deepfakes included",
      },
      { ko: "무기 또는 5년 이상 징역", en: "life or at least 5 years" },
      "2020-06-02",
      null,
      read("제11조제1항"),
    ],
    ["kr-acysp-11-2", ACYSP, "11(2)", forProfit, atLeast(5), "2020-06-02", null, read("제11조제2항")],
    [
      "kr-acysp-11-3",
      ACYSP,
      "11(3)",
      { ko: "배포·제공·광고·소개 등", en: "distributing, providing, advertising" },
      atLeast(3),
      "2020-06-02",
      null,
      read("제11조제3항"),
    ],
    [
      "kr-acysp-11-5",
      ACYSP,
      "11(5)",
      { ko: "구입·소지·시청", en: "buying, possessing, viewing" },
      atLeast(1),
      "2020-06-02",
      null,
      read("제11조제5항"),
    ],
    [
      "kr-acysp-11-2-1",
      ACYSP,
      "11-2(1)",
      { ko: "성착취물을 이용한 협박", en: "threatening with child material" },
      atLeast(3),
      "2024-10-16",
      null,
      read("법률 제20462호"),
    ],
    [
      "kr-acysp-11-2-2",
      ACYSP,
      "11-2(2)",
      { ko: "성착취물을 이용한 강요", en: "coercing with child material" },
      atLeast(5),
      "2024-10-16",
      null,
      read("법률 제20462호"),
    ],
    [
      "kr-acysp-15-2-2025",
      ACYSP,
      "15-2",
      {
        ko: "성착취 목적 대화 등 (온라인·오프라인, 미수 포함)",
        en: "sexual-exploitation talk, online or offline, attempts too",
      },
      won("3", 30),
      "2025-10-23",
      null,
      read("법률 제20931호"),
    ],
  ] satisfies Row[]
).map(offence);

const receipt: Bilingual = {
  ko: "신고·삭제요청을 받거나 알게 된 때부터",
  en: "from the report, the request or knowledge",
};

const GROUNDS: readonly Ground[] = [
  {
    kind: "ground",
    id: "kr-tba-22-5",
    law: TBA,
    article: "22-5(1)",
    what: {
      ko: "불법촬영물등의 유통 신고·삭제요청에 따른 삭제·접속차단",
      en: "deletion or blocking on report or request",
    },
    reaches: "public",
    senders: {
      ko: "누구나 신고; 삭제요청은 피해자, 성폭력피해상담소, 한국여성인권진흥원, 고시된 기관 (시행령 30조의5)",
      en: "anyone may report; deletion may be asked by the person, counselling centres, the Women's Human Rights Institute, bodies named by notice",
    },
    notice: ["place", "reason", "sender-name", "sender-contact"],
    period: { kind: "legal", length: "without-delay", start: "receipt", from: receipt },
    onFailure: {
      ko: "시정명령 (92조), 3년 이하 징역 또는 1억 원 이하 벌금 (95조의2), 고의 시 과징금 (22조의6)",
      en: "correction order; up to 3 years or 100 million won; surcharge where intentional",
    },
    counterNotice: null,
    inForce: { from: null, until: null },
    source: read("전기통신사업법 제22조의5, 같은 법 시행령 제30조의5"),
  },
  {
    kind: "ground",
    id: "kr-network-44-2",
    law: NETWORK,
    article: "44-2",
    what: { ko: "권리침해정보의 삭제 또는 임시조치", en: "deletion or temporary measure" },
    reaches: "public",
    senders: { ko: "침해를 받은 자", en: "the injured person" },
    notice: ["place", "reason", "sender-contact", "progress-contact"],
    period: {
      kind: "legal",
      length: "without-delay",
      start: "receipt",
      from: { ko: "삭제 등을 요청받은 때부터", en: "from the request" },
    },
    onFailure: { ko: "책임 감면을 받지 못할 수 있음", en: "no reduction of liability" },
    counterNotice: {
      ko: "다툼이 있으면 30일 이내 임시조치, 분쟁조정",
      en: "where disputed, blocked for up to 30 days; mediation",
    },
    inForce: { from: null, until: null },
    source: read("정보통신망법 제44조의2"),
  },
  {
    kind: "ground",
    id: "kr-network-44-12",
    law: NETWORK,
    article: "44-12",
    what: {
      ko: "대규모 사업자에 대한 신고와 결정 통지",
      en: "report to a large provider, who must decide and say why",
    },
    reaches: "public",
    senders: { ko: "누구나", en: "anyone" },
    notice: ["place", "reason", "sender-contact"],
    period: {
      kind: "legal",
      length: "without-delay",
      start: "receipt",
      from: {
        ko: "신고를 받은 때부터 (접수 통지, 결정과 이유 통지)",
        en: "from the report: receipt, then decision with reasons",
      },
    },
    onFailure: { ko: "확인하지 못함", en: "not found" },
    counterNotice: {
      ko: "양쪽 모두 6개월 안에 이의신청, 이후 조정 60일",
      en: "either side may appeal within 6 months, then mediation",
    },
    inForce: { from: "2026-07-07", until: null },
    source: read("정보통신망법 제44조의12 (법률 제21305호)"),
  },
  {
    kind: "ground",
    id: "kr-network-44-7",
    law: NETWORK,
    article: "44-7(4)",
    what: {
      ko: "중앙행정기관·수사기관 요청에 따른 심의와 시정요구",
      en: "review and correction demand on request of a ministry or investigating body",
    },
    reaches: "any",
    senders: { ko: "중앙행정기관의 장, 수사기관의 장", en: "head of a central ministry or of an investigating body" },
    notice: ["place", "reason", "authority"],
    period: {
      kind: "legal",
      length: "days",
      count: 7,
      start: "order",
      from: { ko: "요청을 받은 날부터 심의", en: "review from the request" },
    },
    onFailure: { ko: "방송미디어통신위원회가 처리를 명하여야 함", en: "the commission must order it" },
    counterNotice: null,
    inForce: { from: null, until: null },
    source: read("정보통신망법 제44조의7제4항"),
  },
  {
    kind: "ground",
    id: "kr-svpa-7-3",
    law: SVPA,
    article: "7-3",
    what: {
      ko: "국가의 삭제지원 (2025-04-17부터 개인정보 포함)",
      en: "state support in deletion, personal data included since 17 April 2025",
    },
    reaches: "any",
    senders: {
      ko: "피해자, 배우자, 직계친족, 형제자매, 지정한 대리인",
      en: "the person, spouse, lineal kin, siblings, a named agent",
    },
    notice: ["place", "identity-document", "mandate"],
    period: { kind: "none" },
    onFailure: { ko: "없음", en: "none" },
    counterNotice: null,
    inForce: { from: "2025-04-17", until: null },
    source: read("성폭력방지법 제7조의3 (법률 제20461호), 시행규칙 제2조의6"),
  },
  {
    kind: "ground",
    id: "kr-school-16-4",
    law: SCHOOL,
    article: "16-4",
    what: { ko: "학교폭력 촬영물 등의 삭제지원", en: "support in deletion for pupils" },
    reaches: "any",
    senders: { ko: "피해학생, 보호자, 지정한 대리인", en: "the pupil, guardian, a named agent" },
    notice: ["place", "identity-document", "mandate"],
    period: { kind: "none" },
    onFailure: { ko: "없음", en: "none" },
    counterNotice: null,
    inForce: { from: "2025-09-19", until: null },
    source: read("학교폭력예방법 제16조의4 (법률 제20790호)"),
  },
];

/** Korea. The board's "24 hours" is a target of its own: the Act and its decree say "without delay". */
export const KOREA: LawTable = {
  jurisdiction: "kr",
  laws: [...OFFENCES, ...GROUNDS],
  targets: [
    {
      kind: "policy",
      hours: 24,
      whose: {
        ko: "심의위원회 자체 목표 (2019-09), 정부 계획 (2024-11)",
        en: "the review board's own target (2019), a government plan (2024)",
      },
      source: said("ZDNet Korea 2019-08-26; 2024-11 정부 카드뉴스"),
    },
  ],
};
