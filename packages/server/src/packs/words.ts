import type { Bilingual } from "../database.ts";

/** What a unit is told whose evidence was withdrawn: no name, and nothing of the case. */
export function withdrawalWords(facts: {
  readonly centre: Bilingual;
  readonly number: number;
  readonly packId: string;
}): Bilingual {
  const { centre, number, packId } = facts;
  return {
    ko: `${centre.ko}에서 건넨 증거 꾸러미(위탁 ${number}, 꾸러미 ${packId})에 대한 동의가 철회되었습니다. 이 꾸러미는 링크로 더 받을 수 없고, 저희 쪽 사본은 지웠습니다. 법에 따라 보관해야 하는 것이 아니라면 받으신 사본을 지우고, 지웠는지 또는 계속 보관해야 하는 근거를 알려 주세요.`,
    en: `Consent to the evidence pack that ${centre.en} handed you (referral ${number}, pack ${packId}) was withdrawn. It can no longer be fetched, and our copy was erased. Unless a law has you keep it, please erase the copy you took and tell us that you did, or on what ground you must keep it.`,
  };
}
