import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import {
  cardOfSite,
  findEntry,
  findInRegistry,
  identityOf,
  isReachable,
  type PlaceAddress,
  REGISTRY,
  reachOf,
  readPlace,
} from "../src/index.ts";

const place = (typed: string): PlaceAddress => {
  const read = readPlace(typed);
  if (read === null) throw new Error(`no place: ${typed}`);
  return read;
};
const keyOf = (typed: string) => findInRegistry(place(typed))?.key ?? null;

test.each([
  ["https://t.me/invented_room/12", "telegram"],
  ["tg://join?invite=AbCdEf", "telegram"],
  ["https://x.com/nobody/status/1", "x"],
  ["https://mobile.twitter.com/nobody/status/1", "x"],
  ["https://www.instagram.com/p/abc/", "instagram"],
  ["https://m.facebook.com/photo?fbid=1", "facebook"],
  ["https://www.threads.net/@nobody/post/1", "threads"],
  ["https://drive.google.com/file/d/1/view", "google-drive"],
  ["https://www.google.com/search?q=a", "google-search"],
  ["https://www.google.co.kr/imgres?imgurl=a", "google-search"],
  ["https://vm.tiktok.com/abc", "tiktok"],
  ["https://discord.gg/abc", "discord"],
  ["https://cdn.discordapp.com/attachments/1/2/a.png", "discord"],
  ["https://old.reddit.com/r/nothing/comments/1", "reddit"],
  ["https://open.kakao.com/o/abc", "kakao"],
  ["https://nobody.tistory.com/1", "kakao"],
  ["https://cafe.daum.net/nobody/1", "daum"],
  ["https://search.daum.net/search?q=a", "daum-search"],
  ["https://blog.naver.com/nobody/1", "naver"],
  ["https://search.naver.com/search.naver?query=a", "naver-search"],
  ["https://www.bing.com/images/search?q=a", "bing"],
  ["https://pub-1.r2.dev/a.jpg", "cloudflare"],
  ["https://bucket.s3.ap-northeast-2.amazonaws.com/a.jpg", "aws"],
  ["https://sites.google.com/view/nobody", null],
  ["https://maps.google.com/abc", null],
  ["https://notx.com/1", null],
  ["https://x.com.board.example/1", null],
  ["https://board.example/t.me/room", null],
  ["@nobody", null],
])("%s is a place of %s", (typed, key) => {
  expect(keyOf(typed)).toBe(key);
});

test.each([
  ["https://t.me/invented_room", "public"],
  ["https://t.me/s/invented_room/12", "public"],
  ["https://t.me/+AbCdEf", "closed"],
  ["https://telegram.me/joinchat/AbCdEf", "closed"],
  ["https://t.me/c/1234/5", "closed"],
  ["https://web.telegram.org/k/#/im?p=1", "unknown"],
  ["https://open.kakao.com/o/gAbCdEf", "closed"],
  ["https://discord.gg/AbCdEf", "closed"],
  ["https://discord.com/invite/AbCdEf", "closed"],
  ["https://discord.com/channels/1/2", "closed"],
  ["https://www.discord.com/channels/1/2", "closed"],
  ["https://cdn.discordapp.com/attachments/1/2/a.png", "unknown"],
  ["https://www.facebook.com/groups/1/posts/2", "unknown"],
  ["https://www.facebook.com/nobody/posts/2", "public"],
  ["https://www.instagram.com/direct/t/1", "closed"],
  ["https://x.com/messages/1-2", "closed"],
  ["https://x.com/nobody/status/1", "public"],
  ["https://cafe.naver.com/nobody/1", "unknown"],
  ["https://blog.naver.com/nobody/1", "public"],
  ["https://drive.google.com/file/d/1/view", "unknown"],
  ["https://board.example/1", "public"],
  ["http://abcdefabcdefabcd.onion/1", "unknown"],
  ["@nobody", "unknown"],
])("%s is %s", (typed, reach) => {
  expect(reachOf(place(typed))).toBe(reach);
});

describe("the registry", () => {
  test("has every row once, under its own key, with a source, a day and a mark for itself and each of its ways", () => {
    expect(new Set(REGISTRY.map((entry) => entry.key)).size).toBe(REGISTRY.length);
    for (const { key, card, source, ways } of REGISTRY) {
      expect(card.registryKey).toBe(key);
      expect(findEntry(key)?.card).toBe(card);
      expect(ways.length, key).toBeGreaterThan(0);
      for (const each of [source, ...ways.map((way) => way.source)]) {
        expect(each.where, key).not.toBe("");
        expect(Temporal.PlainDate.from(each.asOf).toString()).toBe(each.asOf);
      }
    }
  });

  test("uses no channel that none of its ways documents, and calls unknown what was not found", () => {
    for (const { key, card, ways } of REGISTRY) {
      const said = new Set(ways.filter((way) => way.source.mark !== "unknown").map((way) => way.address));
      if (card.mail !== null) expect(said.has(card.mail), key).toBe(true);
      if (card.form !== null) expect(said.has(card.form), key).toBe(true);
      if (card.api !== null)
        expect(
          ways.some((way) => way.by === "api"),
          key,
        ).toBe(true);
      for (const way of ways) if (way.source.mark === "unknown") expect(way.address, key).toBeNull();
    }
  });

  test("names only forms on https and hosts without a scheme", () => {
    for (const { card, hosts } of REGISTRY) {
      if (card.form !== null) expect(new URL(card.form).protocol).toBe("https:");
      for (const host of hosts) expect(host).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
    }
  });

  test("knows no address for those it found none for, and says of each where to look", () => {
    const unreached = REGISTRY.filter(({ card }) => !isReachable(card));
    expect(unreached.map(({ key }) => key)).toEqual(["threads", "daum-search"]);
    for (const { key, ways } of unreached)
      expect(
        ways.some(({ needs }) => /(look|찾기)/.test(needs.en + needs.ko)),
        key,
      ).toBe(true);
  });

  test("says of a form that was not read, or is old, to look at it the first time", () => {
    for (const key of ["facebook", "instagram", "tiktok", "reddit", "daum", "kmcsc"]) {
      const entry = findEntry(key);
      const way = entry?.ways.find(({ address }) => address === entry.card.form);
      expect(way?.needs.en, key).toContain("look at it the first time");
      expect(way?.source.mark, key).toBe("secondary");
    }
  });

  test("names the lists she can join herself beside services that follow them, each with a source", () => {
    const known = REGISTRY.filter(({ besides }) => besides.length > 0);
    expect(known.map(({ key }) => key)).toEqual(["facebook", "instagram", "threads", "tiktok", "reddit"]);
    for (const { what, address, source } of known.flatMap(({ besides }) => besides)) {
      expect(new URL(address).protocol).toBe("https:");
      expect([what.ko, what.en, source.where]).not.toContain("");
    }
  });

  test("knows Cloudflare's limits: 250 places of one host", () => {
    expect(findEntry("cloudflare")?.card).toMatchObject({ api: "cloudflare", mostPlaces: 250, sameHost: true });
  });

  test("answers for any text that is a place, in time, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string()), (text) => {
        expect(["public", "closed", "unknown"]).toContain(reachOf({ kind: "url", text }));
        findInRegistry({ kind: "url", text });
      }),
      { seed: 10, numRuns: FUZZ_RUNS },
    );
  });
});

describe("a site nobody listed", () => {
  const site = cardOfSite("board.example", { mail: "Abuse@board.example", form: null });

  test("is asked plainly, by the address found there, under no law that is known", () => {
    expect(site).toMatchObject({ registryKey: null, jurisdiction: null, language: "en", mail: "Abuse@board.example" });
    expect(cardOfSite("gesipan.example.kr", { mail: null, form: null }).language).toBe("ko");
  });

  test("is the same recipient by its address, however that is written, and another one by another", () => {
    expect(identityOf(site)).toBe(identityOf({ ...site, mail: "abuse@board.example" }));
    expect(identityOf(site)).not.toBe(identityOf({ ...site, kind: "host" }));
    expect(identityOf(site)).not.toBe(identityOf({ ...site, mail: "other@board.example" }));
  });
});
