import { CALENDARS, clocksOf, JURISDICTIONS, KOREA_TARGET, LAWS, NO_READINGS, PROMISES } from "@jikim/casework";
import { expect, test } from "vitest";
import { clockSchema } from "../src/contract/common.ts";

const today = { day: Temporal.PlainDate.from("2026-11-22"), readings: NO_READINGS };

test("every clock of every law passes the wire unchanged, and one without hours gets none on the way", () => {
  for (const jurisdiction of JURISDICTIONS)
    for (const law of LAWS[jurisdiction].laws)
      if (law.kind === "ground")
        for (const clock of clocksOf(law, jurisdiction, today))
          expect(clockSchema.parse(JSON.parse(JSON.stringify(clock)))).toEqual(clock);
  const [legal] = clocksOf(LAWS.kr.laws.find((law) => law.kind === "ground") ?? null, "kr", today);
  expect(clockSchema.safeParse({ ...legal, hours: 24 }).success).toBe(false);
  expect(clockSchema.safeParse({ ...legal, count: 24 }).success).toBe(false);
});

test("what was stored before legal periods had a measure is read as it was: targets and promises", () => {
  const stored = [
    { kind: "policy", hours: 24, source: "방송통신심의위원회 자체 목표", asOf: "2026-06-08" },
    { kind: "promise", hours: 48 },
  ];
  for (const clock of [...stored, KOREA_TARGET, ...Object.values(PROMISES)])
    expect(clockSchema.parse(clock)).toEqual(clock);
});

test("a target is never taken for law, nor law for a target", () => {
  expect(clockSchema.safeParse({ ...KOREA_TARGET, kind: "legal" }).success).toBe(false);
  expect(Object.keys(CALENDARS).toSorted()).toEqual([...JURISDICTIONS].toSorted());
});
