/** What desk work and platforms are refused for, besides the rules of casework: its status, and what to do. Part of `refusals.ts`. */
export const WORK_ANSWERS = {
  LINK_UNCONFIRMED: {
    status: 409,
    ko: "당사자만 가진 링크일 수 있어 열지 않습니다. 당사자와 담당자가 모두 좋다고 해야 엽니다.",
    en: "This link may be unique to her, so it is not fetched. She and a caseworker must both say yes first.",
  },
  SOURCE_KNOWN: {
    status: 409,
    ko: "이미 지켜보고 있는 곳입니다.",
    en: "This source is watched already.",
  },
  PLATFORM_KEY_UNKNOWN: {
    status: 401,
    ko: "알 수 없는 키입니다. 센터에 새 키를 요청하세요.",
    en: "This key is not known here. Ask the centre for a new one.",
  },
  PLATFORM_KEY_EXPIRED: {
    status: 401,
    ko: "기한이 지난 키입니다. 센터에 새 키를 요청하세요.",
    en: "This key has expired. Ask the centre for a new one.",
  },
  PLATFORM_KEY_REVOKED: {
    status: 401,
    ko: "센터가 정지한 키입니다. 센터에 문의하세요.",
    en: "This key was revoked. Ask the centre why.",
  },
  READING_DAY_WRONG: {
    status: 400,
    ko: "법령을 확인한 날은 이 항목이 마지막으로 확인된 날부터 오늘까지여야 합니다.",
    en: "The day of the look lies between the row's own last look and today.",
  },
  SENT_TIME_WRONG: {
    status: 400,
    ko: "보낸 때가 승인보다 앞이거나 지금보다 뒤입니다. 실제로 보낸 때를 적어 주세요.",
    en: "That is before the approval or later than now. Enter when it was really sent.",
  },
  CASE_NOT_HELD: {
    status: 403,
    ko: "이 사건의 열쇠를 갖고 있지 않습니다. 담당자에게 배정을 요청하세요.",
    en: "You do not hold the key of this case. Ask a holder to assign it to you.",
  },
  NOT_CERTIFIED: {
    status: 403,
    ko: "센터 루트가 서명하지 않은 열쇠라 아무것도 열 수 없습니다. 감독자에게 알려 주세요.",
    en: "Your key is not signed by the centre's root, so it opens nothing. Tell a supervisor.",
  },
  DOCUMENTS_CHANGED: {
    status: 409,
    ko: "그사이 사건의 글이 바뀌었습니다. 사건을 다시 열어 한 번 더 해 주세요.",
    en: "The documents of this case changed meanwhile. Open the case again and repeat.",
  },
  HOLDERS_WRONG: {
    status: 400,
    ko: "열쇠는 당사자, 복구 열쇠, 지정된 담당자에게만 나눌 수 있습니다.",
    en: "The key goes to her, the recovery key and the named staff, and to nobody else.",
  },
  TOO_MANY_PLACES: {
    status: 409,
    ko: "한 사건에는 위치를 2,000개까지 둘 수 있습니다.",
    en: "A case holds at most 2,000 places.",
  },
  ITEM_LISTED: {
    status: 409,
    ko: "이미 목록에 있는 항목이 있습니다. 사건을 다시 열어 확인해 주세요.",
    en: "One of the items is on the list already. Open the case again to see it.",
  },
  ITEM_WITHOUT_FINGERPRINTS: {
    status: 409,
    ko: "지문이 없는 항목은 목록에 올릴 수 없습니다.",
    en: "An item without fingerprints cannot be matched, so it is not listed.",
  },
  ENTRY_WITHDRAWN: { status: 409, ko: "이미 목록에서 내린 항목입니다.", en: "This entry was withdrawn." },
  NO_CHANNEL: {
    status: 409,
    ko: "이 수신처에 닿을 길이 없습니다. 메일 주소나 API 키를 먼저 등록해 주세요.",
    en: "There is no way to reach this recipient. Record a mail address or an API key first.",
  },
  NO_PRINTER: {
    status: 503,
    ko: "이 서버에는 Chromium이 없어 PDF를 만들 수 없습니다. 운영자에게 데비안 패키지 chromium을 설치해 달라고 하세요.",
    en: "This server has no Chromium, so it makes no PDF. Ask the operator to install the Debian package chromium.",
  },
  NOTICE_CHANGED: {
    status: 409,
    ko: "읽은 뒤에 요청서가 바뀌었습니다. 새로 쓴 글을 읽고 다시 승인해 주세요.",
    en: "The notice has changed since you read it. Read the new text and approve it again.",
  },
  RECIPIENT_NOT_ON_LADDER: {
    status: 409,
    ko: "나중에 요청할 곳으로 고른 수신처가 이 위치들의 단계에 없습니다.",
    en: "A recipient named for later stands on no ladder of these places.",
  },
  RECIPIENT_UNREACHABLE: {
    status: 400,
    ko: "메일 주소나 웹 양식 가운데 하나는 있어야 합니다.",
    en: "Give a mail address or a web form, so that it can be reached.",
  },
  RECIPIENT_KNOWN: {
    status: 409,
    ko: "같은 이름의 수신처가 이미 있습니다.",
    en: "There is a recipient of this name already.",
  },
  POLICY_REFUSED: {
    status: 400,
    ko: "이 지침은 서명, 받는 곳, 근거, 기한 가운데 하나가 맞지 않습니다. 기한은 1년까지입니다.",
    en: "The signature, recipient, ground or end of this policy does not fit. It may last for a year at most.",
  },
  STEP_GONE: {
    status: 409,
    ko: "준비된 단계가 이미 처리되었거나 멈췄습니다. 사건을 다시 열어 확인해 주세요.",
    en: "This prepared step was taken or stopped meanwhile. Open the case again to see it.",
  },
  MONTH_NOT_OVER: {
    status: 409,
    ko: "아직 다 모이지 않은 달이 있습니다. 한 달의 숫자는 그 달이 끝나고 30일 뒤에 정해집니다.",
    en: "The figures of one of these months are not settled yet: that takes until 30 days after its end.",
  },
  FIGURES_CHANGED: {
    status: 409,
    ko: "이미 발표한 달의 숫자가 그 뒤에 바뀌었습니다(통계 동의 철회나 기록 삭제). 다시 발표하면 누구의 숫자인지 드러날 수 있어 내지 않습니다. 아직 발표하지 않은 달만 골라 주세요.",
    en: "Figures of a month that went out before have changed since (a withdrawal, or records erased). A new table would tell by how much. Choose only months that have not gone out.",
  },
  YEAR_NOT_WHOLE: {
    status: 409,
    ko: "전국 1년 기준은 열두 달을 함께 발표할 때만 쓸 수 있습니다.",
    en: "The national threshold holds only for a table of a whole year: twelve months together.",
  },
  NOTHING_TO_SETTLE: {
    status: 409,
    ko: "이미 정리되었거나 멈춘 발송입니다. 사건을 다시 열어 확인해 주세요.",
    en: "Nothing is left to settle here: it was settled or stopped meanwhile. Open the case again to see it.",
  },
  NOTICE_NOT_SENT: { status: 409, ko: "보내지 않은 요청입니다.", en: "This notice has not been sent." },
  MAIL_SETTLED: {
    status: 409,
    ko: "누군가 이미 처리한 메일입니다.",
    en: "Somebody has dealt with this mail already.",
  },
  SHEET_CHANGED: {
    status: 409,
    ko: "읽은 뒤에 이 양식에 적을 위치가 더해졌습니다. 다시 읽고 보내 주세요.",
    en: "Places joined this sheet since you read it. Read it again before you send the form.",
  },
  MAIL_NOT_SURE: {
    status: 409,
    ko: "한꺼번에 확인할 수 없는 메일이 있습니다. 하나씩 읽고 정해 주세요.",
    en: "One of these is not plain enough to be confirmed together. Read it by itself.",
  },
  MAIL_UNSORTED: {
    status: 409,
    ko: "어느 요청에 대한 메일인지 먼저 정해 주세요.",
    en: "Say first which notice this mail is about.",
  },
  MAIL_SEALED_ELSEWHERE: {
    status: 409,
    ko: "다른 사건에 봉인된 메일입니다. 새 사건에 다시 봉인해서 보내 주세요.",
    en: "The words of this mail are sealed to another case: seal them to this one and send them along.",
  },
  NOTICE_ANSWERED: { status: 409, ko: "이미 다른 답을 받았습니다.", en: "This notice has another answer already." },
  PLATFORM_NAME_TAKEN: { status: 409, ko: "같은 이름의 플랫폼이 있습니다.", en: "A platform of this name exists." },
  EXPIRY_PAST: { status: 400, ko: "기한은 앞날이어야 합니다.", en: "A key must expire in the future." },
  NOT_A_PAGE: {
    status: 409,
    ko: "웹 페이지만 자동으로 확인할 수 있습니다. 대화방은 사람이 확인해 주세요.",
    en: "Only a page on the web can be checked; a room is looked at by a person.",
  },
} as const;

export type WorkReason = {
  readonly [code in keyof typeof WORK_ANSWERS]: { readonly code: code };
}[keyof typeof WORK_ANSWERS];
