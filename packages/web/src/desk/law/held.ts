import type { desk } from "@jikim/server/contract";

type LawRow = desk.Laws["tables"][number]["laws"][number];

/** Whether the text of a row held on the day of the act, which decides what law it was done under. @param day  ISO; empty: not asked. */
export function heldOn({ inForce: { from, until } }: Pick<LawRow, "inForce">, day: string): boolean {
  return day === "" || ((from === null || from <= day) && (until === null || day < until));
}
