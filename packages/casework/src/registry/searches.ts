import { entryOf, type RegistryEntry, secondary, UNKNOWN } from "./entry.ts";

const NOT_FOUND = { ko: "확인하지 못함", en: "not found" };

/** Search engines: they stop listing a place. That is "de-indexed", never "removed". */
export const SEARCHES: readonly RegistryEntry[] = [
  entryOf({
    key: "google-search",
    hosts: ["google.com", "google.co.kr"],
    paths: /^\/(search|imgres|url)\b/,
    card: {
      kind: "search",
      name: { ko: "구글 검색", en: "Google Search" },
      jurisdiction: "us",
      language: "en",
      form: "https://support.google.com/websearch/answer/6302812",
    },
    demands: ["search-result"],
    ways: [
      {
        by: "form",
        address: "https://support.google.com/websearch/answer/6302812",
        needs: {
          ko: "검색 결과 주소와 원본 주소; 적어 낸 주소만 심사; 대리인은 권한을 설명",
          en: "search-result URL and content URL; only listed URLs are reviewed; a representative explains her authority",
        },
        source: secondary("text of support.google.com"),
      },
      {
        by: "form",
        address: "https://support.google.com/websearch/answer/9116649",
        needs: { ko: "가짜 영상물", en: "fake images" },
        source: secondary("text of support.google.com"),
      },
    ],
  }),
  entryOf({
    key: "bing",
    hosts: ["bing.com"],
    card: {
      kind: "search",
      name: { ko: "빙 검색", en: "Bing" },
      jurisdiction: "us",
      language: "en",
      form: "https://www.microsoft.com/en-us/concern/revengeporn",
    },
    ways: [
      {
        by: "form",
        address: "https://www.microsoft.com/en-us/concern/revengeporn",
        needs: {
          ko: "이름, 전자우편, 주소, 동의한 적이 있는지",
          en: "name, e-mail, URL, whether she ever agreed",
        },
        source: secondary("Search Engine Land, 2015-07-22; the address from NuGet's documentation"),
      },
    ],
  }),
  entryOf({
    key: "naver-search",
    hosts: ["search.naver.com"],
    card: {
      kind: "search",
      name: { ko: "네이버 검색", en: "Naver Search" },
      jurisdiction: "kr",
      language: "ko",
      form: "https://help.naver.com",
    },
    ways: [{ by: "form", address: "https://help.naver.com", needs: NOT_FOUND, source: secondary("press") }],
  }),
  entryOf({
    key: "daum-search",
    hosts: ["search.daum.net"],
    card: { kind: "search", name: { ko: "다음 검색", en: "Daum Search" }, jurisdiction: "kr", language: "ko" },
    ways: [
      {
        by: "form",
        address: null,
        needs: {
          ko: "다음 고객센터(cs.daum.net)의 창구가 검색 결과도 받는지 확인하지 못함; 그곳에서 찾기",
          en: "whether the desk of Daum (cs.daum.net) takes search results was not found; look there",
        },
        source: UNKNOWN,
      },
    ],
  }),
];
