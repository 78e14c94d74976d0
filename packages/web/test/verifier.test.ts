import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "@playwright/test";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packed, root, sealedNow } from "../../evidence/test/packing.ts";
import { buildVerifier } from "../verifier.ts";
import { axeFindingsAsIs } from "./axe.ts";
import { launchChromium } from "./desk-browser.ts";

const folder = mkdtempSync(join(tmpdir(), "jikim-verifier-"));
let browser: Browser;
let identity: string;

beforeAll(async () => {
  await buildVerifier(join(folder, "verify.html"));
  browser = await launchChromium();
  identity = await generateX25519Identity();
  const said = { previous: "00000000-6a59-4a5d-9b2b-1d2f3a4b5c6d", clockOffMs: 90 };
  const pack = await packed(
    await sealedNow(undefined, said),
    { timestamp: null, log: null },
    await identityToRecipient(identity),
  );
  writeFileSync(join(folder, "pack.age"), pack);
  writeFileSync(join(folder, "cut.age"), pack.slice(0, -50));
}, 60_000);
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

type Opened = { readonly page: Page; readonly complaints: string[]; readonly asked: string[] };

/** From disk, without a network. */
async function open(width: number, locale: string): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale, offline: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(join(folder, "verify.html")).href);
  return { page, complaints, asked };
}

async function check(page: Page, pack: string, given: string): Promise<string> {
  await page.setInputFiles("#pack", join(folder, pack));
  await page.fill("#identity", identity);
  await page.fill("#root", given);
  await page.click("button[type=submit]");
  await page.locator("#said .verdict").waitFor();
  return page.innerText("#said");
}

test.each([
  [360, "ko-KR"],
  [1280, "en-GB"],
])("at %i px in %s the page says what holds and what does not, offline and from one file", async (width, locale) => {
  const { page, complaints, asked } = await open(width, locale);
  const korean = locale.startsWith("ko");
  const said = await check(page, "pack.age", root.public);
  expect(said).toContain(korean ? "확인하지 못한 것이 있습니다" : "could not be checked");
  expect(said).toMatch(
    korean ? /맞음 · 서명한 열쇠를 센터의 오프라인 루트가 보증합니다/ : /holds · the centre's offline root/,
  );
  expect(said).toMatch(korean ? /수집 00000000-.*에 이어지는/ : /This pack follows capture 00000000-/);
  expect(said).toMatch(korean ? /90밀리초 빨랐습니다/ : /was 90 ms ahead of the timestamp authority's/);
  expect(await check(page, "pack.age", "f".repeat(64))).toMatch(
    korean ? /아님 · .*보증하지 않습니다/ : /fails · .*does not vouch/,
  );
  expect(await check(page, "cut.age", root.public)).toMatch(korean ? /잘렸거나 바뀌었습니다/ : /cut short or altered/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(await axeFindingsAsIs(page)).toEqual([]);
  expect([complaints, asked.filter((url) => !url.startsWith("file:") && !url.startsWith("blob:"))]).toEqual([[], []]);
  await page.context().close();
});

test("what is missing or mistyped is said in words, and the language can be changed", async () => {
  const { page } = await open(360, "ko-KR");
  await page.click("button[type=submit]");
  expect(await page.innerText("#said")).toContain("꾸러미 파일과 여는 열쇠가 필요합니다");
  await page.setInputFiles("#pack", join(folder, "pack.age"));
  await page.fill("#identity", identity);
  await page.fill("#root", "abc");
  await page.click("#language");
  await page.click("button[type=submit]");
  expect(await page.innerText("#said")).toContain("64 digits");
  await page.context().close();
});
