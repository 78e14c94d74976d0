import { createRequire } from "node:module";
import { MATCH_BITS } from "@jikim/fingerprint";
import { CommandRefusal } from "./command.ts";
import { readHexes } from "./list-file.ts";
import type { ScanColumns } from "./scan-parquet.ts";

export type ClickHouseScan = {
  /** Where ClickHouse answers HTTP, with user and password if need be; or `embedded`. */
  readonly url: string;
  /** A table's name, or for the embedded one also a table function such as `file('part-*.parquet')`. */
  readonly table: string;
  readonly columns: ScanColumns;
  readonly lists: readonly string[];
};

/** Fingerprints asked for in one statement: each stored one is compared with all of them while it is in the cache. */
const AT_ONCE = 256;

type Wanted = { readonly id: string; readonly hex: string };
type RunSql = (sql: string) => Promise<string>;

function quoted(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}

/**
 * One statement for some fingerprints. Stored ones may be hex or 32 bytes. They are compared as four 64-bit numbers and
 * only where the first two are near enough in all: that is several times faster than comparing strings.
 */
function statementOf({ table, columns }: ClickHouseScan, wanted: readonly Wanted[]): string {
  const bytes = `if(length(${quoted(columns.hash)}) = 64, unhex(${quoted(columns.hash)}), toString(${quoted(columns.hash)}))`;
  const list = wanted.map(({ hex }) => `unhex('${hex}')`).join(", ");
  const id = columns.id === null ? "NULL" : `toString(${quoted(columns.id)})`;
  return `WITH toFixedString(${bytes}, 32) AS stored, [${list}]::Array(FixedString(32)) AS wanted,
  arrayMap(w -> bitHammingDistance(stored, w), wanted) AS distances
SELECT ${id} AS id, at, distances[at] AS bitsApart FROM ${table}
ARRAY JOIN arrayFilter((at, apart) -> apart <= ${MATCH_BITS}, arrayEnumerate(distances), distances) AS at
WHERE length(${quoted(columns.hash)}) IN (32, 64) FORMAT JSONEachRow`;
}

function overHttp(url: string): RunSql {
  return async (sql) => {
    const at = new URL(url);
    const headers = { "X-ClickHouse-User": decodeURIComponent(at.username || "default") };
    const key = at.password === "" ? {} : { "X-ClickHouse-Key": decodeURIComponent(at.password) };
    at.username = "";
    at.password = "";
    const response = await fetch(at, { method: "POST", body: sql, headers: { ...headers, ...key } }).catch(() => null);
    if (response === null) throw new CommandRefusal("NO_CLICKHOUSE", "ClickHouse does not answer at that URL.");
    const text = await response.text();
    if (!response.ok) throw new CommandRefusal("CLICKHOUSE_REFUSED", text.slice(0, 300));
    return text;
  };
}

type Chdb = { query(sql: string, format: string): string };

function embedded(): RunSql {
  let chdb: Chdb;
  try {
    chdb = createRequire(new URL("../scan-engine/package.json", import.meta.url))("chdb") as Chdb;
  } catch {
    throw new CommandRefusal("NO_ENGINE", "Set the embedded ClickHouse up first: npm run scan:setup -w packages/cli");
  }
  return async (sql) => {
    try {
      return chdb.query(sql, "JSONEachRow");
    } catch (error) {
      throw new CommandRefusal("CLICKHOUSE_REFUSED", error instanceof Error ? error.message.slice(0, 300) : "");
    }
  };
}

/**
 * Lets ClickHouse compare every stored fingerprint with every one of the list. Its time grows with both: right for a few
 * hundred new entries over a table it holds already.
 *
 * @throws {CommandRefusal} `NO_CLICKHOUSE`, `CLICKHOUSE_REFUSED`, `NO_ENGINE`.
 */
export async function scanClickHouse(scan: ClickHouseScan, print: (match: object) => void): Promise<void> {
  const run = scan.url === "embedded" ? embedded() : overHttp(scan.url);
  const wanted = await readHexes(scan.lists);
  const began = performance.now();
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = wanted.slice(from, from + AT_ONCE);
    for (const line of (await run(statementOf(scan, some))).split("\n")) {
      if (line === "") continue;
      const { id, at, bitsApart } = JSON.parse(line) as {
        id: string | null;
        at: number | string;
        bitsApart: number | string;
      };
      print({ id, entry: some[Number(at) - 1]?.id ?? null, bitsApart: Number(bitsApart) });
    }
  }
  const seconds = Math.round(performance.now() - began) / 1000;
  process.stderr.write(`${wanted.length} fingerprints asked for in ${seconds} s\n`);
}
