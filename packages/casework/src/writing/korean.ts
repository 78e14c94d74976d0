import type { Statement } from "../ground.ts";
import type { LegalPeriod } from "../laws/law.ts";
import type { Words } from "./words.ts";

/** What she stated, as a clause before 진술. */
const STATED: Readonly<Partial<Record<Statement, string>>> = {
  "is-depicted": "영상물 속 본인이라는",
  "speaks-for": "당사자를 대신한다는",
  "no-consent": "동의하지 않았다는",
  "is-intimate": "사적인 영상물이라는",
  "good-faith": "선의로 믿는다는",
  truth: "사실이라는",
};

const COPIES = "같은 영상물이 다른 주소에 있으면 함께 삭제하고, 다시 올라오지 않게 해 주십시오.";

export const KOREAN: Words = {
  asks: {
    platform: {
      subject: "삭제 요청",
      title: "성적 영상물 삭제 요청",
      lead: "아래 위치에 올라온 성적 영상물(합성·편집물일 수 있습니다)을 삭제해 주십시오.",
    },
    host: {
      subject: "삭제 요청",
      title: "성적 영상물 삭제 요청 (서버 제공자)",
      lead: "귀사의 서버에 있는 아래 성적 영상물(합성·편집물일 수 있습니다)을 삭제하거나 접속할 수 없게 해 주십시오.",
    },
    network: {
      subject: "전송 중단 요청",
      title: "성적 영상물 전송 중단 요청",
      lead: "귀사의 망을 거쳐 나가는 아래 성적 영상물(합성·편집물일 수 있습니다)의 전송과 임시 저장을 멈춰 주십시오.",
    },
    registrar: {
      subject: "조치 요청",
      title: "성적 영상물 유포 도메인 조치 요청",
      lead: "귀사에 등록된 도메인의 아래 위치에서 성적 영상물(합성·편집물일 수 있습니다)이 유포되고 있습니다. 약관에 따라 조치해 주십시오.",
    },
    search: {
      subject: "검색 제외 요청",
      title: "성적 영상물 검색 제외 요청",
      lead: "아래 주소를 검색 결과와 미리보기에서 빼 주십시오. 성적 영상물(합성·편집물일 수 있습니다)이 있는 곳입니다.",
    },
    regulator: {
      subject: "심의 요청",
      title: "성적 영상물 심의·삭제 요청",
      lead: "아래 위치의 성적 영상물(합성·편집물일 수 있습니다)이 삭제되거나 접속이 막히도록 조치해 주십시오.",
    },
  },
  named: {
    deletion: {
      subject: "불법촬영물등 삭제요청",
      title: "불법촬영물등 삭제요청서",
      lead: "아래 위치에서 일반에게 공개되어 유통되는 불법촬영물등의 삭제 또는 접속차단을 요청합니다.",
    },
    report: {
      subject: "불법촬영물등 유통 신고",
      title: "불법촬영물등 유통 신고서",
      lead: "아래 위치에서 일반에게 공개되어 유통되는 불법촬영물등을 신고합니다. 삭제하거나 접속을 차단해 주십시오.",
    },
    infringement: {
      subject: "권리침해정보 삭제 요청",
      title: "권리침해정보 삭제 요청서",
      lead: "아래 위치의 성적 영상물(합성·편집물일 수 있습니다)이 당사자의 사생활과 인격권을 침해합니다. 삭제 또는 임시조치를 요청합니다.",
    },
    takeItDown: {
      subject: "TAKE IT DOWN 삭제 요청",
      title: "사적 영상물 삭제 요청 (TAKE IT DOWN Act)",
      lead: "아래 위치의 사적 영상물(진짜이거나 디지털 위조물)을 삭제해 주십시오.",
    },
    complaint: {
      subject: "사적 영상물 신고",
      title: "사적 영상물 신고",
      lead: "아래 위치의 사적 영상물에 대해 삭제 통지를 내려 주십시오.",
    },
  },
  first: "우선 처리",
  to: (name) => `${name} 담당자께`,
  heading: {
    places: "위치",
    grounds: "이유와 근거",
    why: "이유",
    law: "근거",
    period: "처리 시기",
    person: "당사자 이름 (당사자가 동의함)",
    please: "함께 부탁드립니다",
    declarations: "선언",
    sender: "보내는 곳",
  },
  label: {
    number: "요청 번호",
    centre: "기관",
    mail: "회신 전자우편",
    phone: "전화",
    signer: "서명",
    day: "작성일",
    standing: "자격",
  },
  noConsent: "당사자 쪽은 이 영상물의 유포에 동의하지 않았다고 밝혔습니다.",
  intimate: "위치에 있는 것은 사적인 영상물이라고 당사자 쪽이 밝혔습니다. 저희는 열어 보지 않았습니다.",
  child:
    "당사자는 아동·청소년이거나 나이가 확인되지 않은 사람입니다. 아동·청소년의 영상물일 수 있다고 보고 다루어 주십시오.",
  forHer: "저희는 영상물 속 당사자의 위임을 받아 요청합니다.",
  forWhoSpeaks: "저희는 영상물 속 당사자를 대신하는 사람(보호자 또는 지정한 대리인)의 위임을 받아 요청합니다.",
  herGoodFaith: "당사자 쪽은 이 영상물이 당사자의 동의 없이 공개되었다고 선의로 믿는다고 밝혔습니다.",
  ourGoodFaith: "저희는 이 통지의 정보와 주장이 정확하고 완전하다고 선의로 믿습니다.",
  truth: "당사자 쪽은 말한 내용이 사실이라고 밝혔고, 저희는 이 통지의 내용을 사실로 믿습니다.",
  by: (who, statement) => {
    const basis = statement === null ? undefined : STATED[statement];
    if (who === "survivor") return "당사자 쪽의 진술";
    return basis === undefined ? "선언: 보내는 기관" : `선언: 보내는 기관, ${basis} 당사자 쪽 진술에 따름`;
  },
  law: ({ law, article }) => `${law.ko} ${koreanArticle(article)}`,
  period: koreanPeriod,
  unlawfulMaterial: "성적 촬영물 또는 합성물로서 아래 조항의 ‘불법촬영물등’에 해당한다고 봅니다.",
  temporaryMeasure: (ground) =>
    `바로 판단하기 어려우면 ${ground.law.ko} ${koreanArticle(ground.article)}에 따른 임시조치를 먼저 해 주십시오.`,
  standing: {
    "counselling-centre": "성폭력피해상담소",
    "rights-institute": "한국여성인권진흥원",
    "named-body": "고시로 정한 기관·단체",
  },
  please: {
    platform: [COPIES],
    host: [COPIES],
    network: ["실제 서버를 운영하는 곳과 그 신고 창구를 저희에게 알려 주십시오."],
    registrar: ["사이트를 운영하는 서버 회사를 알고 계시면 알려 주십시오."],
    search: ["저장해 둔 사본과 미리보기 그림도 함께 지워 주십시오."],
    regulator: ["처리 번호와 담당 부서를 알려 주십시오."],
  },
  always: [
    "이 통지를 게시자에게 넘기거나 공개 목록에 싣지 마십시오. 당사자를 찾거나 연락하지 마십시오.",
    "영상물을 저희에게 보내지 마십시오. 저희도 영상물을 보내지 않습니다.",
    "처리 결과를 아래 전자우편으로 알려 주십시오. 제목의 요청 번호는 그대로 두어 주십시오.",
  ],
};

/** "22-5(1)" as 제22조의5제1항; what is no such number stays as it is. */
function koreanArticle(article: string): string {
  const read = /^(\d+)(?:-(\d+))?(?:\((\d+)\))?$/.exec(article);
  if (read === null) return article;
  const [, main, branch, paragraph] = read;
  return `제${main}조${branch === undefined ? "" : `의${branch}`}${paragraph === undefined ? "" : `제${paragraph}항`}`;
}

/** The tables' own words carry notes for lawyers; a notice says from when in these. */
const FROM = {
  receipt: "이 요청을 받은 때부터",
  sending: "이 요청을 보낸 때부터",
  order: "명령을 받은 때부터",
} as const;
const UNITS = { hours: "시간", days: "일", "business-days": "영업일" } as const;

function koreanPeriod(period: LegalPeriod): string | null {
  if (period.kind === "none") return null;
  const from = FROM[period.start];
  if (period.length === "without-delay") return `${from} 지체 없이`;
  return `${from} ${period.count}${UNITS[period.length]} 이내`;
}
