import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };
const MEGABYTES = 50;

let [folder, page]: [string, Page | null] = ["", null];
let browser: Browser | null = null;
const server = createServer(async (request, response) => {
  const path = request.url === "/" ? "/index.html" : (request.url ?? "");
  const body = await readFile(join(folder, resolve("/", path))).catch(() => null);
  response.writeHead(body === null ? 404 : 200, { "content-type": TYPES[extname(path)] ?? "text/html" }).end(body);
});

beforeAll(async () => {
  const root = fileURLToPath(new URL("chat-page", import.meta.url));
  folder = await mkdtemp(join(tmpdir(), "jikim-chat-"));
  const output = { outDir: folder, emptyOutDir: true };
  await build({ root, base: "/", logLevel: "error", configFile: false, build: output, worker: { format: "es" } });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterAll(async () => {
  await browser?.close();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

test("a 50 MB export is read in a worker while the page stays free", async () => {
  const read = await page?.evaluate((bytes) => window.readMade(bytes), MEGABYTES * 1e6);
  expect(read?.size).toBeGreaterThan(MEGABYTES * 1e6);
  expect(read?.messages).toBeGreaterThan(400_000);
  expect(read?.seen).toBe(read?.messages);
  expect(read?.last).toBe("그렇구나");
  expect(read?.turns).toBeGreaterThan(10);
});

test("messages are chosen from an open export, and shown with their proofs, without leaving the worker", async () => {
  const read = await page?.evaluate((bytes) => window.chooseFrom(bytes), 4e5);
  expect(read).toMatchObject({ texts: ["그렇구나"], found: 3200, shown: 4, unproved: 0, again: true });
  expect(read?.all).toBeGreaterThan(3000);
});

test("a refusal comes out of the worker with its reason", async () => {
  expect(await page?.evaluate(() => window.readWrong())).toBe("UNKNOWN_FORMAT");
});
