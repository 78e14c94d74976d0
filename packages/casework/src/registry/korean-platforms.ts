import { entryOf, type RegistryEntry, secondary } from "./entry.ts";

const NOT_FOUND = { ko: "확인하지 못함", en: "not found" };

/** Korean services where people post. */
export const KOREAN_PLATFORMS: readonly RegistryEntry[] = [
  entryOf({
    key: "kakao",
    hosts: ["kakao.com", "kakaocdn.net", "tistory.com"],
    rooms: { closed: [/^open\.kakao\.com\//], unknown: [] },
    card: {
      kind: "platform",
      name: { ko: "카카오", en: "Kakao" },
      jurisdiction: "kr",
      language: "ko",
      form: "https://clean-center.kakao.com",
    },
    ways: [
      {
        by: "form",
        address: "https://clean-center.kakao.com",
        needs: {
          ko: "시행령 별지 서식, 캡처와 주소; 먼저 신고하고 증거는 나중에 보태도 됨",
          en: "the decree's annex form, capture and address; may report first and add evidence later",
        },
        source: secondary("동아일보 2024-08-29"),
      },
    ],
  }),
  entryOf({
    key: "daum",
    hosts: ["daum.net"],
    rooms: { closed: [], unknown: [/^cafe\.daum\.net\//] },
    card: {
      kind: "platform",
      name: { ko: "다음", en: "Daum" },
      jurisdiction: "kr",
      language: "ko",
      form: "https://cs.daum.net/faq/95/7580.html",
    },
    ways: [
      {
        by: "form",
        address: "https://cs.daum.net/faq/95/7580.html",
        needs: {
          ko: "권리침해 신고 안내에서 온라인 접수로; 신고 요청서, 대리인은 위임장, 신분증은 뒷자리를 가린 사본; 카카오에서 나뉘기 전의 글이니 처음 낼 때 확인",
          en: "from the guide to reports of rights to the online form; request, mandate of a representative, masked copies of papers; from before the split from Kakao, so look at it the first time",
        },
        source: secondary("stored text of cs.daum.net, help on reports"),
      },
      {
        by: "phone",
        address: "1577-3357",
        needs: { ko: "급한 권리침해 문의, 24시간 (유료)", en: "urgent questions of rights, day and night (charged)" },
        source: secondary("stored text of cs.daum.net/redbell"),
      },
    ],
  }),
  entryOf({
    key: "naver",
    hosts: ["naver.com", "naver.me", "band.us"],
    rooms: { closed: [/^band\.us\/n\//], unknown: [/^(m\.)?cafe\.naver\.com\//, /^band\.us\//] },
    card: {
      kind: "platform",
      name: { ko: "네이버", en: "Naver" },
      jurisdiction: "kr",
      language: "ko",
      form: "https://help.naver.com",
    },
    ways: [{ by: "form", address: "https://help.naver.com", needs: NOT_FOUND, source: secondary("press") }],
  }),
];
