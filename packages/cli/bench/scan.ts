import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parquetWriteBuffer } from "hyparquet-writer";

// Throughput of the two ways to search stored fingerprints, and a check that both find the same: every one planted.
// The embedded ClickHouse must have been set up: npm run scan:setup -w packages/cli.

const FILES = 2;
const ROWS = 1_000_000;
const PLANTED = 50;
const LISTS = [1, 100, 10_000];
/** Beyond this SQL compares for hours what Parquet does in seconds. */
const MOST_BY_SQL = 100;

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

function randomHash(): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32)));
}

function near(hash: Buffer, bits: number): Buffer {
  const copy = Buffer.from(hash);
  for (let bit = 0; bit < bits; bit++) copy[bit] = (copy[bit] ?? 0) ^ 4;
  return copy;
}

async function writeStored(folder: string, wanted: Buffer): Promise<void> {
  for (let file = 0; file < FILES; file++) {
    const hashes = Array.from({ length: ROWS }, randomHash);
    for (let row = 0; row < PLANTED; row++) hashes[row * 1000] = near(wanted, row % 32);
    const ids = hashes.map((_, row) => `upload-${file}-${row}`);
    const columns = [
      { name: "id", data: ids, type: "STRING" as const },
      { name: "pdq", data: hashes.map((hash) => hash.toString("hex")), type: "STRING" as const },
    ];
    const bytes = parquetWriteBuffer({ columnData: columns, rowGroupSize: 100_000 });
    await writeFile(join(folder, `part-${file}.parquet`), new Uint8Array(bytes));
  }
}

function timed(words: readonly string[], folder: string): { seconds: number; found: number } {
  const began = performance.now();
  const { stdout, stderr } = spawnSync(process.execPath, [main, "scan", ...words], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - began) / 1000;
  const lines = stdout.split("\n").filter((line) => line.includes('"bitsApart"'));
  if (lines.length === 0) process.stderr.write(`${stdout.slice(0, 500)}${stderr.slice(0, 500)}\n`);
  return { seconds, found: lines.length };
}

function print(name: string, size: number, { seconds, found }: { seconds: number; found: number }): void {
  const value = (FILES * ROWS) / seconds;
  const row = { name: `scan-${name}-list-${size}`, value, unit: "stored/s", found, planted: FILES * PLANTED };
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

const folder = await mkdtemp(join(tmpdir(), "jikim-scan-"));
try {
  const wanted = randomHash();
  await writeStored(folder, wanted);
  for (const size of LISTS) {
    const list = [wanted, ...Array.from({ length: size - 1 }, randomHash)].map((hash) => hash.toString("hex"));
    await writeFile(join(folder, "list.txt"), `${list.join("\n")}\n`);
    const common = ["--list", "list.txt", "--id", "id"];
    const byFile = timed([...common, "--parquet", "part-*.parquet"], folder);
    print("parquet", size, byFile);
    if (size > MOST_BY_SQL) continue;
    const sql = ["--clickhouse", "embedded", "--table", "file('part-*.parquet')"];
    print("clickhouse", size, timed([...common, ...sql], folder));
  }
} finally {
  await rm(folder, { recursive: true });
}
