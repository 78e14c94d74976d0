/** What packs for units are refused for: status, and what to do. Part of `refusals.ts`. */
export const PACK_ANSWERS = {
  PACK_SEALED: {
    status: 409,
    ko: "이 꾸러미는 이미 봉인되었습니다. 목록을 다시 열어 확인해 주세요.",
    en: "This pack is sealed already. Read the list again.",
  },
  PACK_NOT_SEALED: {
    status: 409,
    ko: "봉인된 파일이 아직 오지 않은 꾸러미입니다. 먼저 올려 주세요.",
    en: "The sealed file of this pack has not come yet. Send it first.",
  },
  PACK_ENDED: {
    status: 410,
    ko: "거두었거나 없앤 꾸러미입니다.",
    en: "This pack was withdrawn or destroyed.",
  },
  EXHIBIT_CHANGED: {
    status: 409,
    ko: "담으려는 증거가 봉인된 것과 다릅니다. 증거를 다시 열어 주세요.",
    en: "An exhibit is not what was sealed. Open it again.",
  },
  RECEIPT_GIVEN: { status: 409, ko: "수령 기록이 이미 있습니다.", en: "There is a receipt already." },
  RETENTION_FORBIDS: {
    status: 409,
    ko: "법이 보관하게 하는 기록이라 지금 없앨 수 없습니다. 사건의 보관 기간에서 까닭을 볼 수 있습니다.",
    en: "The law has these records kept, so they cannot be destroyed now. The case's retention says why.",
  },
} as const;

export type PackReason = {
  readonly [code in keyof typeof PACK_ANSWERS]: { readonly code: code };
}[keyof typeof PACK_ANSWERS];
