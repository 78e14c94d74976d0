import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build } from "vite";

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
/** What the portal's pages allow; a worker's own policy is that of its response. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

export type TestPage = { page: Page; requests: string[]; close(): Promise<void> };

/** Bundles test/page, or another folder (beside it, or a full path), with vite, serves it and opens it in Chromium; `requests` lists every address that was asked for. */
export async function openTestPage(name = "page"): Promise<TestPage> {
  const root = resolve(fileURLToPath(new URL(".", import.meta.url)), name);
  const folder = await mkdtemp(join(tmpdir(), "jikim-page-"));
  const output = { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0 };
  await build({ root, base: "/", logLevel: "error", configFile: false, build: output, worker: { format: "es" } });
  const server = createServer(async (request, response) => {
    const path = request.url === "/" ? "/index.html" : (request.url ?? "").split("?")[0];
    const file = resolve(folder, `.${path}`);
    const body = file.startsWith(folder) ? await readFile(file).catch(() => null) : null;
    const headers = { "content-type": TYPES[extname(file)] ?? "text/plain", "content-security-policy": POLICY };
    response.writeHead(body === null ? 404 : 200, headers).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const browser: Browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const close = async () => {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true });
  };
  return { page, requests, close };
}
