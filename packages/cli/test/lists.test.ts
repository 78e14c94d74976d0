import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "jikim-lists-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Run = { readonly status: number | null; readonly lines: Record<string, unknown>[]; readonly stderr: string };

function jikim(...words: string[]): Run {
  const main = join(import.meta.dirname, "../src/main.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { cwd: folder, encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return { status, lines: lines.map((line) => JSON.parse(line)), stderr };
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

/** Hashes that are the same in every run and far from each other. */
function hashOf(seed: number): string {
  let random = seed * 2654435761 + 1;
  let hex = "";
  while (hex.length < 64) {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    hex += (random & 255).toString(16).padStart(2, "0");
  }
  return hex;
}

function near(hex: string, bits: number): string {
  const bytes = Buffer.from(hex, "hex");
  for (let bit = 0; bit < bits; bit++) bytes[bit] = (bytes[bit] ?? 0) ^ 1;
  return bytes.toString("hex");
}

function listChange(number: number, change: object): string {
  const at = "2026-11-22T00:00:00Z";
  return JSON.stringify({ number, previous: "0".repeat(64), at, change });
}

function putOf(id: string, seeds: readonly number[]): object {
  const fingerprints = seeds.map((seed) => ({ kind: "pdq", value: hashOf(seed), quality: seed === 99 ? 10 : 100 }));
  return { kind: "put", entry: { id, basis: "police", disputed: false, effect: "block", fingerprints } };
}

const FIRST = "11111111-1111-4111-8111-111111111111";
const SECOND = "22222222-2222-4222-8222-222222222222";

describe("a list is read", () => {
  test("as hex lines, with ids or by line number; what is no fingerprint or blank is counted and left out", () => {
    write("list.hex", `# a list\n${hashOf(1)}\n${hashOf(2)} second\nnonsense\n${"0".repeat(64)}\n`);
    expect(jikim("index", "query", "list.hex", near(hashOf(1), 31), near(hashOf(2), 3), hashOf(7)).lines).toEqual([
      { matches: [{ id: 2, bitsApart: 31 }] },
      { matches: [{ id: "second", bitsApart: 3 }] },
      { matches: [] },
    ]);
    expect(jikim("index", "stats", "list.hex").lines).toMatchObject([{ fingerprints: 2, setAside: 2 }]);
  });

  test("as CSV by the names of its columns; rows of low quality are left out", () => {
    write("list.csv", `quality,id,pdq\r\n90,"a, ""quoted"" id",${hashOf(3)}\r\n49,low,${hashOf(4)}\r\n`);
    const { status, lines } = jikim("index", "query", "list.csv", hashOf(3), hashOf(4));
    expect(status).toBe(0);
    expect(lines).toEqual([{ matches: [{ id: 'a, "quoted" id', bitsApart: 0 }] }, { matches: [] }]);
  });

  test("as the sdk stores it: puts, then changes, withdrawals among them", () => {
    const puts = [listChange(1, putOf(FIRST, [5, 99])), listChange(2, putOf(SECOND, [6]))];
    const proof = { certificate: {}, head: {} };
    const step = { proof, changes: [listChange(3, { kind: "withdraw", entryId: SECOND })] };
    const rows = [{ version: 1, proof, puts: 2 }, ...puts, step];
    write("list.jsonl", `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
    const { lines } = jikim("index", "query", "list.jsonl", hashOf(5), hashOf(6), hashOf(99));
    expect(lines).toEqual([{ matches: [{ id: FIRST, bitsApart: 0 }] }, { matches: [] }, { matches: [] }]);
  });

  test("as an index built before, also from several lists; not found is exit 1, a damaged index is refused", () => {
    const built = jikim("index", "build", "--out", "both.index", "list.hex", "list.csv");
    expect(built.lines).toMatchObject([{ fingerprints: 3, setAside: 3 }]);
    expect(jikim("index", "query", "both.index", near(hashOf(3), 5)).status).toBe(0);
    expect(jikim("index", "query", "both.index", near(hashOf(3), 5), "--bits", "4").status).toBe(1);
    const bytes = readFileSync(join(folder, "both.index"));
    bytes[30] = 77;
    write("damaged.index", bytes);
    const refused = jikim("index", "query", "damaged.index", hashOf(3));
    expect(refused).toMatchObject({ status: 2, lines: [{ error: { code: "SNAPSHOT_DAMAGED" } }] });
  });
});

test("wrong words, a missing or an empty list are errors that say what to do", () => {
  write("empty.hex", "# nothing\n");
  const wrong = [
    ["index"],
    ["index", "query", "list.hex", "abc"],
    ["index", "query", "list.hex", hashOf(1), "--bits", "40"],
    ["index", "stats", "absent.hex"],
    ["match", "--list", "empty.hex", "."],
    ["match", "--list", "list.hex"],
    ["scan", "--list", "list.hex", "--parquet", "absent-*.parquet"],
  ];
  for (const words of wrong) {
    const { status, lines } = jikim(...words);
    expect(status, words.join(" ")).toBe(2);
    expect(lines[0], words.join(" ")).toHaveProperty("error.code");
  }
});

async function picture(name: string, seed: number): Promise<void> {
  const colour = (n: number): string => `hsl(${(seed * 97 + n * 53) % 360} 60% ${20 + ((seed + n * 37) % 60)}%)`;
  const shapes = Array.from({ length: 14 }, (_, n) => {
    const [x, y] = [(seed * 131 + n * 173) % 400, (seed * 71 + n * 229) % 300];
    return `<circle cx="${x}" cy="${y}" r="${20 + ((seed + n * 31) % 70)}" fill="${colour(n)}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">${shapes.join("")}</svg>`;
  write(name, await sharp(Buffer.from(svg)).flatten({ background: "#888" }).jpeg().toBuffer());
}

test("jikim match tells which files of a folder show what is on the list: exit 0 found, 1 not found", async () => {
  const { fingerprint } = await import("@jikim/fingerprint");
  const { decodePictures } = await import("@jikim/fingerprint/decode");
  await picture("one.jpg", 1);
  await picture("two.jpg", 2);
  write("notes.txt", "not a picture");
  let listed = "";
  for await (const pixels of decodePictures(readFileSync(join(folder, "one.jpg")))) listed = fingerprint(pixels).pdq;
  write("pictures.hex", `${listed} first-picture\n`);
  const found = jikim("match", "--json", "--list", "pictures.hex", "one.jpg", "two.jpg", "notes.txt");
  expect(found.status).toBe(0);
  expect(found.lines).toMatchObject([
    { file: "notes.txt", error: { code: "NOT_A_PICTURE" } },
    { file: "one.jpg", matches: [{ id: "first-picture", bitsApart: 0 }], tooPlain: false },
    { file: "two.jpg", matches: [] },
  ]);
  expect(found.stderr).toContain("1 of 3 files found, 1 not readable");
  expect(jikim("match", "--json", "--list", "pictures.hex", "two.jpg").status).toBe(1);
  expect(jikim("match", "--json", "--list", "pictures.hex", "notes.txt").status).toBe(2);
});

describe("jikim scan over Parquet", () => {
  const stored = Array.from({ length: 3000 }, (_, row) => hashOf(1000 + row));
  [0, 999, 1000, 2999].forEach((row, at) => {
    stored[row] = near(hashOf(2), at * 10);
  });
  const write2 = (name: string, binary: boolean): void => {
    const pdq = stored.map((hex) => (binary ? new Uint8Array(Buffer.from(hex, "hex")) : hex));
    const columnData = [
      { name: "id", data: stored.map((_, row) => `upload-${row}`), type: "STRING" as const },
      { name: "pdq", data: pdq, type: binary ? ("BYTE_ARRAY" as const) : ("STRING" as const) },
    ];
    write(name, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 1000 })));
  };
  write2("part-0.parquet", false);
  write2("part-1.parquet", true);
  write("wanted.hex", `${hashOf(2)} wanted\n`);
  const scan = ["scan", "--list", "wanted.hex", "--id", "id", "--parquet", "part-*.parquet"];

  test("finds every stored fingerprint near the list, in hex or binary, with its row and name", () => {
    const { status, lines } = jikim(...scan);
    expect(status).toBe(0);
    expect(lines.map(({ file, row, bitsApart }) => [file, row, bitsApart])).toEqual(
      ["part-0.parquet", "part-1.parquet"].flatMap((file) => [
        [file, 0, 0],
        [file, 999, 10],
        [file, 1000, 20],
        [file, 2999, 30],
      ]),
    );
    expect(lines[1]).toMatchObject({ id: "upload-999", entry: "wanted" });
  });

  test("goes on after the row groups that were done, and begins anew for another list", () => {
    expect(jikim(...scan, "--state", "scan.state").lines).toHaveLength(8);
    const notes = readFileSync(join(folder, "scan.state"), "utf8").split("\n");
    write("scan.state", `${notes.slice(0, 2).join("\n")}\n${notes[2]?.slice(0, 9)}`);
    const resumed = jikim(...scan, "--state", "scan.state").lines;
    expect(resumed.map(({ file, row }) => [file, row]).slice(0, 2)).toEqual([
      ["part-0.parquet", 2999],
      ["part-1.parquet", 0],
    ]);
    expect(jikim(...scan, "--state", "scan.state")).toMatchObject({ status: 1, lines: [] });
    write("wanted-2.hex", `${hashOf(2)} wanted\n${hashOf(8)}\n`);
    expect(jikim(...scan, "--list", "wanted-2.hex", "--state", "scan.state").lines).toHaveLength(8);
  });

  test("can be shared: the parts together find what one scan finds", () => {
    const files = [1, 2].map((part) => jikim(...scan, "--part", `${part}/2`).lines.map(({ file }) => file));
    expect(files.map((some) => new Set(some))).toEqual([new Set(["part-0.parquet"]), new Set(["part-1.parquet"])]);
    expect(jikim(...scan, "--part", "3/2").status).toBe(2);
  });

  test("refuses what is no Parquet and a column that is not there", () => {
    write("other.parquet", "not parquet at all");
    const broken = jikim("scan", "--list", "wanted.hex", "--parquet", "other.parquet");
    expect(broken.lines).toMatchObject([{ error: { code: "NOT_PARQUET" } }]);
    expect(jikim(...scan, "--column", "absent").lines).toMatchObject([{ error: { code: "NO_COLUMN" } }]);
  });
});
