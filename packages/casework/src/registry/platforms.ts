import { entryOf, LOOKED_AT, type RegistryEntry, secondary, UNKNOWN, type Way } from "./entry.ts";

const NOT_FOUND = { ko: "확인하지 못함", en: "not found" };
const appAndForm: readonly Way[] = [
  { by: "in-app", address: null, needs: NOT_FOUND, source: UNKNOWN },
  {
    by: "form",
    address: null,
    needs: { ko: "동의 없는 사적 영상물 신고 양식이 있음", en: "a form for intimate images without consent exists" },
    source: UNKNOWN,
  },
];
const DISCORD_NEEDS = {
  ko: "영상물 하나에 신고 하나; 당사자 또는 대리인; 당사자의 법적 이름",
  en: "one report per media; the person depicted or a representative; her legal name",
};
const meta = (key: string, name: { ko: string; en: string }, hosts: readonly string[], rooms: RegistryEntry["rooms"]) =>
  entryOf({
    key,
    hosts,
    rooms,
    card: { kind: "platform", name, jurisdiction: "us", language: "en" },
    ways: appAndForm,
  });

/** Services where people post. */
export const PLATFORMS: readonly RegistryEntry[] = [
  entryOf({
    key: "telegram",
    hosts: ["t.me", "telegram.me", "telegram.dog", "telegram.org"],
    rooms: {
      closed: [/^[^/]+\/(\+|joinchat\/|c\/)/],
      unknown: [/^(web\.)?telegram\.org\//],
    },
    card: {
      kind: "platform",
      name: { ko: "텔레그램", en: "Telegram" },
      jurisdiction: "eu",
      language: "en",
      mail: "abuse@telegram.org",
      form: "https://telegram.org/dsa-report",
    },
    ways: [
      {
        by: "form",
        address: "https://telegram.org/dsa-report",
        needs: {
          ko: "이름, 연락처, 왜 불법인지 분명한 설명; 근거 없는 신고를 되풀이하면 정지",
          en: "name, contact, clear explanation why it is illegal; repeated unfounded notices are suspended",
        },
        source: { where: "telegram.org/dsa-report, February 2026 or later", asOf: LOOKED_AT, mark: "read" },
      },
      {
        by: "bot",
        address: "https://t.me/EURegulation",
        needs: { ko: "유럽연합 단일 연락처", en: "single contact for the European Union" },
        source: { where: "telegram.org/dsa-report, February 2026 or later", asOf: LOOKED_AT, mark: "read" },
      },
      { by: "mail", address: "abuse@telegram.org", needs: NOT_FOUND, source: secondary("press") },
      { by: "in-app", address: null, needs: NOT_FOUND, source: secondary("press") },
    ],
  }),
  entryOf({
    key: "x",
    hosts: ["x.com", "twitter.com", "t.co", "twimg.com"],
    rooms: { closed: [/^[^/]+\/messages(\/|$)/], unknown: [/^[^/]+\/i\/communities\//] },
    card: {
      kind: "platform",
      name: { ko: "엑스 (트위터)", en: "X" },
      jurisdiction: "us",
      language: "en",
      form: "https://help.x.com/forms/safety-and-sensitive-content/take-it-down",
    },
    ways: [
      {
        by: "form",
        address: "https://help.x.com/forms/safety-and-sensitive-content/take-it-down",
        needs: { ko: "계정 없이 가능 (미국에 있는 사람)", en: "no account needed, for people in the US" },
        source: secondary("text of help.x.com"),
      },
      {
        by: "in-app",
        address: null,
        needs: {
          ko: "게시물 메뉴 > 사적이거나 동의 없는 콘텐츠",
          en: "post menu > Private or Non-Consensual Content",
        },
        source: secondary("text of help.x.com"),
      },
    ],
  }),
  meta("facebook", { ko: "페이스북", en: "Facebook" }, ["facebook.com", "fb.com", "fb.watch", "messenger.com"], {
    closed: [/^[^/]+\/messages(\/|$)/, /^messenger\.com\//],
    unknown: [/^[^/]+\/groups\//, /^[^/]+\/share\//],
  }),
  meta("instagram", { ko: "인스타그램", en: "Instagram" }, ["instagram.com"], {
    closed: [/^[^/]+\/direct\//],
    unknown: [/^[^/]+\/stories\//],
  }),
  meta("threads", { ko: "스레드", en: "Threads" }, ["threads.net", "threads.com"], { closed: [], unknown: [] }),
  entryOf({
    key: "google-drive",
    hosts: ["drive.google.com", "docs.google.com"],
    rooms: { closed: [], unknown: [/^/] },
    card: {
      kind: "platform",
      name: { ko: "구글 드라이브", en: "Google Drive" },
      jurisdiction: "us",
      language: "en",
    },
    ways: [
      {
        by: "form",
        address: null,
        needs: { ko: "검색과 다른 별도 신고 양식", en: "an abuse form of its own, apart from Search" },
        source: UNKNOWN,
      },
    ],
  }),
  entryOf({
    key: "tiktok",
    hosts: ["tiktok.com"],
    rooms: { closed: [/^[^/]+\/messages(\/|$)/], unknown: [] },
    card: { kind: "platform", name: { ko: "틱톡", en: "TikTok" }, jurisdiction: "us", language: "en" },
    ways: [{ by: "form", address: null, needs: NOT_FOUND, source: UNKNOWN }],
  }),
  entryOf({
    key: "discord",
    hosts: ["discord.com", "discord.gg", "discordapp.com", "discordapp.net"],
    rooms: {
      closed: [/^discord\.gg\//, /^discord(app)?\.com\/(invite|channels)\//],
      unknown: [/^(cdn|media)\.discordapp\.(com|net)\//],
    },
    card: {
      kind: "platform",
      name: { ko: "디스코드", en: "Discord" },
      jurisdiction: "us",
      language: "en",
      form: "https://discord.com/report",
      mostPlaces: 1,
    },
    ways: [{ by: "form", address: "https://discord.com/report", needs: DISCORD_NEEDS, source: secondary("press") }],
  }),
  entryOf({
    key: "reddit",
    hosts: ["reddit.com", "redd.it", "redditmedia.com"],
    rooms: { closed: [/^(chat\.)?[^/]+\/(chat|message)(\/|$)/, /^chat\.reddit\.com\//], unknown: [] },
    card: { kind: "platform", name: { ko: "레딧", en: "Reddit" }, jurisdiction: "us", language: "en" },
    ways: [{ by: "form", address: null, needs: NOT_FOUND, source: UNKNOWN }],
  }),
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
    card: { kind: "platform", name: { ko: "다음", en: "Daum" }, jurisdiction: "kr", language: "ko" },
    ways: [{ by: "form", address: null, needs: NOT_FOUND, source: UNKNOWN }],
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
