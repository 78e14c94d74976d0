import fc from "fast-check";
import { expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { canaryOf, mayFetch, readPlace } from "../src/index.ts";

const at = (text: string) => readPlace(text) ?? { kind: "url" as const, text };

test.each([
  ["https://t.me/+AbCdEf123456", "invite"],
  ["tg://join?invite=AbCdEf123456", "invite"],
  ["https://discord.gg/aBcD123", "invite"],
  ["https://discord.com/invite/aBcD123", "invite"],
  ["https://chat.whatsapp.com/Ab12Cd34Ef56", "invite"],
  ["https://open.kakao.com/o/gAbCdEf", "invite"],
  ["https://drive.google.com/file/d/1aB2c/view", "shared-drive"],
  ["https://www.dropbox.com/scl/fi/x/y.jpg", "shared-drive"],
  ["https://1drv.ms/i/s!Ab", "shared-drive"],
  ["https://mega.nz/folder/abcd", "shared-drive"],
  ["https://leak.example/v/0b9f2f3e-44aa-4d1e-9c43-0a6f0f1f2a3b", "token"],
  ["https://leak.example/v/kJ8sd7Qx2Lp0aZ19", "token"],
  ["https://leak.example/v?x=kJ8sd7Qx2Lp0aZ19", "token"],
  ["https://leak.example/#/kJ8sd7Qx2Lp0aZ19", "token"],
  ["https://k3j4h5g6f7d8s9a0q1w2.leak.example/", "token"],
  ["https://leak.example/v?token=ab", "personal-parameter"],
  ["https://leak.example/v?uid=12345", "personal-parameter"],
  ["https://leak.example/v?email=her%40mail.example", "personal-parameter"],
  ["https://leak.example/v?ref=friend7", "personal-parameter"],
])("%s may be unique to her: %s", (text, why) => {
  expect(canaryOf(at(text))).toBe(why);
});

test.each([
  "https://board.example/p/7",
  "https://board.example/view?id=123456&page=2",
  "https://t.me/some_room/55",
  "https://x.com/someone/status/1792345678901234567",
  "https://www.instagram.com/p/C1a2B3c4D5e/",
  "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
  "https://www.reddit.com/r/room/comments/1abc2d3/the_title_of_a_very_long_post/",
  "https://gall.example/board/view/?id=room&no=1234567",
  "https://news.example/2026/08/09/a-very-long-title-made-of-many-ordinary-words-and-2026-dates",
  "https://board.example/search?q=internationalization&key=2",
  "https://board.example/%ED%95%9C%EA%B5%AD%EC%96%B4-%EC%A0%9C%EB%AA%A9-%EA%B8%B8%EA%B2%8C",
  "https://tiktok.com/@someone/video/7234567890123456789",
])("%s is the same for everybody", (text) => {
  expect(canaryOf(at(text))).toBeNull();
});

test("a link that may be unique to her needs both, and one that the watch found needs nobody", () => {
  const address = at("https://t.me/+AbCdEf123456");
  const both = (survivor: boolean, staff: boolean) => mayFetch({ address, namedByWatch: false }, { survivor, staff });
  expect([both(false, false), both(true, false), both(false, true), both(true, true)]).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(mayFetch({ address, namedByWatch: true }, { survivor: false, staff: false })).toBe(true);
  const plain = { address: at("https://board.example/p/7"), namedByWatch: false };
  expect(mayFetch(plain, { survivor: false, staff: false })).toBe(true);
});

test("a random token of 128 bits is never overlooked, in whichever part it stands", () => {
  const token = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("hex"));
  const where = fc.constantFrom(
    (one: string) => `https://leak.example/${one}`,
    (one: string) => `https://leak.example/a/${one}.html`,
    (one: string) => `https://leak.example/a?b=${one}`,
  );
  fc.assert(
    fc.property(token, where, (one, put) => {
      expect(canaryOf(at(put(one)))).not.toBeNull();
    }),
    { seed: 5, numRuns: 500 },
  );
});

test("whatever is typed, the rule answers", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
      expect(() => canaryOf({ kind: "url", text })).not.toThrow();
    }),
    { seed: 6, numRuns: FUZZ_RUNS },
  );
});
