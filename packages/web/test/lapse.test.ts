import { RECHECK_DAYS } from "@jikim/casework";
import { expect, test } from "vitest";
import type { desk } from "../../server/src/contract.ts";
import { firstLapse, lapsingGrounds } from "../src/desk/law/lapse.ts";

type Laws = desk.Laws;
type LawRow = Laws["tables"][number]["laws"][number];

const text = { ko: "가상법", en: "Invented Act" };
const GROUND: LawRow = {
  ...{ kind: "ground", id: "kr-invented", law: text, article: "1", what: text, reaches: "any", senders: text },
  ...{ notice: [], period: { kind: "none" }, onFailure: text, counterNotice: null, reading: null },
  ...{ inForce: { from: null, until: null }, source: { where: "law.invalid", asOf: "2026-06-08", mark: "read" } },
  ...{ assertable: true, assertableUntil: "2026-12-05" },
};
const lapsing = (row: Partial<LawRow>, day = "2026-11-23") => {
  const laws = [{ ...GROUND, ...row } as LawRow];
  const read: Laws = {
    day,
    home: "kr",
    recheckDays: RECHECK_DAYS,
    tables: [{ jurisdiction: "kr", laws, targets: [] }],
  };
  return lapsingGrounds(read);
};

test("a ground is said to need another look from thirty days before its end, and after it", () => {
  expect(lapsing({}, "2026-11-04")).toHaveLength(0);
  expect(lapsing({}, "2026-11-06")).toHaveLength(1);
  expect(firstLapse(lapsing({}))).toBe("2026-12-05");
  expect(lapsing({ assertable: false, assertableUntil: null }, "2027-01-01")).toHaveLength(1);
  expect(firstLapse(lapsing({ assertable: false, assertableUntil: null }))).toBeNull();
});

test("nobody is asked to look at what was never read, is not in force, has ended or was found to have changed", () => {
  const gone = { assertable: false, assertableUntil: null };
  expect(lapsing({ ...gone, source: { ...GROUND.source, mark: "secondary" } })).toHaveLength(0);
  expect(lapsing({ ...gone, inForce: { from: "2027-01-01", until: null } })).toHaveLength(0);
  expect(lapsing({ ...gone, inForce: { from: null, until: "2026-10-01" } })).toHaveLength(0);
  const reading = { day: "2026-11-20", stands: false, reference: "가상 자문", by: "상담 1" };
  expect(lapsing({ ...gone, reading })).toHaveLength(0);
});
