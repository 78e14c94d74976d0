import type { Bilingual, Source } from "../laws/law.ts";
import type { Calendar, Holiday } from "./holiday.ts";

const asOf = "2026-11-22";

/**
 * Fixed and lunar days and their substitutes by the Decree on Public Holidays (관공서의 공휴일에 관한 규정) arts 2 and 3, as applied in
 * published calendars; the lunar ones were computed (the 1st of the 1st month, the 8th of the 4th, the 15th of the 8th).
 */
const DECREE: Source = { where: "관공서의 공휴일에 관한 규정 제2조, 제3조", asOf, mark: "secondary" };
/** Constitution Day again from 2026: the Act on Public Holidays as promulgated on 10 February 2026. */
const CONSTITUTION: Source = {
  where: "공휴일에 관한 법률 (2026-02-10 공포, 2026-05-11 시행); 세계일보 2026-02-03",
  asOf,
  mark: "secondary",
};
/** Labour Day from 2026, substitutes included. */
const LABOUR: Source = {
  where: "관공서 공휴일로 지정 (2026); Nager.Date 972번 보고 2026-04-30",
  asOf,
  mark: "secondary",
};
const CABINET: Source = { where: "임시공휴일, 2025-01-14 국무회의", asOf, mark: "secondary" };
const ELECTION: Source = { where: "공직선거법 제34조, 제35조; 실시된 선거", asOf, mark: "secondary" };
/** Worked out from the end of the term: the first Wednesday from the 70th, 50th or 30th day before, a week later beside a holiday. */
const ELECTION_TO_COME: Source = { where: "공직선거법 제34조에 따라 셈", asOf, mark: "general" };

const NEW_YEAR = { ko: "1월 1일", en: "New Year's Day" };
const SEOLLAL = { ko: "설날 연휴", en: "Seollal" };
const MARCH_FIRST = { ko: "3·1절", en: "Independence Movement Day" };
const LABOUR_DAY = { ko: "노동절", en: "Labour Day" };
const CHILDREN = { ko: "어린이날", en: "Children's Day" };
const BUDDHA = { ko: "부처님오신날", en: "Buddha's Birthday" };
const MEMORIAL = { ko: "현충일", en: "Memorial Day" };
const CONSTITUTION_DAY = { ko: "제헌절", en: "Constitution Day" };
const LIBERATION = { ko: "광복절", en: "Liberation Day" };
const CHUSEOK = { ko: "추석 연휴", en: "Chuseok" };
const FOUNDATION = { ko: "개천절", en: "National Foundation Day" };
const HANGUL = { ko: "한글날", en: "Hangul Day" };
const CHRISTMAS = { ko: "기독탄신일", en: "Christmas Day" };
const VOTE = { ko: "선거일", en: "election day" };
const TEMPORARY = { ko: "임시공휴일", en: "temporary holiday" };
const instead = ({ ko, en }: Bilingual): Bilingual => ({ ko: `대체공휴일 (${ko})`, en: `substitute for ${en}` });

type Row = readonly [day: string, name: Bilingual, source?: Source];

const ROWS: readonly Row[] = [
  ["2025-01-01", NEW_YEAR],
  ["2025-01-27", TEMPORARY, CABINET],
  ["2025-01-28", SEOLLAL],
  ["2025-01-29", SEOLLAL],
  ["2025-01-30", SEOLLAL],
  ["2025-03-01", MARCH_FIRST],
  ["2025-03-03", instead(MARCH_FIRST)],
  ["2025-05-05", CHILDREN],
  ["2025-05-05", BUDDHA],
  ["2025-05-06", instead(CHILDREN)],
  ["2025-06-03", VOTE, ELECTION],
  ["2025-06-06", MEMORIAL],
  ["2025-08-15", LIBERATION],
  ["2025-10-03", FOUNDATION],
  ["2025-10-05", CHUSEOK],
  ["2025-10-06", CHUSEOK],
  ["2025-10-07", CHUSEOK],
  ["2025-10-08", instead(CHUSEOK)],
  ["2025-10-09", HANGUL],
  ["2025-12-25", CHRISTMAS],

  ["2026-01-01", NEW_YEAR],
  ["2026-02-16", SEOLLAL],
  ["2026-02-17", SEOLLAL],
  ["2026-02-18", SEOLLAL],
  ["2026-03-01", MARCH_FIRST],
  ["2026-03-02", instead(MARCH_FIRST)],
  ["2026-05-01", LABOUR_DAY, LABOUR],
  ["2026-05-05", CHILDREN],
  ["2026-05-24", BUDDHA],
  ["2026-05-25", instead(BUDDHA)],
  ["2026-06-03", VOTE, ELECTION],
  ["2026-06-06", MEMORIAL],
  ["2026-07-17", CONSTITUTION_DAY, CONSTITUTION],
  ["2026-08-15", LIBERATION],
  ["2026-08-17", instead(LIBERATION)],
  ["2026-09-24", CHUSEOK],
  ["2026-09-25", CHUSEOK],
  ["2026-09-26", CHUSEOK],
  ["2026-10-03", FOUNDATION],
  ["2026-10-05", instead(FOUNDATION)],
  ["2026-10-09", HANGUL],
  ["2026-12-25", CHRISTMAS],

  ["2027-01-01", NEW_YEAR],
  ["2027-02-06", SEOLLAL],
  ["2027-02-07", SEOLLAL],
  ["2027-02-08", SEOLLAL],
  ["2027-02-09", instead(SEOLLAL)],
  ["2027-03-01", MARCH_FIRST],
  ["2027-05-01", LABOUR_DAY, LABOUR],
  ["2027-05-03", instead(LABOUR_DAY), LABOUR],
  ["2027-05-05", CHILDREN],
  ["2027-05-13", BUDDHA],
  ["2027-06-06", MEMORIAL],
  ["2027-07-17", CONSTITUTION_DAY, CONSTITUTION],
  ["2027-07-19", instead(CONSTITUTION_DAY), CONSTITUTION],
  ["2027-08-15", LIBERATION],
  ["2027-08-16", instead(LIBERATION)],
  ["2027-09-14", CHUSEOK],
  ["2027-09-15", CHUSEOK],
  ["2027-09-16", CHUSEOK],
  ["2027-10-03", FOUNDATION],
  ["2027-10-04", instead(FOUNDATION)],
  ["2027-10-09", HANGUL],
  ["2027-10-11", instead(HANGUL)],
  ["2027-12-25", CHRISTMAS],
  ["2027-12-27", instead(CHRISTMAS)],

  ["2028-01-01", NEW_YEAR],
  ["2028-01-26", SEOLLAL],
  ["2028-01-27", SEOLLAL],
  ["2028-01-28", SEOLLAL],
  ["2028-03-01", MARCH_FIRST],
  ["2028-04-12", VOTE, ELECTION_TO_COME],
  ["2028-05-01", LABOUR_DAY, LABOUR],
  ["2028-05-02", BUDDHA],
  ["2028-05-05", CHILDREN],
  ["2028-06-06", MEMORIAL],
  ["2028-07-17", CONSTITUTION_DAY, CONSTITUTION],
  ["2028-08-15", LIBERATION],
  ["2028-10-02", CHUSEOK],
  ["2028-10-03", CHUSEOK],
  ["2028-10-03", FOUNDATION],
  ["2028-10-04", CHUSEOK],
  ["2028-10-05", instead(CHUSEOK)],
  ["2028-10-09", HANGUL],
  ["2028-12-25", CHRISTMAS],

  ["2029-01-01", NEW_YEAR],
  ["2029-02-12", SEOLLAL],
  ["2029-02-13", SEOLLAL],
  ["2029-02-14", SEOLLAL],
  ["2029-03-01", MARCH_FIRST],
  ["2029-05-01", LABOUR_DAY, LABOUR],
  ["2029-05-05", CHILDREN],
  ["2029-05-07", instead(CHILDREN)],
  ["2029-05-20", BUDDHA],
  ["2029-05-21", instead(BUDDHA)],
  ["2029-06-06", MEMORIAL],
  ["2029-07-17", CONSTITUTION_DAY, CONSTITUTION],
  ["2029-08-15", LIBERATION],
  ["2029-09-21", CHUSEOK],
  ["2029-09-22", CHUSEOK],
  ["2029-09-23", CHUSEOK],
  ["2029-09-24", instead(CHUSEOK)],
  ["2029-10-03", FOUNDATION],
  ["2029-10-09", HANGUL],
  ["2029-12-25", CHRISTMAS],

  ["2030-01-01", NEW_YEAR],
  ["2030-02-02", SEOLLAL],
  ["2030-02-03", SEOLLAL],
  ["2030-02-04", SEOLLAL],
  ["2030-02-05", instead(SEOLLAL)],
  ["2030-03-01", MARCH_FIRST],
  ["2030-03-27", VOTE, ELECTION_TO_COME],
  ["2030-05-01", LABOUR_DAY, LABOUR],
  ["2030-05-05", CHILDREN],
  ["2030-05-06", instead(CHILDREN)],
  ["2030-05-09", BUDDHA],
  ["2030-06-06", MEMORIAL],
  ["2030-06-12", VOTE, ELECTION_TO_COME],
  ["2030-07-17", CONSTITUTION_DAY, CONSTITUTION],
  ["2030-08-15", LIBERATION],
  ["2030-09-11", CHUSEOK],
  ["2030-09-12", CHUSEOK],
  ["2030-09-13", CHUSEOK],
  ["2030-10-03", FOUNDATION],
  ["2030-10-09", HANGUL],
  ["2030-12-25", CHRISTMAS],
];

/**
 * Korea. Holidays that the cabinet declares at short notice (임시공휴일) are missing until somebody adds them; the desk should say up
 * to when the days are known.
 */
export const KOREAN_CALENDAR: Calendar = {
  timeZone: "Asia/Seoul",
  holidays: ROWS.map(([day, name, source = DECREE]): Holiday => ({ day, name, source })),
  known: { from: "2025-01-01", until: "2030-12-31" },
  rolls: { where: "민법 제157조, 제159조, 제161조", asOf, mark: "general" },
};
