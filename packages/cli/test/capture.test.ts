import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { openPack, verifyPack, wholeOf } from "@jikim/evidence/pack";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "jikim-cli-capture-"));
let recipient: string;
let url: string;

let waiting: (path: string) => void = () => undefined;
const site = createServer(async (request, response) => {
  if (request.url?.startsWith("/never")) return void waiting(request.url);
  if (request.url === "/gone.png") return void response.writeHead(404).end();
  if (request.url === "/green.png") {
    const create = { width: 60, height: 40, channels: 3, background: "#0a0" } as const;
    response.writeHead(200, { "content-type": "image/png" }).end(await sharp({ create }).png().toBuffer());
  } else
    response
      .writeHead(200, { "content-type": "text/html" })
      .end("<p>words</p><img src=/green.png><img src=/gone.png><img src=http://127.0.0.1:4/none>");
});

beforeAll(async () => {
  const identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  writeFileSync(join(folder, "key.txt"), `${identity}\n`);
  writeFileSync(join(folder, "to.txt"), `# the investigator\n${recipient}\n`);
  await new Promise<void>((ready) => site.listen(0, "127.0.0.1", ready));
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
});
afterAll(() => {
  site.close();
  rmSync(folder, { recursive: true });
});

async function filesIn(pack: string, wanted: (path: string) => boolean): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const identity = readFileSync(join(folder, "key.txt"), "utf8").trim();
  await openPack(new Blob([readFileSync(join(folder, pack))]).stream(), identity, async (file) => {
    if (wanted(file.path)) found.set(file.path, Buffer.from(await wholeOf(file, 10_000_000)));
  });
  return found;
}

async function jikim(...words: string[]) {
  const main = join(import.meta.dirname, "../src/main.ts");
  const child = spawn(process.execPath, [main, ...words], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const stdout = await text(child.stdout);
  const lines = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
  return { status: await ended, lines };
}

test("a page becomes a pack that the recipient verifies, and that says what was not stored and what is missing", async () => {
  const made = await jikim(
    "capture",
    url,
    "--to",
    "to.txt",
    "--out",
    "pack.age",
    "--minor",
    "--allow-private",
    "--json",
  );
  expect(made.status).toBe(0);
  const [{ packId, sha256, kept, notStored, gaps }] = made.lines;
  expect(sha256).toBe(
    createHash("sha256")
      .update(readFileSync(join(folder, "pack.age")))
      .digest("hex"),
  );
  expect([kept, notStored]).toEqual([expect.any(Number), 1]);
  expect(gaps).toContainEqual({ url: "http://127.0.0.1:4/none", why: "ECONNREFUSED" });
  expect(gaps).toContainEqual({ url: `${url}gone.png`, why: "HTTP_404" });
  const { lines } = await jikim("verify", "pack.age", "--identity", "key.txt", "--json");
  const states = Object.fromEntries(lines.flatMap(({ check, state }) => (check ? [[check, state]] : [])));
  expect(states).toMatchObject({
    opened: "holds",
    whole: "holds",
    unchanged: "holds",
    signed: "holds",
    vouched: "unchecked",
  });
  expect(lines.at(-1)).toMatchObject({ packId });
  expect(lines.at(-1)?.told).toEqual([
    { about: "clock", exhibit: null, offMs: null },
    { about: "report", exhibit: null, path: "data/report/report-ko.pdf" },
    { about: "report", exhibit: null, path: "data/report/report-en.pdf" },
  ]);
  expect(lines.find(({ check }) => check === "custody")).toMatchObject({ state: "holds", detail: "2" });
  const said = await filesIn("pack.age", (path) => /^data\/(report|custody)/.test(path));
  expect(
    said
      .get("data/custody.jsonl")
      ?.toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).did),
  ).toEqual(["captured", "sealed"]);
  const [ko, en] = ["ko", "en"].map((language) => {
    const pdf = said.get(`data/report/report-${language}.pdf`);
    const words = execFileSync("pdftotext", ["-", "-"], { input: pdf, encoding: "utf8" });
    return words.replace(/\s+/g, " ");
  });
  expect(en).toMatch(/no centre was involved.*nobody vouches for whose it is.*HTTP_404/);
  for (const told of ["Address asked for", url]) expect(en).toContain(told);
  expect(ko).toMatch(/아무도 보증하지 않습니다/);
});

test("of whom nothing is said it is not said that she is of age", async () => {
  const minorOf = async (...said: string[]) => {
    const out = `said${said.length}.age`;
    const { status } = await jikim("capture", url, "--to", recipient, "--out", out, "--allow-private", ...said);
    expect(status).toBe(0);
    const trust = { root: null, authorities: [], witnesses: [], now: Temporal.Now.instant() };
    const pack = new Blob([readFileSync(join(folder, out))]).stream();
    const { manifest } = await verifyPack(pack, readFileSync(join(folder, "key.txt"), "utf8").trim(), trust);
    return manifest?.minor;
  };
  expect(await minorOf()).toBe(true);
  expect(await minorOf("--adult")).toBe(false);
  const both = await jikim("capture", url, "--to", recipient, "--out", "both.age", "--minor", "--adult");
  expect([both.status, both.lines[0]?.error.code]).toEqual([2, "BAD_ARGUMENTS"]);
});

test("interrupted, it leaves nothing of what it saw, and the next clears what a killed one left", async () => {
  const main = join(import.meta.dirname, "../src/main.ts");
  const begin = (page: string) => {
    const words = ["capture", `${url}${page}`, "--to", recipient, "--out", "never.age", "--allow-private"];
    const child = spawn(process.execPath, [main, ...words], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`jikim-sealing-${child.pid}-`));
    return { child, left, ended: new Promise<number | null>((done) => child.once("exit", done)) };
  };
  // The browser of one that was killed may ask again.
  const asked = (page: string) =>
    new Promise<void>((done) => {
      waiting = (path) => path === `/${page}` && done();
    });
  const killed = begin("never-1");
  await asked("never-1");
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect(killed.left()).toHaveLength(1);
  const next = begin("never-2");
  await asked("never-2");
  expect([killed.left().length, next.left().length]).toEqual([0, 1]);
  const said = text(next.child.stdout);
  next.child.kill("SIGTERM");
  expect([await next.ended, JSON.parse(await said).error.code]).toEqual([2, "INTERRUPTED"]);
  expect(next.left()).toEqual([]);
  expect(existsSync(join(folder, "never.age"))).toBe(false);
}, 60_000);

test("where no pack can be written no page is asked for", async () => {
  let wasAsked = false;
  waiting = () => {
    wasAsked = true;
  };
  const words = ["--to", "to.txt", "--out", "absent/x.age", "--allow-private"];
  const { status, lines } = await jikim("capture", `${url}never-3`, ...words);
  expect([status, lines[0]?.error.code, wasAsked]).toEqual([2, "CANNOT_WRITE", false]);
});

test("without the flag a private address is refused, and no pack is left", async () => {
  const { status, lines } = await jikim("capture", url, "--to", recipient, "--out", "private.age");
  expect([status, lines[0]?.error.code]).toEqual([2, "ADDRESS_REFUSED"]);
  expect(readdirSync(folder).filter((name) => name.startsWith("private"))).toEqual([]);
});

test.each([
  [["--to", "absent.txt", "--out", "x.age"], "NOT_A_RECIPIENT"],
  [["--to", "/dev/zero", "--out", "x.age"], "NOT_A_RECIPIENT"],
  [["--out", "x.age"], "BAD_ARGUMENTS"],
  [["--to", "to.txt", "--out", "x.age", "--keep"], "BAD_ARGUMENTS"],
  [["--to", "to.txt", "--out", "key.txt", "--allow-private"], "ALREADY_THERE"],
])("%j ends with 2 and %s", async (words, code) => {
  const { status, lines } = await jikim("capture", url, ...words);
  expect([status, lines[0]?.error.code]).toEqual([2, code]);
  expect(existsSync(join(folder, "x.age"))).toBe(false);
});
