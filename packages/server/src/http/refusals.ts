import type { Reason } from "@jikim/casework";
import type { ServerReason } from "../refusal.ts";
import { CAPTURE_ANSWERS, CAPTURE_RULES } from "./capture-refusals.ts";
import { PACK_ANSWERS } from "./pack-refusals.ts";
import { WORK_ANSWERS } from "./work-refusals.ts";

/** What breaks outside Jikim and is said plainly; everything else unexpected is `SERVER_TROUBLE`. */
type Trouble = "DATABASE_DOWN" | "DISK_FULL" | "SERVER_TROUBLE";

export type ErrorCode = Reason["code"] | ServerReason["code"] | Trouble;

type Answer = { readonly status: number; readonly ko: string; readonly en: string };

/** Every code that a route answers with: its status, and what to do, in words for whoever reads the page. */
export const ANSWERS: { readonly [code in ErrorCode]: Answer } = {
  ...WORK_ANSWERS,
  ...CAPTURE_ANSWERS,
  ...PACK_ANSWERS,
  ...CAPTURE_RULES,
  CONSENT_MISSING: {
    status: 403,
    ko: "이 일에 대한 당사자의 동의가 없습니다.",
    en: "She has not agreed to this act.",
  },
  MANDATE_MISSING: { status: 403, ko: "먼저 위임을 기록해 주세요.", en: "Record the mandate first." },
  THREAT_ACTIVE: {
    status: 409,
    ko: "지금 협박이 이어지고 있어 보내지 않습니다. 먼저 안전 계획을 세워 주세요.",
    en: "A threat is active, so nothing is sent. Make a safety plan first.",
  },
  POLICE_HOLD: {
    status: 409,
    ko: "경찰이 기다려 달라고 하여 보내지 않습니다.",
    en: "The police asked to wait, so nothing is sent.",
  },
  RECIPIENT_NOT_NAMED: {
    status: 409,
    ko: "확인하지 않은 수신처가 있습니다. 수신처를 다시 확인해 주세요.",
    en: "A recipient was not confirmed. Read the recipients again.",
  },
  RECIPIENT_HOSTILE: {
    status: 409,
    ko: "운영자가 위협이 되는 곳이라 보내지 않습니다.",
    en: "This operator is itself the threat and is never notified.",
  },
  NOTHING_TO_ASK: { status: 409, ko: "요청할 위치가 없습니다.", en: "There is no place to ask about." },
  FIELDS_MISSING: {
    status: 409,
    ko: "요청서에 꼭 있어야 할 내용이 빠져 있어 보내지 않습니다: {field}",
    en: "The notice lacks what it must hold, so it is not sent: {field}",
  },
  NOTICE_NOT_DRAFT: {
    status: 409,
    ko: "이미 승인되었거나 중단된 요청입니다. 사건을 다시 열어 확인해 주세요.",
    en: "This notice was approved or stopped already. Open the case again to see it.",
  },
  NOTICE_NOT_APPROVED: { status: 409, ko: "아직 승인되지 않은 요청입니다.", en: "This notice is not approved." },
  BASIS_NEEDS_REFERENCE: {
    status: 400,
    ko: "이 근거에는 문서 번호가 필요합니다.",
    en: "This basis needs the number of its document.",
  },
  CONSENT_NOT_GIVEN: { status: 409, ko: "철회할 동의가 없습니다.", en: "There is no consent to withdraw." },
  ROLE_MISSING: {
    status: 403,
    ko: "이 일을 할 수 있는 역할이 아닙니다.",
    en: "Your role does not allow this.",
  },
  GROUND_NOT_OPEN: {
    status: 403,
    ko: "이 근거로는 이 기관에 넘길 수 없습니다. 대상, 나이, 문서 번호를 확인해 주세요.",
    en: "This ground does not cover this unit here. Check the unit, her age, and the number of the paper.",
  },
  KEPT_FOR_POLICE_ONLY: {
    status: 403,
    ko: "봉인해 남긴 것은 경찰이나 검찰에만, 따로 고르고 근거를 적어야 건넬 수 있습니다.",
    en: "What a capture kept may go to police or prosecutors only, chosen for itself and on a named ground.",
  },
  CASE_CLOSED: { status: 409, ko: "종결된 사건입니다.", en: "This case is closed." },
  BAD_REQUEST: { status: 400, ko: "읽을 수 없는 값이 있습니다: {field}", en: "This could not be read: {field}" },
  NOT_FOUND: { status: 404, ko: "찾을 수 없습니다.", en: "There is nothing here." },
  FOREIGN_REQUEST: {
    status: 403,
    ko: "이 화면에서 보낸 요청이 아니어서 받지 않았습니다.",
    en: "This request did not come from our own page and was not taken.",
  },
  TOO_LARGE: { status: 413, ko: "보낸 내용이 너무 큽니다.", en: "What was sent is too large." },
  NOT_SEALED: {
    status: 400,
    ko: "봉인된 파일만 받습니다. 이 파일은 age로 봉인되지 않았거나 중간에 끊겼습니다.",
    en: "Only sealed files are taken. This one is not an age file, or it was cut short.",
  },
  TOO_MANY_CHATS: {
    status: 409,
    ko: "이 사건에 대화가 더 들어갈 자리가 없습니다. 필요 없는 대화를 먼저 거두어 주세요.",
    en: "This case has no room for another chat. Take back one that is not needed first.",
  },
  CHAT_LEAVING: {
    status: 409,
    ko: "당사자가 거두고 있는 대화라 열 수 없습니다.",
    en: "She is taking this chat back, so it cannot be opened.",
  },
  NOT_JSON: { status: 415, ko: "파일은 받지 않습니다. JSON만 받습니다.", en: "Files are not taken, only JSON." },
  TOO_MANY_REQUESTS: {
    status: 429,
    ko: "요청이 너무 많습니다. 1분 뒤에 다시 해 주세요.",
    en: "Too many requests. Try again in a minute.",
  },
  TOO_MANY_TODAY: {
    status: 429,
    ko: "오늘 이 사건에서 더 할 수 없습니다. 내일 다시 해 주세요.",
    en: "No more of this today in this case. Try again tomorrow.",
  },
  CENTRE_NOT_OPEN: {
    status: 503,
    ko: "센터가 아직 문을 열지 않았습니다. 나중에 다시 해 주세요.",
    en: "The centre is not open yet. Try again later.",
  },
  EFFORT_UNSOLVED: {
    status: 403,
    ko: "보내기 전 계산이 맞지 않습니다. 다시 보내 주세요.",
    en: "The work before sending is not right. Send again.",
  },
  EFFORT_EXPIRED: {
    status: 403,
    ko: "보내기 전 계산이 오래되었습니다. 다시 보내 주세요.",
    en: "The work before sending is too old. Send again.",
  },
  EFFORT_SPENT: {
    status: 409,
    ko: "이미 쓴 계산입니다. 다시 보내 주세요.",
    en: "This work was used already. Send again.",
  },
  SUBMISSION_TAKEN: {
    status: 409,
    ko: "같은 번호의 신고가 이미 있습니다.",
    en: "There is a report with this number already.",
  },
  HOLDERS_CHANGED: {
    status: 409,
    ko: "센터에서 여는 사람이 바뀌었습니다. 센터 정보를 다시 받아 한 번 더 보내 주세요.",
    en: "Who opens reports has changed. Fetch the centre again and send once more.",
  },
  KEY_CHANGED: {
    status: 409,
    ko: "사건 열쇠가 바뀌었습니다. 사건을 다시 열어 한 번 더 해 주세요.",
    en: "The case key has changed. Open the case again and repeat this.",
  },
  ID_TAKEN: { status: 409, ko: "이미 쓴 번호입니다.", en: "This id was used already." },
  CASE_ERASED: {
    status: 409,
    ko: "이 접수의 기록은 없앴거나 없애는 중이라 더할 수 없습니다. 도움이 필요하면 새로 접수해 주세요.",
    en: "The records of this report were destroyed, or are about to be, so nothing can be added. If you need help, please report anew.",
  },
  CASE_GONE: {
    status: 410,
    ko: "이 사건의 기록은 모두 없앴습니다. 볼 수 있는 것이 없습니다.",
    en: "All records of this case were destroyed. There is nothing left to see.",
  },
  CODE_UNKNOWN: {
    status: 404,
    ko: "이 코드로 찾을 수 있는 것이 없습니다. 코드를 다시 확인해 주세요.",
    en: "Nothing was found with this code. Please check the code.",
  },
  SESSION_MISSING: { status: 401, ko: "로그인해 주세요.", en: "Please sign in." },
  SIGN_IN_FAILED: {
    status: 401,
    ko: "로그인할 수 없습니다. 이름과 문구, 또는 패스키를 확인해 주세요.",
    en: "Signing in failed. Check the name and passphrase, or the passkey.",
  },
  PASSKEY_REFUSED: {
    status: 400,
    ko: "패스키를 확인할 수 없습니다. 처음부터 다시 해 주세요.",
    en: "The passkey could not be verified. Start again.",
  },
  LINK_EXPIRED: {
    status: 410,
    ko: "기한이 지났거나 이미 쓴 링크입니다. 새 링크를 받아 주세요.",
    en: "This link has expired or was used. Ask for a new one.",
  },
  PSEUDONYM_TAKEN: {
    status: 409,
    ko: "이미 쓰는 이름입니다. 다른 이름을 골라 주세요.",
    en: "This name is in use. Choose another.",
  },
  CERTIFICATE_REFUSED: {
    status: 400,
    ko: "이 사람의 열쇠에 대한 센터 루트의 인증서가 아닙니다.",
    en: "This is not a certificate of the centre's root for this person's key.",
  },
  APPROVALS_MISSING: {
    status: 409,
    ko: "먼저 감독자들이 승인해야 합니다.",
    en: "Supervisors must approve this first.",
  },
  LAST_OF_ROLE: {
    status: 409,
    ko: "이 역할의 마지막 사람입니다. 먼저 다른 사람을 등록해 주세요.",
    en: "This is the last person of a role the centre needs. Enrol another first.",
  },
  CASES_HELD_ALONE: {
    status: 409,
    ko: "이 사람만 열 수 있는 사건이 있습니다. 먼저 그 사건들을 다른 사람에게 배정해 주세요.",
    en: "Only this person can open some cases. Reassign these cases first.",
  },
  DATABASE_DOWN: {
    status: 503,
    ko: "지금 저장소에 닿을 수 없어 저장하지 못했습니다. 잠시 뒤에 다시 해 주세요.",
    en: "The database cannot be reached, so nothing was saved. Try again in a moment.",
  },
  DISK_FULL: {
    status: 507,
    ko: "서버의 저장 공간이 가득 차서 저장하지 못했습니다. 나중에 다시 해 주세요.",
    en: "The server's disk is full, so nothing was saved. Try again later.",
  },
  SERVER_TROUBLE: {
    status: 500,
    ko: "서버에 문제가 생겼습니다. 다시 해 주세요.",
    en: "Something went wrong on the server. Try again.",
  },
};
