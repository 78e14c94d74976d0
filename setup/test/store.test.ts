import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** How a query begins, in Kysely's words, in its `sql` template, or on a `pg` client. */
const query = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(|\bsql`|\bsql<[^>]*>`|\.query\(\s*[`"']/;

/** Whether the text holds a query. */
function holdsQuery(text: string): boolean {
  return query.test(text);
}

test("queries stand only in the store; the embedded database's own set-up aside", () => {
  const sources = globSync("packages/*/src/**/*.{ts,svelte}", { cwd: root });
  const places = sources.filter((file) => !/^packages\/server\/src\/(store|postgres)\//.test(file));
  expect(places.length).toBeGreaterThan(0);
  expect(places.filter((file) => holdsQuery(readFileSync(join(root, file), "utf8")))).toEqual([]);
});

test.each([
  "db.selectFrom('a')",
  "trx.insertInto(table)",
  "sql`select 1`",
  "sql<number>`select 1`",
  "client.query('select')",
])("%s is seen as a query", (text) => {
  expect(holdsQuery(text)).toBe(true);
});
