import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, expect, test } from "vitest";

// The statements run on a real ClickHouse engine: embedded, and behind an HTTP border that wants user and password.

const cli = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "jikim-scan-sql-"));
const PASSWORD = "p@ss word";
let server: ChildProcess | null = null;
let port = 0;

type Run = { readonly status: number | null; readonly lines: Record<string, unknown>[] };

function scan(...words: string[]): Run {
  const main = join(cli, "src/main.ts");
  const { status, stdout } = spawnSync(process.execPath, [main, "scan", ...words], { cwd: folder, encoding: "utf8" });
  return { status, lines: stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)])) };
}

/** 64 hex digits that differ from the seed's own in the given number of bits. */
function hashOf(seed: number, bitsApart = 0): string {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, at) => (seed * 89 + at * 151 + seed * at * 7) & 255));
  for (let bit = 0; bit < bitsApart; bit++) bytes[bit % 32] = (bytes[bit % 32] ?? 0) ^ (1 << (bit >> 5));
  return bytes.toString("hex");
}

const STORED = [
  { id: "same", hash: hashOf(1) },
  { id: "near", hash: hashOf(1, 31) },
  { id: "too far", hash: hashOf(1, 32) },
  { id: "another", hash: hashOf(9) },
];

beforeAll(async () => {
  if (!existsSync(join(cli, "scan-engine/node_modules/chdb")))
    expect(spawnSync(process.execPath, [join(cli, "scan-setup.mjs")], { stdio: "ignore" }).status).toBe(0);
  writeFileSync(join(folder, "wanted.hex"), `${hashOf(5)} other\n${hashOf(1)} wanted\n`);
  const columnData = [
    { name: "id", data: STORED.map(({ id }) => id), type: "STRING" as const },
    { name: "pdq", data: STORED.map(({ hash }) => hash), type: "STRING" as const },
  ];
  writeFileSync(join(folder, "part-0.parquet"), new Uint8Array(parquetWriteBuffer({ columnData })));
  const env = { ...process.env, JIKIM_TEST_PASSWORD: PASSWORD };
  const args = [join(import.meta.dirname, "clickhouse-border.mjs")];
  server = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await once(server.stdout ?? server, "data");
  port = Number(String(said).trim());
}, 300_000);

afterAll(() => {
  server?.kill();
  rmSync(folder, { recursive: true });
});

const FOUND = [
  { id: "near", entry: "wanted", bitsApart: 31 },
  { id: "same", entry: "wanted", bitsApart: 0 },
];
const inOrder = (lines: Record<string, unknown>[]) => lines.sort((a, b) => String(a.id).localeCompare(String(b.id)));
const stored = ["--list", "wanted.hex", "--id", "id", "--table", "file('part-*.parquet')"];

test("the embedded engine finds what lies within 31 bits, and says which entry it is", () => {
  const { status, lines } = scan(...stored, "--clickhouse", "embedded");
  expect(status).toBe(0);
  expect(inOrder(lines)).toEqual(FOUND);
});

test("a server finds the same over HTTP, with user and password from the URL", () => {
  const url = `http://scanner:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/`;
  const { status, lines } = scan(...stored, "--clickhouse", url);
  expect(status).toBe(0);
  expect(inOrder(lines)).toEqual(FOUND);
});

test("stored fingerprints may be 32 raw bytes, and a row of another length is passed over", () => {
  const rows = [`unhex('${hashOf(1, 3)}')`, "'short'"].map((hash, at) => `SELECT '${at}' AS id, ${hash} AS pdq`);
  const table = `(${rows.join(" UNION ALL ")})`;
  const { lines } = scan("--list", "wanted.hex", "--id", "id", "--clickhouse", "embedded", "--table", table);
  expect(lines).toEqual([{ id: "0", entry: "wanted", bitsApart: 3 }]);
});

test("nothing found ends with 1; a wrong password, an unknown table and no server at all end with 2 and a reason", () => {
  writeFileSync(join(folder, "nothing.hex"), `${hashOf(200)}\n`);
  const nothing = ["--list", "nothing.hex", "--clickhouse", "embedded", "--table", "file('part-*.parquet')"];
  expect(scan(...nothing)).toEqual({ status: 1, lines: [] });
  const refusals = [
    ["--clickhouse", `http://scanner:wrong@127.0.0.1:${port}/`, "--table", "uploads"],
    ["--clickhouse", `http://scanner:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/`, "--table", "absent"],
    ["--clickhouse", "embedded", "--table", "absent"],
    ["--clickhouse", "http://127.0.0.1:1/", "--table", "uploads"],
  ].map((words) => scan("--list", "wanted.hex", ...words));
  expect(refusals.map(({ status }) => status)).toEqual([2, 2, 2, 2]);
  const codes = refusals.map(({ lines }) => (lines[0]?.error as { code: string } | undefined)?.code);
  expect(codes).toEqual(["CLICKHOUSE_REFUSED", "CLICKHOUSE_REFUSED", "CLICKHOUSE_REFUSED", "NO_CLICKHOUSE"]);
});
