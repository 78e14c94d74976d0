import type { desk } from "../src/contract.ts";
import { call } from "../src/demo/call.ts";

/** Every case that is not closed, page after page. */
export async function queueRows(origin: string, cookie: string): Promise<desk.QueueRow[]> {
  const rows: desk.QueueRow[] = [];
  for (const lane of ["queue", "set-aside"]) {
    for (let cursor: string | null = ""; cursor !== null; ) {
      const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/api/desk/cases?lane=${lane}&limit=200${more}`;
      const { json } = await call<{ rows: desk.QueueRow[]; next: string | null }>(origin, { path, cookie });
      rows.push(...json.rows);
      cursor = json.next;
    }
  }
  return rows;
}
