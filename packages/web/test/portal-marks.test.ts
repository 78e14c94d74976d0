import { createHash } from "node:crypto";
import { showReturnCode } from "@jikim/evidence";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WATERMARKS } from "../../evidence/src/provenance/watermark.ts";
import { marked, shape } from "../../evidence/test/provenance-files.ts";
import { openCase } from "../../server/test/desk-work.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import type { Survivor } from "../../server/test/survivor.ts";
import { axeFindings, axeFindingsAsIs } from "./axe.ts";
import { newPerson } from "./desk-browser.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";
import { arrive, press, titled, visit, word } from "./portal-visit.ts";

let world: World;
let centre: SeededCentre;
let caseId: string;
let survivor: Survivor;

const PROMPT = "지어낸 낱말 비밀, hills and discs";
const SIDE = 512;

/** Waves and discs that carry SDXL's watermark and a generator's settings. */
async function markedPicture(): Promise<Buffer> {
  const sdxl = WATERMARKS.find(({ what }) => what === "watermark-sdxl");
  const { data } = marked(shape(7, SIDE), sdxl?.bits ?? [], "float");
  const plain = await sharp(Buffer.from(data), { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
  const note = Buffer.concat([
    Buffer.from("iTXtparameters\0\0\0\0\0"),
    Buffer.from(`${PROMPT}\nSteps: 20, Sampler: Euler`),
  ]);
  const { crc32 } = await import("node:zlib");
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(note.length - 4);
  sum.writeUInt32BE(crc32(note));
  const header = 33;
  return Buffer.concat([plain.subarray(0, header), length, note, sum, plain.subarray(header)]);
}

beforeAll(async () => {
  world = await openWorld();
  const { jikim, app } = world.running;
  centre = await seedCentre(jikim);
  ({ caseId, survivor } = await openCase({ app, jikim } as Parameters<typeof openCase>[0], centre));
}, 120_000);
afterAll(() => world.close());

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.JIKIM_SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test("a file is looked at on her device, nothing of it leaves before she says so, and staff read what she sent", async () => {
  const { page, sent, complaints } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await press(page, "welcome_return");
  await page.getByLabel(word("code_title")).fill(showReturnCode(survivor.code));
  await press(page, "return_open");
  await titled(page, "case_title");
  const picture = await markedPicture();
  const posts = () => sent.filter((request) => request.startsWith("POST"));
  const before = posts().length;
  await page.setInputFiles("#marks-file", { name: "비밀.png", mimeType: "image/png", buffer: picture });
  await page.getByRole("heading", { name: word("marks_found") }).waitFor({ timeout: 60_000 });
  const found = page.getByRole("region", { name: word("marks_title") });
  const said = await found.innerText();
  expect(said).toContain("Stable Diffusion WebUI");
  expect(said).toContain("SDXL의 보이지 않는 워터마크");
  expect(said).toContain("아무것도 증명하지 않습니다");
  expect(said).not.toContain("비밀");
  expect(posts().length).toBe(before);
  expect(await axeFindingsAsIs(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await shoot(page, "portal-marks");
  await press(page, "marks_send");
  await page.getByText(word("marks_sent")).waitFor();
  expect(posts().length).toBe(before + 1);
  for (const secret of ["비밀", "Sampler", "SDXL"]) expect(posts().join("\n")).not.toContain(secret);
  expect(complaints).toEqual([]);

  const staff = await newPerson(world.browser);
  await signInByPassphrase(staff.page, world.running.origin, centre.staff);
  await staff.page.goto(`${world.running.origin}/desk/#/case/${caseId}`);
  const card = staff.page.locator("#marks");
  await card.waitFor();
  const shown = await card.innerText();
  expect(shown).toContain("SDXL의 보이지 않는 워터마크");
  expect(shown).toContain(createHash("sha256").update(picture).digest("hex"));
  expect(await axeFindings(staff.page)).toEqual([]);
  await card.scrollIntoViewIfNeeded();
  await shoot(staff.page, "desk-marks");
  expect(staff.complaints).toEqual([]);
}, 120_000);

test("a file that cannot be read is said to change nothing, and one that is not sent is forgotten", async () => {
  const { page, sent, complaints } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await press(page, "welcome_return");
  await page.getByLabel(word("code_title")).fill(showReturnCode(survivor.code));
  await press(page, "return_open");
  await titled(page, "case_title");
  const posts = () => sent.filter((request) => request.startsWith("POST")).length;
  const before = posts();
  await page.setInputFiles("#marks-file", { name: "x.png", mimeType: "image/png", buffer: Buffer.alloc(0) });
  await page.getByText(word("marks_empty")).waitFor();
  await page.setInputFiles("#marks-file", { name: "x.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") });
  await page.getByRole("heading", { name: word("marks_found") }).waitFor({ timeout: 60_000 });
  await press(page, "marks_drop");
  expect(await page.getByRole("heading", { name: word("marks_found") }).count()).toBe(0);
  expect(posts()).toBe(before);
  expect(complaints).toEqual([]);
}, 120_000);
