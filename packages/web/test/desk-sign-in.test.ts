import { certify, newSigningKey, publicStaffKey, showPassphrase } from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareReport, sendReport } from "../../server/src/demo/survivor.ts";
import { type SeededCentre, seedCentre, seedStaff } from "../../server/test/seed.ts";
import { axeFindings } from "./axe.ts";
import { newPerson } from "./desk-browser.ts";
import { inventedReport } from "./desk-report.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";

let world: World;
let seeded: SeededCentre;

beforeAll(async () => {
  world = await openWorld();
  seeded = await seedCentre(world.running.jikim);
  const centre = await (await fetch(`${world.running.origin}/api/centre`)).json();
  await sendReport(world.running.origin, await prepareReport(centre, inventedReport()));
});
afterAll(() => world.close());

test("a reload forgets the keys, and what was opened is gone from the page", async () => {
  const { page } = await newPerson(world.browser);
  await signInByPassphrase(page, world.running.origin, seeded.staff);
  await page.locator("[data-row]").first().click();
  await page.getByText("가상인물 하나").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "들어가기" }).waitFor();
  expect(await page.content()).not.toContain("가상인물");
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(kept).not.toContain(seeded.staff.key.identity);
  expect(kept).not.toContain("AGE-SECRET-KEY");
}, 60_000);

test("the desk locks itself after fifteen idle minutes, and gives back what was being written", async () => {
  const { page } = await newPerson(world.browser);
  await page.clock.install();
  await signInByPassphrase(page, world.running.origin, seeded.staff);
  await page.locator("[data-row]").first().click();
  await page.getByLabel("당사자에게 쓰기").fill("아직 다 쓰지 않은 글");
  await page.clock.runFor("14:00");
  await page.getByLabel("당사자에게 쓰기").press("End");
  await page.clock.runFor("14:00");
  expect(await page.getByLabel("당사자에게 쓰기").count()).toBe(1);
  await page.clock.runFor("02:00");
  await page.getByRole("heading", { name: "잠겼습니다" }).waitFor();
  expect(await page.content()).not.toContain("가상인물");
  expect(await axeFindings(page)).toEqual([]);
  await page.getByText("암호문으로 들어가기").click();
  await page.getByLabel("업무 이름").fill(seeded.staff.pseudonym);
  await page.getByLabel("암호문", { exact: true }).fill(showPassphrase(seeded.staff.passphrase));
  await page.getByRole("button", { name: "들어가기", exact: true }).click();
  await page.getByLabel("당사자에게 쓰기").waitFor();
  expect(await page.getByLabel("당사자에게 쓰기").inputValue()).toBe("아직 다 쓰지 않은 글");
}, 60_000);

test("a staff key whose certificate the root did not sign opens nothing", async () => {
  const { jikim, origin } = world.running;
  const person = await seedStaff(jikim, { pseudonym: "상담 3", roles: ["intake"], root: seeded.root });
  const stranger = newSigningKey();
  const notAfter = new Date(Date.now() + 86_400_000).toISOString();
  const halves = await publicStaffKey(person.key);
  const forged = certify(
    { kind: "staff", staffId: person.staffId, roles: ["intake"], ...halves, notAfter },
    stranger.secret,
  );
  const values = { certificate: JSON.stringify(forged) };
  await jikim.db.updateTable("staff").set(values).where("id", "=", person.staffId).execute();
  const { page } = await newPerson(world.browser);
  await signInByPassphrase(page, origin, person);
  await page.getByText("루트 서명이 맞지 않거나 기한이 지났습니다").waitFor();
  expect(await page.getByRole("link", { name: "사건" }).count()).toBe(0);
}, 60_000);

test("another root than this browser knows stops all work until the leaflet's fingerprint is typed", async () => {
  const { page } = await newPerson(world.browser);
  await signInByPassphrase(page, world.running.origin, seeded.staff);
  await page.getByRole("button", { name: "같습니다" }).click();
  await page.evaluate(() => localStorage.setItem("jikim-root", "ab".repeat(32)));
  await signInByPassphrase(page, world.running.origin, seeded.staff);
  await page.getByRole("heading", { name: "센터의 루트 열쇠가 바뀌었습니다" }).waitFor();
  expect(await page.locator("[data-row]").count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel("새 안내지에 인쇄된 지문").fill("ABCD-ABCD-ABCD-ABCD-ABCD");
  await page.getByRole("button", { name: "비교하기" }).click();
  await page.getByText("서버가 보여 주는 지문과 다릅니다").waitFor();
  expect(await page.locator("[data-row]").count()).toBe(0);
}, 60_000);

test("a wrong passphrase is refused in words", async () => {
  const { page } = await newPerson(world.browser);
  await page.goto(`${world.running.origin}/desk/`);
  await page.getByText("암호문으로 들어가기").click();
  await page.getByLabel("업무 이름").fill(seeded.staff.pseudonym);
  await page.getByLabel("암호문", { exact: true }).fill("짧음");
  await page.getByRole("button", { name: "들어가기", exact: true }).click();
  await page.getByText("암호문은 글자 16개입니다").waitFor();
  await page.getByLabel("암호문", { exact: true }).fill("0000-0000-0000-0000");
  await page.getByRole("button", { name: "들어가기", exact: true }).click();
  await page.getByText("로그인할 수 없습니다").waitFor();
}, 60_000);
