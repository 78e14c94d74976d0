import { entryOf, HASH_LISTS, LOOKED_AT, type RegistryEntry, secondary, UNKNOWN, type Way } from "./entry.ts";
import { KOREAN_PLATFORMS } from "./korean-platforms.ts";

const NOT_FOUND = { ko: "확인하지 못함", en: "not found" };
const IN_APP: Way = {
  by: "in-app",
  address: null,
  needs: { ko: "게시물 메뉴에서 신고", en: "report from the menu of the post" },
  source: secondary("text of facebook.com/safety/notwithoutmyconsent"),
};
/** Its number stands in many guides to removal; the form itself was not read. */
const META_FORM: Way = {
  by: "form",
  address: "https://www.facebook.com/help/contact/567360146613371",
  needs: {
    ko: "게시물마다 주소; 계정 없이 가능하다고 알려짐; 양식 자체는 읽지 못했으니 처음 낼 때 확인",
    en: "the address of each post; said to need no account; the form itself was not read, so look at it the first time",
  },
  source: secondary("guides to removal that link it as the form for intimate images without consent"),
};
const DISCORD_NEEDS = {
  ko: "영상물 하나에 신고 하나; 당사자 또는 대리인; 당사자의 법적 이름과 신고하는 사람의 이름",
  en: "one report per media; the person depicted or a representative; her legal name, and the name of who reports",
};
type MetaRow = Pick<RegistryEntry, "key" | "hosts" | "rooms" | "ways"> & { readonly name: { ko: string; en: string } };
const meta = ({ key, name, hosts, rooms, ways }: MetaRow) =>
  entryOf({
    ...{ key, hosts, rooms, ways, besides: HASH_LISTS },
    card: {
      ...{ kind: "platform", name, jurisdiction: "us", language: "en" },
      form: ways.find(({ by }) => by === "form")?.address ?? null,
    },
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
  meta({
    key: "facebook",
    name: { ko: "페이스북", en: "Facebook" },
    hosts: ["facebook.com", "fb.com", "fb.watch", "messenger.com"],
    rooms: {
      closed: [/^[^/]+\/messages(\/|$)/, /^messenger\.com\//],
      unknown: [/^[^/]+\/groups\//, /^[^/]+\/share\//],
    },
    ways: [META_FORM, IN_APP],
  }),
  meta({
    key: "instagram",
    name: { ko: "인스타그램", en: "Instagram" },
    hosts: ["instagram.com"],
    rooms: { closed: [/^[^/]+\/direct\//], unknown: [/^[^/]+\/stories\//] },
    ways: [META_FORM, IN_APP],
  }),
  meta({
    key: "threads",
    name: { ko: "스레드", en: "Threads" },
    hosts: ["threads.net", "threads.com"],
    rooms: { closed: [], unknown: [] },
    ways: [
      IN_APP,
      {
        by: "form",
        address: null,
        needs: {
          ko: "페이스북·인스타그램 양식이 스레드도 받는지 확인하지 못함; 도움말 help.instagram.com에서 찾기",
          en: "whether the form of Facebook and Instagram takes Threads was not found; look in help.instagram.com",
        },
        source: UNKNOWN,
      },
    ],
  }),
  entryOf({
    key: "google-drive",
    hosts: ["drive.google.com", "docs.google.com"],
    rooms: { closed: [], unknown: [/^/] },
    card: {
      kind: "platform",
      name: { ko: "구글 드라이브", en: "Google Drive" },
      jurisdiction: "us",
      language: "en",
      form: "https://support.google.com/blogger/answer/7540088",
    },
    ways: [
      {
        by: "form",
        address: "https://support.google.com/blogger/answer/7540088",
        needs: {
          ko: "드라이브·블로거·그룹스·포토·사이트 공통 양식 (검색과 다름); 당사자를 알아볼 수 있고 동의 없이 공개된 영상물",
          en: "one form for Drive, Blogger, Groups, Photos and Sites, apart from Search; she can be recognised and did not consent",
        },
        source: secondary("stored text of support.google.com/blogger/answer/7540088"),
      },
    ],
  }),
  entryOf({
    key: "tiktok",
    hosts: ["tiktok.com"],
    rooms: { closed: [/^[^/]+\/messages(\/|$)/], unknown: [] },
    card: {
      kind: "platform",
      name: { ko: "틱톡", en: "TikTok" },
      jurisdiction: "us",
      language: "en",
      form: "https://www.tiktok.com/legal/report/feedback",
    },
    besides: HASH_LISTS,
    ways: [
      {
        by: "form",
        address: "https://www.tiktok.com/legal/report/feedback",
        needs: {
          ko: "이용약관에 적힌 일반 신고 양식; 양식 자체는 읽지 못했으니 처음 낼 때 확인",
          en: "the general form named in its terms; the form itself was not read, so look at it the first time",
        },
        source: secondary("TikTok's terms of service, as quoted by others"),
      },
      {
        by: "form",
        address: "https://support.tiktok.com/it/safety-hc/report-a-problem/report-sexual-abuse",
        needs: {
          ko: "미성년자 영상물이나 성적 합성물에 나온 당사자를 위한 웹 양식으로 이어짐 (이탈리아어 사본을 읽음)",
          en: "leads to a web form for who is shown in images of minors or in sexual deepfakes (read in Italian)",
        },
        source: secondary("stored text of support.tiktok.com"),
      },
      {
        by: "in-app",
        address: null,
        needs: {
          ko: "공유 또는 점 세 개 > 신고 > 불법 콘텐츠 신고 (유럽연합); 성적 학대",
          en: "share or three dots > Report > Report illegal content (EU); sexual exploitation and abuse",
        },
        source: secondary("stored text of tiktok.com, reporting illegal content"),
      },
    ],
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
    demands: ["depicted-name", "signature"],
    ways: [{ by: "form", address: "https://discord.com/report", needs: DISCORD_NEEDS, source: secondary("press") }],
  }),
  entryOf({
    key: "reddit",
    hosts: ["reddit.com", "redd.it", "redditmedia.com"],
    rooms: { closed: [/^(chat\.)?[^/]+\/(chat|message)(\/|$)/, /^chat\.reddit\.com\//], unknown: [] },
    card: {
      kind: "platform",
      name: { ko: "레딧", en: "Reddit" },
      jurisdiction: "us",
      language: "en",
      form: "https://www.reddit.com/report",
    },
    besides: HASH_LISTS,
    ways: [
      {
        by: "form",
        address: "https://www.reddit.com/report",
        needs: {
          ko: "동의 없는 사적 매체를 고름; 양식 자체는 읽지 못했으니 처음 낼 때 확인",
          en: "choose non-consensual intimate media; the form itself was not read, so look at it the first time",
        },
        source: secondary("lists of report forms; Reddit's rule 3"),
      },
      {
        by: "mail",
        address: null,
        needs: {
          ko: "옛 도움말에 contact@reddit.com이 있으나 지금도 받는지 확인하지 못함",
          en: "an old help page names contact@reddit.com; whether it still takes reports was not found",
        },
        source: UNKNOWN,
      },
    ],
  }),
  ...KOREAN_PLATFORMS,
];
