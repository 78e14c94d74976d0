import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { findPersonal, redact } from "../src/chat.ts";

const kindsIn = (text: string) => findPersonal(text).map(({ kind }) => kind);

/** A resident number of nobody with a right checksum: the weighted sum of its own digits. */
function residentNumber(first12: string): string {
  const sum = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5].reduce(
    (total, weight, at) => total + weight * Number(first12[at]),
    0,
  );
  return `${first12}${(11 - (sum % 11)) % 10}`;
}

describe("personal numbers are found by their form", () => {
  test("resident numbers: by checksum without a hyphen, by form with one, and the random ones since October 2020", () => {
    const number = residentNumber("900101123456");
    const wrong = `${number.slice(0, 12)}${(Number(number[12]) + 1) % 10}`;
    expect(kindsIn(`번호는 ${number} 입니다`)).toEqual(["resident-number"]);
    expect(kindsIn(`번호는 ${wrong} 입니다`)).toEqual([]);
    expect(kindsIn(`${wrong.slice(0, 6)}-${wrong.slice(6)}`)).toEqual(["resident-number"]);
    expect(kindsIn(`2101013${wrong.slice(7)}`)).toEqual(["resident-number"]);
    expect(kindsIn("901301-1234567")).toEqual([]);
    expect(kindsIn("900230-1234567")).toEqual([]);
    expect(kindsIn("900101-9234567")).toEqual([]);
  });

  test.each([
    ["010-1234-5678", "phone"],
    ["01012345678", "phone"],
    ["+82 10-1234-5678", "phone"],
    ["+82-2-123-4567", "phone"],
    ["031-123-4567", "phone"],
    ["０１０-１２３４-５６７８", "phone"],
    ["010 - 1234 - 5678", "phone"],
    ["010_1234_5678", "phone"],
    ["010–1234–5678", "phone"],
    ["010/1234/5678", "phone"],
    ["010·1234·5678", "phone"],
    ["010　1234　5678", "phone"],
    ["900101/1234567", "resident-number"],
    ["９００１０１－１２３４５６７", "resident-number"],
    ["4111.1111.1111.1111", "card"],
    ["국민은행 123456 - 01 - 234567", "account"],
    ["홍길동＠mail.example", "mail"],
    ["+1 202-555-0143", "phone"],
    ["+1 (202) 555-0143", "phone"],
    ["+44 20 7946 0958", "phone"],
    ["+8613800000000", "phone"],
    ["+81 90-0000-0000", "phone"],
    ["+380 44 000 00 00", "phone"],
    ["4111 1111 1111 1111", "card"],
    ["5500-0000-0000-0004", "card"],
    ["국민은행 123456-01-234567", "account"],
    ["계좌 110123456789 로 보내", "account"],
    ["someone.invented@mail.example", "mail"],
    ["서울특별시 가나구 다라로 123, 101동 1001호", "address"],
    ["부산 가나구 다라동 12-3", "address"],
  ])("%s is a %s", (text, kind) => {
    expect(kindsIn(text)).toEqual([kind]);
  });

  test.each([
    "4111 1111 1111 1112",
    "2026-11-22 19:30",
    "1234567890",
    "+1.5",
    "+12 345",
    "체감 +3 하고 2026-11-22",
    "1+12345678901234567",
    "https://board.example/posts/20261122123456",
    "나는 오늘 학교에서 3시에 만나",
    "1,234,567원",
    "ver 10.12.345.6789",
  ])("%s is none", (text) => {
    expect(kindsIn(text)).toEqual([]);
  });
});

test("what is found is replaced by what it was, and the rest of the text stays", () => {
  const { text, found } = redact("나 010-1234-5678, 카드 4111 1111 1111 1111 이야");
  expect(text).toBe("나 [전화번호 가림], 카드 [카드번호 가림] 이야");
  expect(found).toHaveLength(2);
});

test("whatever surrounds a number, none of its digits is left, and nothing hangs", () => {
  const numbers = fc.constantFrom("010-1234-5678", residentNumber("900101123456"), "4111111111111111");
  const around = fc.stringMatching(/^[가-힣a-z ,.!?\n]{0,30}$/);
  fc.assert(
    fc.property(around, numbers, around, (before, number, after) => {
      const { text } = redact(`${before} ${number} ${after}`);
      expect(text).not.toContain(number.slice(-6));
      expect(redact(text).found).toEqual([]);
    }),
    { numRuns: FUZZ_RUNS, seed: 3 },
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      redact(text);
    }),
    { numRuns: FUZZ_RUNS, seed: 4 },
  );
  for (const hostile of [
    "1-".repeat(50_000),
    "가".repeat(100_000),
    "가구 ".repeat(30_000),
    "a.".repeat(50_000),
    "0".repeat(200_000),
  ])
    redact(hostile);
}, 20_000);
