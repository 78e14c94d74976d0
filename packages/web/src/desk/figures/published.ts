import { RECIPIENT_KINDS, TOTAL } from "@jikim/casework";
import { m } from "../../paraglide/messages.js";
import type { PublishedFigures } from "../engine.ts";
import { sayKind } from "../words-engine.ts";

export type ShownTable = {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
};

const BECAME = ["removed", "not-removed", TOTAL] as const;

/** A table that went out, with words in place of codes. */
export function tableOf({ cells }: PublishedFigures[number]): ShownTable {
  const values = new Map(cells.map(({ at, value }) => [at.join(" "), value]));
  const columns = [m.desk_published_removed(), m.desk_published_not_removed(), m.desk_published_total()];
  const rows = [...RECIPIENT_KINDS, TOTAL].map((kind) => ({
    name: kind === TOTAL ? m.desk_published_total() : sayKind(kind as (typeof RECIPIENT_KINDS)[number]),
    values: BECAME.map((became) => values.get(`${kind} ${became}`) ?? null),
  }));
  return { columns, rows };
}

/** Comma-separated, with a byte order mark, as spreadsheets open Korean text right. What was left out is an x. */
export function toCsv({ columns, rows }: ShownTable): string {
  const line = (cells: readonly (string | number)[]) =>
    `${cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(",")}\r\n`;
  const body = rows.map(({ name, values }) => line([name, ...values.map((value) => value ?? "x")]));
  return `\ufeff${line(["", ...columns])}${body.join("")}`;
}
