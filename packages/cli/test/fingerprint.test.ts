import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const vectors = join(import.meta.dirname, "../../../vectors/pdq");
const folder = mkdtempSync(join(tmpdir(), "jikim-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function jikim(...words: string[]) {
  const main = join(import.meta.dirname, "../src/main.ts");
  const { status, stdout } = spawnSync(process.execPath, [main, "fingerprint", ...words], { encoding: "utf8" });
  return {
    status,
    stdout,
    lines: () =>
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
  };
}

type Vector = { file: string; pdq: string; quality: number; dihedral: object; degenerate: boolean };
const expected = (JSON.parse(readFileSync(join(vectors, "vectors.json"), "utf8")) as { vectors: Vector[] }).vectors;

test("every vector comes out as one JSON line with its eight hashes", () => {
  const files = expected.map(({ file }) => join(vectors, file));
  const { status, lines } = jikim("--json", ...files);
  expect(status).toBe(0);
  for (const [at, line] of lines().entries()) {
    const { quality, pdq, dihedral, degenerate } = expected[at] as Vector;
    expect(line).toMatchObject(degenerate ? { file: files[at], quality } : { file: files[at], quality, pdq, dihedral });
  }
});

test("a flat picture says that it is too plain to recognise", () => {
  const [line] = jikim("--json", join(vectors, "flat-grey-300x300.png")).lines();
  expect(line).toMatchObject({ quality: 0, note: "too plain to recognise" });
});

test("a film comes out as frames with their times", () => {
  const file = join(folder, "film.mp4");
  spawnSync("ffmpeg", [
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    "mandelbrot=s=320x180:rate=5",
    "-t",
    "2",
    "-pix_fmt",
    "yuv420p",
    file,
  ]);
  const [line] = jikim("--json", file).lines();
  expect(line.frames.map(({ at }: { at: number }) => at)).toEqual([0, 1]);
});

test("files that cannot be read are named with a code, the others still come, and the exit code is 2", () => {
  const broken = join(folder, "broken.png");
  const text = join(folder, "text.jpg");
  writeFileSync(broken, readFileSync(join(vectors, "text-400x400.png")).subarray(0, 300));
  writeFileSync(text, "no picture at all, but some text");
  const { status, lines } = jikim("--json", broken, text, join(folder, "none.png"), join(vectors, "smooth-64x64.png"));
  expect(status).toBe(2);
  const codes = lines().map((line) => line.error?.code ?? line.quality);
  expect(codes).toEqual(["DAMAGED", "NOT_A_PICTURE", "NOT_FOUND", 81]);
});

test("without --json it prints one plain line a picture", () => {
  const { stdout } = jikim(join(vectors, "smooth-64x64.png"));
  expect(stdout).toMatch(/^[0-9a-f]{64} {3}81 {2}.*smooth-64x64\.png\n$/);
});

test("without files it says how to be used", () => {
  const { status, lines } = jikim();
  expect(status).toBe(2);
  expect(lines()[0].error.message).toContain("jikim fingerprint");
});
