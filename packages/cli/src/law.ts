import { parseArgs } from "node:util";
import {
  type Ground,
  isInForce,
  JURISDICTIONS,
  LAWS,
  type Law,
  type LawTable,
  type LegalPeriod,
  mayAssert,
  NO_READINGS,
} from "@jikim/casework";
import { type Command, CommandRefusal, languageOf } from "./command.ts";

/** `jikim law kr`: the table of a jurisdiction with marks and sources. */
export const law: Command = {
  usage: `jikim law ${JURISDICTIONS.join("|")} [--on YYYY-MM-DD] [--language ko|en] [--json]   laws, with marks and sources`,
  async run(words) {
    const { values, positionals } = readWords(words);
    const [asked] = positionals;
    if (asked === undefined || positionals.length > 1) throw new CommandRefusal("BAD_ARGUMENTS", law.usage);
    const jurisdiction = JURISDICTIONS.find((each) => each === asked.toLowerCase());
    if (jurisdiction === undefined)
      throw new CommandRefusal("UNKNOWN_JURISDICTION", `There is no table for "${asked}". ${law.usage}`);
    const [day, language] = [readDay(values.on), languageOf(values.language)];
    const table = LAWS[jurisdiction];
    if (values.json) for (const line of asLines(table, day)) process.stdout.write(`${JSON.stringify(line)}\n`);
    else process.stdout.write(`${asText(table, language, day)}\n`);
    return 0;
  },
};

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { on: { type: "string" }, language: { type: "string" }, json: { type: "boolean" } },
    });
  } catch {
    throw new CommandRefusal("BAD_ARGUMENTS", law.usage);
  }
}

function readDay(text: string | undefined): Temporal.PlainDate {
  try {
    if (text !== undefined && !/^\d{4}-\d\d-\d\d$/.test(text)) throw new RangeError("not a day");
    return text === undefined ? Temporal.Now.plainDateISO() : Temporal.PlainDate.from(text);
  } catch {
    throw new CommandRefusal("BAD_DATE", "--on takes a day as YYYY-MM-DD");
  }
}

/** Laws, then what somebody set for themselves: `kind` tells them apart, and a policy has nothing that could be asserted. */
function asLines({ laws, targets }: LawTable, day: Temporal.PlainDate): readonly object[] {
  return [...laws.map((row) => ({ ...row, mayAssert: mayAssert(row, day, NO_READINGS) })), ...targets];
}

function asText(table: LawTable, language: "ko" | "en", day: Temporal.PlainDate): string {
  const rows = table.laws.map((row) => rowText(row, language, day));
  const targets = table.targets.map(
    ({ hours, whose, source }) =>
      `policy target, not law: ${hours} h · ${whose[language]}\n  ${source.mark}, ${source.asOf}: ${source.where}`,
  );
  return [...rows, ...targets].join("\n\n");
}

function rowText(row: Law, language: "ko" | "en", day: Temporal.PlainDate): string {
  const { from, until } = row.inForce;
  const force = `${isInForce(row.inForce, day) ? "in force" : "NOT in force"} (${from ?? "?"} – ${until ?? ""})`;
  const asserted = mayAssert(row, day, NO_READINGS) ? "may be asserted" : "may not be asserted";
  const head = `${row.law[language]} ${row.article}  [${row.id}]`;
  const what = row.kind === "offence" ? `${row.act[language]}: ${row.penalty[language]}` : groundText(row, language);
  return `${head}\n  ${what}\n  ${force} · ${asserted} · ${row.source.mark}, ${row.source.asOf}: ${row.source.where}`;
}

function groundText(ground: Ground, language: "ko" | "en"): string {
  const scope = ground.reaches === "public" ? "open to the public only" : "also closed rooms";
  const lines = [
    ground.what[language],
    `${scope} · ${periodText(ground.period, language)}`,
    ground.senders[language],
    `notice: ${ground.notice.join(", ")}`,
    `on failure: ${ground.onFailure[language]}`,
    `counter-notice: ${ground.counterNotice?.[language] ?? "none in the law"}`,
  ];
  return lines.join("\n  ");
}

function periodText(period: LegalPeriod, language: "ko" | "en"): string {
  if (period.kind === "none") return "no period";
  const length = period.length === "without-delay" ? "without delay" : `${period.count} ${period.length}`;
  return `${length}, ${period.from[language]}`;
}
