import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CaptureRecord, captureRecordSchema } from "../src/index.ts";
import { readWarc, sha256, unzip } from "./archive.ts";
import { type Leak, openSearch } from "./leaks.ts";
import { runCapture } from "./run.ts";
import { openHostileSite, type Planted, plant } from "./site.ts";

const temp = mkdtempSync(join(tmpdir(), "jikim-hostile-"));
let planted: Planted;
let site: Awaited<ReturnType<typeof openHostileSite>>;
let record: CaptureRecord;
let wacz: ReadonlyMap<string, Buffer>;
const leaks: Leak[] = [];
let profileFiles = 0;
let askedByCapture: readonly string[] = [];

const part = (path: string) => wacz.get(path) ?? Buffer.alloc(0);

beforeAll(async () => {
  planted = await plant();
  site = await openHostileSite(planted);
  const search = await openSearch(planted);
  const look = async () => {
    const found = await search.inFolder(temp);
    leaks.push(...found.leaks);
    profileFiles = Math.max(profileFiles, found.files);
  };
  const { status } = await runCapture(temp, { url: `${site.url}/start`, allowPrivate: true }, look);
  expect(status).toBe(0);
  askedByCapture = [...site.asked];
  await look();
  record = captureRecordSchema.parse(JSON.parse(readFileSync(join(temp, "result/record.json"), "utf8")));
  wacz = unzip(readFileSync(join(temp, "result/capture.wacz")));
  for (const [path, content] of wacz) leaks.push(...(await search.inBytes(content, path)));
});

afterAll(async () => {
  await site.close();
  rmSync(temp, { recursive: true, force: true });
});

test("no trick of a hostile site leaves a picture in the result, the profile or a temporary file, in any form", () => {
  expect(profileFiles).toBeGreaterThan(20);
  expect(leaks).toEqual([]);
  expect(readdirSync(temp)).toEqual(["result"]);
  expect(readdirSync(join(temp, "result")).sort()).toEqual(["capture.wacz", "record.json", "screenshot.png"]);
});

test("what a page puts together and has saved is refused, and the record says so", () => {
  expect(record.gaps).toContainEqual({ url: expect.stringMatching(/^blob:/), why: "DOWNLOAD_REFUSED" });
});

test("the same search finds the pictures in what an ordinary browser leaves, and re-encoded ones", async () => {
  const profile = mkdtempSync(join(tmpdir(), "jikim-control-"));
  const args = ["--no-sandbox"];
  const options = { executablePath: "/usr/bin/chromium", args, headless: true };
  const context = await chromium.launchPersistentContext(profile, options);
  const page = await context.newPage();
  await page.goto(site.url, { waitUntil: "load" });
  await page.waitForTimeout(500);
  await context.close();
  const search = await openSearch(planted);
  const { leaks: found } = await search.inFolder(profile);
  rmSync(profile, { recursive: true, force: true });
  const tricks = new Set(found.map(({ trick }) => trick));
  expect(tricks).toContain("plain");
  expect(tricks).toContain("background");
  const again = await sharp(planted.plain).webp({ quality: 60 }).toBuffer();
  expect(await search.inBytes(again, "again")).toEqual([{ trick: "plain", form: "look", file: "again" }]);
});

test.each([
  "plain",
  "data",
  "disguised",
  "blob",
  "frame",
  "worker",
  "json",
  "css",
  "latin1",
  "background",
  "lines",
  "numbers",
  "hex",
] as const)("of the picture shown by way of %s the digest and fingerprint stay", (trick) => {
  const seen = record.resources.find((each) => each.sha256 === sha256(planted[trick]));
  expect(seen).toMatchObject({ kept: false, bytes: planted[trick].length });
  expect(seen?.fingerprints?.[0]).toMatchObject({ kind: "pdq", value: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test("what the page said stays: its words, what its scripts wrote, and its frames of another site", () => {
  const records = readWarc(part("archive/data.warc.gz"));
  const textOf = (address: string) =>
    records.find(({ fields }) => fields.get("warc-target-uri") === address)?.payload.toString() ?? "";
  expect(textOf(`${site.url}/`)).toContain("kept words 보관된 말");
  expect(textOf(`${site.url}/room.json`)).toContain("room words");
  expect(textOf(`${site.url.replace("127.0.0.1", "localhost")}/frame`)).toContain("words in the frame");
  expect(textOf(`urn:view:${site.url}/`)).toContain("written by a script");
});

test("every digest of the archive holds, for a reader written by the standard, and so do those of the WACZ", () => {
  const archive = part("archive/data.warc.gz");
  const records = readWarc(archive);
  expect(records.length).toBeGreaterThan(30);
  const dropped = records.find(({ fields }) => fields.get("warc-target-uri") === `${site.url}/plain.png`);
  expect(dropped?.payload.length).toBe(0);
  expect(dropped?.fields.get("jikim-original-payload-digest")).toBe(`sha256:${sha256(planted.plain)}`);
  expect(dropped?.fields.get("warc-truncated")).toBe("unspecified");
  const about = JSON.parse(part("datapackage.json").toString());
  for (const { path, hash, bytes } of about.resources)
    expect([path, hash, bytes]).toEqual([path, `sha256:${sha256(part(path))}`, part(path).length]);
  expect(JSON.parse(part("datapackage-digest.json").toString()).hash).toBe(
    `sha256:${sha256(part("datapackage.json"))}`,
  );
  expect(record.wacz.sha256).toBe(sha256(readFileSync(join(temp, "result/capture.wacz"))));
  for (const line of part("indexes/index.cdx").toString().trim().split("\n")) {
    const { url, offset, length } = JSON.parse(line.slice(line.indexOf("{")));
    const [found] = readWarc(archive.subarray(Number(offset), Number(offset) + Number(length)));
    expect(found?.fields.get("warc-target-uri")).toBe(url);
  }
});

test("the screenshot shows words and grey boxes, and no colour but that of links", async () => {
  const { data, info } = await sharp(readFileSync(join(temp, "result/screenshot.png")))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let coloured = 0;
  for (let at = 0; at < data.length; at += info.channels) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    const isLink = blue >= red && blue >= green && Math.abs(red - green) < 40;
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 24 && !isLink) coloured += 1;
  }
  expect(coloured).toBe(0);
  expect(new Set(data).size).toBeGreaterThan(10);
});

test("what was refused or did not come is listed, and nothing was spoken past the proxy", () => {
  const whys = new Set(record.gaps.map(({ why }) => why));
  for (const why of ["WEBSOCKET_REFUSED", "SERVICE_WORKER_REFUSED", "STREAM_REFUSED"]) expect(whys).toContain(why);
  expect(askedByCapture).toContain("/worker.png");
  for (const path of ["/socket", "/worker.js", "/events"]) expect(askedByCapture).not.toContain(path);
  expect(record.tool.userAgent).toMatch(/HeadlessChrome/);
  const { viewport, locale, limits } = record.tool.settings;
  expect([viewport, locale]).toEqual([{ width: 1280, height: 900 }, expect.stringMatching(/^[a-z]{2}/)]);
  expect(Object.keys(limits)).toEqual(expect.arrayContaining(["seconds", "bytes", "requests", "screenshotHeight"]));
  const source = join(import.meta.dirname, "../src");
  expect(execFileSync("sh", ["-c", "LC_ALL=C sha256sum * | sha256sum"], { cwd: source, encoding: "utf8" })).toContain(
    record.tool.build,
  );
  expect(record.tookMs).toBeGreaterThan(0);
  expect(record.redirects).toEqual([`${site.url}/start`]);
});

test("a private address is refused, by number or by name, and nothing is left", async () => {
  for (const url of [
    site.url,
    site.url.replace("127.0.0.1", "localhost"),
    site.url.replace("127.0.0.1", "2130706433"),
  ]) {
    const own = mkdtempSync(join(tmpdir(), "jikim-private-"));
    const before = site.asked.length;
    const { status, said } = await runCapture(own, { url, allowPrivate: false });
    expect([status, said]).toEqual([2, { error: { code: "ADDRESS_REFUSED" } }]);
    expect(site.asked.length).toBe(before);
    expect(readdirSync(join(own, "result"))).toEqual([]);
    rmSync(own, { recursive: true, force: true });
  }
});
