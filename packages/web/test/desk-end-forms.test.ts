import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../../server/src/contract.ts";
import { approveAll, tellRecipient } from "../../server/test/asking.ts";
import { did, openCase, post, readCase } from "../../server/test/desk-work.ts";
import { ask } from "../../server/test/openapi.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import { axeFindings } from "./axe.ts";
import { newPerson, openAnew, type Person } from "./desk-browser.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";

let world: World;
let centre: SeededCentre;
let wide: Person;
let narrow: Person;

beforeAll(async () => {
  world = await openWorld();
  centre = await seedCentre(world.running.jikim);
  [wide, narrow] = [await newPerson(world.browser), await newPerson(world.browser, { width: 360 })];
  for (const { page } of [wide, narrow]) await signInByPassphrase(page, world.running.origin, centre.staff);
}, 120_000);
afterAll(() => world.close());

/** Nothing is wider than the page, axe finds nothing in either language, and the console has no complaint. */
async function holds({ page, complaints }: Person, name: string): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  const folder = process.env.JIKIM_SCREENSHOTS;
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/${name}-${page.viewportSize()?.width}.png`, fullPage: true });
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
}

/** A case whose notices were sent by web forms, and that she withdrew; the ends of them lie ready. */
async function withdrawn(names: readonly string[]): Promise<string> {
  const { app, jikim } = world.running;
  const act = (url: string, body: object) => post(app, centre.staff, url, body);
  const sites = names.map(() => `${crypto.randomUUID().slice(0, 8)}.example`);
  const places = sites.map((site) => ({ kind: "url" as const, text: `https://${site}/p/1` }));
  const codes = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
  const { caseId, survivor } = await openCase({ app, jikim } as Parameters<typeof openCase>[0], centre, {
    places,
    codes,
  });
  const held = await readCase(app, centre.staff, caseId);
  for (const [at, name] of names.entries()) {
    const told = { name: { ko: name, en: name }, form: `https://${sites[at]}/report`, hosts: [sites[at] ?? ""] };
    const { id } = await tellRecipient(app, centre.staff, told);
    const body = { places: [held.places[at]?.id ?? ""], recipients: [id] };
    const { notices } = await did<{ notices: desk.Notice[] }>(act(`/api/desk/cases/${caseId}/notices`, body));
    await did(approveAll(app, centre.staff, notices));
    const sentAt = jikim.now().toString();
    for (const notice of notices) await did(act(`/api/desk/notices/${notice.id}/sheet`, { sentAt }));
  }
  const withdrawing = { act: "remove", change: "withdraw" };
  await did(ask(app, { method: "POST", url: "/api/my/consents", headers: survivor.headers, body: withdrawing }));
  const ready = async () =>
    (await readCase(app, centre.staff, caseId)).notices.filter(({ endSheet }) => endSheet !== null).length;
  await expect.poll(ready, { timeout: 30_000 }).toBe(names.length);
  return caseId;
}

const nextAct = async (caseId: string) => (await readCase(world.running.app, centre.staff, caseId)).next.act;

async function goDue({ page }: Person): Promise<void> {
  await openAnew(page, world.running.origin, "#/due");
  await page.getByRole("button", { name: "직접 적을 양식" }).click();
}

test("the end of a request is copied from its own words into the web form, and nothing waits once it is sent", async () => {
  const caseId = await withdrawn(["가상 양식 하나"]);
  expect(await nextAct(caseId)).toBe("send-by-hand");
  for (const person of [narrow, wide]) {
    await goDue(person);
    const row = person.page.locator("[data-due=sheet]").filter({ hasText: "가상 양식 하나" });
    await row.getByText("철회 알림").waitFor();
    await row.getByRole("button", { name: /읽기/ }).click();
    await row.getByText("더 요청하지 않는다고 웹 양식으로 알리기").waitFor();
    // The request for removal lies ready no more.
    expect(await row.locator("textarea").count()).toBe(5);
    expect(await row.innerText()).not.toContain("/p/1");
    await holds(person, "end-form-due");
  }
  for (const person of [narrow, wide]) {
    await person.page.goto(`${world.running.origin}/desk/#/case/${caseId}`);
    await person.page.getByText("더 요청하지 않는다고 웹 양식으로 알리기").waitFor();
    await holds(person, "end-form-case");
  }
  const { page } = wide;
  await wide.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: /^내용.*복사/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("더 회신하실 필요가 없습니다");
  await page.getByRole("button", { name: "보냈습니다" }).click();
  await page.getByText("더 요청하지 않는다고 웹 양식으로 알리기").waitFor({ state: "hidden" });
  expect(await nextAct(caseId)).not.toBe("send-by-hand");
}, 120_000);

test("the ends of all forms of a case are told by one key", async () => {
  const caseId = await withdrawn(["가상 양식 둘", "가상 양식 셋"]);
  await goDue(wide);
  const { page } = wide;
  await page.getByRole("button", { name: "이 사건의 양식 2건 함께 열기" }).click();
  await page.locator("[data-together] form summary").first().click();
  await page.locator("[data-together] form textarea").first().waitFor();
  await holds(wide, "end-forms-together");
  await page.getByRole("button", { name: "고른 2건 모두 보냈습니다" }).click();
  await expect.poll(() => page.locator("[data-due=sheet]").count(), { timeout: 20_000 }).toBe(0);
  expect(await nextAct(caseId)).not.toBe("send-by-hand");
}, 120_000);
