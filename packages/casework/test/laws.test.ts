import { describe, expect, test } from "vitest";
import { LAWS, type Law, mayAssert, NO_READINGS, offencesOn, RECHECK_DAYS } from "../src/index.ts";

const day = (text: string) => Temporal.PlainDate.from(text);
const tables = Object.values(LAWS);
const all = tables.flatMap((table) => table.laws);
const find = (id: string): Law => {
  const law = all.find((each) => each.id === id);
  if (law === undefined) throw new Error(`no row ${id}`);
  return law;
};

test("every row has its own id, law, article, source, the day it was looked at and a mark", () => {
  expect(new Set(all.map((law) => law.id)).size).toBe(all.length);
  for (const [jurisdiction, table] of Object.entries(LAWS)) {
    expect(table.jurisdiction).toBe(jurisdiction);
    for (const { law, article, source, id } of table.laws) {
      expect(
        [law.ko, law.en, article, source.where].every((text) => text !== ""),
        id,
      ).toBe(true);
      expect(day(source.asOf).toString()).toBe(source.asOf);
    }
  }
});

describe("the day of the act picks the text", () => {
  const on = (text: string) => offencesOn(LAWS.kr, day(text)).map((offence) => offence.id);

  test("before 25 June 2020 making a fake was no crime of its own; until 16 October 2024 only with the purpose of distribution", () => {
    expect(on("2020-06-24").filter((id) => id.startsWith("kr-spc-14-2-"))).toEqual(["kr-spc-14-2-2020"]);
    expect(on("2024-10-15")).toContain("kr-spc-14-2-1-2020");
    expect(on("2024-10-15")).not.toContain("kr-spc-14-2-4");
    expect(on("2024-10-16")).toContain("kr-spc-14-2-1-2024");
    expect(on("2024-10-16")).toContain("kr-spc-14-2-4");
    expect(on("2024-10-16")).not.toContain("kr-spc-14-2-1-2020");
  });

  test("no two texts of one paragraph hold on the same day", () => {
    for (const table of tables) {
      for (const text of ["2020-05-18", "2020-05-19", "2020-06-25", "2024-10-15", "2024-10-16", "2026-11-22"]) {
        const articles = offencesOn(table, day(text)).map(({ law, article, act }) => `${law.en} ${article} ${act.en}`);
        expect(new Set(articles).size, text).toBe(articles.length);
      }
    }
  });
});

describe("what a notice may assert", () => {
  const today = day("2026-11-22");

  test("is what was read, is in force, and was looked at lately", () => {
    expect(mayAssert(find("us-tida-223a"), today, NO_READINGS)).toBe(true);
    expect(mayAssert(find("kr-tba-22-5"), today, NO_READINGS)).toBe(true);
  });

  test("is nothing that was not read, not yet in force, no longer in force, or looked at too long ago", () => {
    expect(mayAssert(find("gb-intimate-image-report"), today, NO_READINGS)).toBe(false);
    expect(mayAssert(find("eu-dsa-16"), today, NO_READINGS)).toBe(false);
    expect(mayAssert(find("us-tida-223a"), day("2026-05-18"), NO_READINGS)).toBe(false);
    expect(mayAssert(find("kr-spc-14-2-1-2020"), today, NO_READINGS)).toBe(false);
    const tida = find("us-tida-223a");
    const last = day(tida.source.asOf).add({ days: RECHECK_DAYS });
    expect(mayAssert(tida, last, NO_READINGS)).toBe(true);
    expect(mayAssert(tida, last.add({ days: 1 }), NO_READINGS)).toBe(false);
  });
});

test("Korea's 24 hours is a target and stands in no legal period", () => {
  const periods = LAWS.kr.laws.flatMap((law) => (law.kind === "ground" ? [law.period] : []));
  expect(periods.some((period) => period.kind === "legal" && period.length === "hours")).toBe(false);
  expect(LAWS.kr.targets.map((target) => target.hours)).toEqual([24]);
});
