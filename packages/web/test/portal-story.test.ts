import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { World } from "./desk-world.ts";
import { PLANTED } from "./portal-answers.ts";
import { answerAll, arrive, codeOn, openCentre, press, titled, visit, word } from "./portal-visit.ts";

const SECRET_NAME = "비밀파일이름-4711";
const SECRET_EXIF = "EXIF-SECRET-OF-THE-CAMERA-0815";
let world: World;
let folder = "";

beforeAll(async () => {
  world = await openCentre();
  folder = await mkdtemp(join(tmpdir(), "jikim-portal-"));
}, 120_000);
afterAll(async () => {
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

/** An invented picture: coloured discs, with planted metadata. */
async function paintPicture(): Promise<Buffer> {
  const discs = Array.from({ length: 40 }, (_, at) => {
    const [x, y, r] = [(at * 197) % 800, (at * 331) % 600, 20 + ((at * 53) % 90)];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${(at * 47) % 360},60%,${20 + ((at * 29) % 60)}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="#89a"/>${discs.join("")}</svg>`;
  return sharp(Buffer.from(svg))
    .jpeg()
    .withExif({ IFD0: { ImageDescription: SECRET_EXIF } })
    .toBuffer();
}

/** Every way in which some bytes could stand in a text: as they are, hex, base64 at each of three offsets. */
function guises(bytes: Buffer): string[] {
  const at = [0, 1, 2].flatMap((skip) => {
    const whole = bytes.subarray(skip, skip + Math.floor((bytes.length - skip) / 3) * 3);
    return [whole.toString("base64"), whole.toString("base64url")];
  });
  return [bytes.toString("latin1"), bytes.toString("hex"), ...at];
}

test("she reports with a picture, and no byte, name, thumbnail or metadata of it leaves the browser", {
  timeout: 120_000,
}, async () => {
  const picture = await paintPicture();
  expect(picture.includes(SECRET_EXIF)).toBe(true);
  const file = join(folder, `${SECRET_NAME}.jpg`);
  await writeFile(file, picture);
  const { page, context, sent, complaints } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await answerAll(page, [file]);
  expect(await page.locator("img, video").count()).toBe(0);
  await press(page, "send");
  await titled(page, "sent_title");

  const all = sent.join("\n");
  expect(all).toContain("/api/reports");
  const small = await sharp(picture).resize(16, 16, { fit: "fill" }).raw().toBuffer();
  const slices = Array.from({ length: Math.floor(picture.length / 600) }, (_, at) =>
    picture.subarray(at * 600, at * 600 + 24),
  );
  for (const bytes of [...slices, small.subarray(0, 24), small.subarray(300, 324)])
    for (const guise of guises(bytes)) expect(all.includes(guise)).toBe(false);
  for (const text of [SECRET_NAME, SECRET_EXIF])
    for (const guise of [text, encodeURIComponent(text), ...guises(Buffer.from(text))])
      expect(all.includes(guise)).toBe(false);
  for (const text of Object.values(PLANTED)) {
    expect(all).not.toContain(text);
    for (const guise of guises(Buffer.from(text))) expect(all.includes(guise)).toBe(false);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

test("with her code she comes back, reads what she wrote, writes, stops a consent and replaces the code", {
  timeout: 120_000,
}, async () => {
  const { page, context, sent } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await answerAll(page);
  await press(page, "send");
  await titled(page, "sent_title");
  const code = await codeOn(page);
  expect(code).toMatch(/^[0-9A-Z]{24}$/);

  await arrive(page, world.running.origin);
  await press(page, "welcome_return");
  await page.getByLabel(word("code_title")).fill(` ${code.toLowerCase().replaceAll(/(.{4})/g, "$1 ")}`);
  await press(page, "return_open");
  await titled(page, "case_title");
  await page.getByText(word("told_title")).click();
  await page.getByText(PLANTED.story).waitFor();

  await page.getByLabel(word("message_write")).fill(PLANTED.message);
  await press(page, "message_send");
  await page.locator("li", { hasText: PLANTED.message }).waitFor();

  const share = page.locator("li", { hasText: word("act_share") });
  await share.getByRole("button").click();
  await share.getByRole("button", { name: word("consent_withdraw_yes") }).click();
  await share.getByRole("button", { name: word("consent_keep") }).waitFor();

  await page.getByText(word("new_code_title"), { exact: true }).click();
  await press(page, "new_code_make");
  await page.getByText(word("new_code_done")).waitFor();
  const next = await codeOn(page);
  expect(next).not.toBe(code);
  await press(page, "case_close", "welcome_return");
  await page.getByLabel(word("code_title")).fill(code);
  await press(page, "return_open");
  await page.getByText(word("code_unknown")).waitFor();
  await page.getByLabel(word("code_title")).fill(next);
  await press(page, "return_open");
  await titled(page, "case_title");
  await page.locator("li", { hasText: PLANTED.message }).waitFor();
  const all = sent.join("\n");
  for (const secret of [code, next, PLANTED.message]) expect(all.includes(secret)).toBe(false);
  await context.close();
});

test("a draft is left under a code and taken up again, and nothing stays on the device", {
  timeout: 120_000,
}, async () => {
  const { page, context, sent } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await press(page, "welcome_start", "no", "no");
  await page.getByLabel(word("age_14_17")).check();
  await press(page, "next", "next", "skip");
  await page.getByLabel(word("adult_label")).fill("고모");
  await press(page, "save_for_later", "save");
  await titled(page, "saved_title");
  const code = await codeOn(page);
  await press(page, "saved_end", "welcome_return");
  await page.getByLabel(word("code_title")).fill(code);
  await press(page, "return_open");
  await titled(page, "adult_title");
  expect(await page.getByLabel(word("adult_label")).inputValue()).toBe("고모");
  expect(await page.evaluate(async () => (await indexedDB.databases()).length + localStorage.length)).toBe(0);
  expect(sent.join("\n").includes(code)).toBe(false);
  await context.close();
});

test("the first page weighs at most 100 kB of script and style, gzipped", { timeout: 60_000 }, async () => {
  const { page, context } = await visit(world.browser);
  const loaded: Promise<number>[] = [];
  page.on("response", (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname))
      loaded.push(response.body().then((body) => gzipSync(body, { level: 6 }).length));
  });
  await arrive(page, world.running.origin);
  await page.waitForLoadState("networkidle");
  const bytes = (await Promise.all(loaded)).reduce((sum, each) => sum + each, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(100_000);
  await context.close();
});
