/** What captures are refused for by rules of casework: status, and what to do. Part of `refusals.ts`. */
export const CAPTURE_RULES = {
  KEEPING_REFUSED: {
    status: 409,
    ko: "미성년이거나 나이를 모르는 사람의 사건에서는 사진이나 영상을 남기지 않습니다. 지문만 남기는 방식으로 해 주세요.",
    en: "In a case of a minor, or of unknown age, no picture or film is kept. Capture with fingerprints only.",
  },
  LEGAL_BASIS_MISSING: {
    status: 409,
    ko: "이 방식에는 법적 근거를 적어야 합니다.",
    en: "Enter the legal basis for this kind of capture.",
  },
  COUNSEL_MISSING: {
    status: 409,
    ko: "센터 계정으로 들어가 남기려면 먼저 관리자가 법률 자문 의견을 기록해야 합니다.",
    en: "Before a room is captured through the centre's account, the admin must record counsel's opinion.",
  },
  OPINION_MISSING: {
    status: 409,
    ko: "미성년이거나 나이를 모르는 사람의 페이지는 그림을 지문만 남기더라도 받아 오게 됩니다. 먼저 관리자가 센터 설정에 변호사 의견서를 기록하거나, 경찰 요청이나 법원 허가를 기록하고 그 권한을 골라 주세요.",
    en: "Capturing a page of a minor, or of unknown age, fetches its pictures, be it for fingerprints only. First the admin records counsel's opinion in the centre's settings, or you record a police request or court permit and choose it here.",
  },
  AUTHORITY_NEEDED: {
    status: 409,
    ko: "미성년이거나 나이를 모르는 사람의 닫힌 방은 경찰의 권한 아래에서만 남길 수 있습니다. 경찰 요청을 기록하거나, 대화 내보내기를 받아 주세요.",
    en: "A closed room of a minor, or of unknown age, is captured under police authority only. Record it, or ask for a chat export.",
  },
  AUTHORITY_LAPSED: {
    status: 409,
    ko: "48시간 안에 승인되지 않은 긴급 권한입니다. 그 안에 받은 승인이 있으면 기록해 주세요.",
    en: "This emergency was not approved within 48 hours. Record the approval if it was given in that time.",
  },
  AUTHORITY_OUT_OF_SCOPE: {
    status: 409,
    ko: "이 주소는 그 권한의 범위 밖입니다.",
    en: "This address is outside what the authority covers.",
  },
  AUTHORITY_OUT_OF_TIME: {
    status: 409,
    ko: "그 권한의 기간이 아닙니다.",
    en: "The authority has not begun, or is over.",
  },
  AUTHORITY_TOO_LONG: {
    status: 400,
    ko: "기간이 맞지 않습니다. 위장수사는 한 번에 3개월까지이고, 끝나는 때를 적어야 합니다.",
    en: "The period does not fit: an undercover measure lasts three months at a time at most, and has an end.",
  },
  NOTHING_TO_APPROVE: {
    status: 409,
    ko: "승인을 기다리는 긴급 권한이 아닙니다.",
    en: "This is no emergency that waits for approval.",
  },
} as const;

/** The same for what the server itself refuses. */
export const CAPTURE_ANSWERS = {
  CAPTURE_LOCKED: {
    status: 409,
    ko: "긴급 권한이 48시간 안에 승인되지 않아 잠겨 있습니다.",
    en: "This is locked: its emergency authority was not approved within 48 hours.",
  },
  CAPTURE_NOT_FAILED: {
    status: 409,
    ko: "다시 할 것이 없습니다. 이미 남겼거나 아직 하고 있습니다.",
    en: "There is nothing to try again: it was captured, or still runs.",
  },
} as const;

export type CaptureReason = {
  readonly [code in keyof typeof CAPTURE_ANSWERS]: { readonly code: code };
}[keyof typeof CAPTURE_ANSWERS];
