import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCentre } from "../../server/src/store/centre.ts";
import { axeFindings } from "./axe.ts";
import { newPerson } from "./desk-browser.ts";
import { openWorld, recordSent, type World } from "./desk-world.ts";

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const setupLink = () => `${world.running.origin}/desk/#/setup?token=${world.running.setupToken}`;

async function enrolByPasskey(page: Page, pseudonym: string): Promise<void> {
  await page.getByLabel("업무 이름").fill(pseudonym);
  await page.getByRole("button", { name: "등록하기" }).click();
}

/** The groups on each sheet, as someone would copy them to paper. */
function readSheets(page: Page): Promise<string[][]> {
  return page
    .locator(".sheet")
    .evaluateAll((sheets) =>
      sheets.map((sheet) => [...sheet.querySelectorAll("li")].map((li) => li.textContent ?? "")),
    );
}

async function typeGroups(page: Page, sheets: readonly string[][]): Promise<void> {
  const inputs = await page.locator("input[data-group]").all();
  for (const [at, input] of inputs.entries())
    await input.fill(sheets[at]?.[Number(await input.getAttribute("data-group"))] ?? "");
}

test("set-up enrols two people by passkey, makes the keys once, resumes after a reload, and sends no secret", async () => {
  const { page, complaints } = await newPerson(world.browser);
  const sent = recordSent(page);
  const findings: string[] = [];
  const look = async () => findings.push(...(await axeFindings(page)));

  await page.goto(setupLink());
  await page.getByRole("heading", { name: "1. 첫 관리자 등록" }).waitFor();
  await look();
  await enrolByPasskey(page, "관리 1");
  await page.getByRole("heading", { name: "2. 첫 접수 담당 등록" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "2. 첫 접수 담당 등록" }).waitFor();
  await enrolByPasskey(page, "상담 1");
  await page.getByRole("heading", { name: "3. 센터 이름과 연락처" }).waitFor();
  await look();

  await page.getByLabel("센터 이름 (한국어)").fill("가상 센터");
  await page.getByLabel("센터 이름 (영어)").fill("Invented centre");
  await page.getByLabel("센터의 법적 자격").selectOption({ label: "성폭력피해상담소" });
  await page.getByLabel("요청서에 서명하는 사람").fill("가상 상담팀장");
  await page.getByRole("button", { name: "열쇠 만들기" }).click();
  await page.locator(".sheet").first().waitFor();
  const sheets = await readSheets(page);
  expect(sheets).toHaveLength(6);
  await look();
  await page.getByRole("button", { name: "여섯 장을 모두 보관했습니다" }).click();
  await page.getByRole("heading", { name: "3. 보관했는지 확인" }).waitFor();

  await typeGroups(
    page,
    sheets.map((groups, at) => (at === 3 ? groups.map(() => "WRNG") : groups)),
  );
  await page.getByRole("button", { name: "서명하고 센터 열기" }).click();
  await page.getByText("종이와 다른 것이 있습니다").waitFor();
  expect((await (await fetch(`${world.running.origin}/api/centre`)).json()).open).toBe(false);
  await look();
  await typeGroups(page, sheets);
  await page.getByRole("button", { name: "서명하고 센터 열기" }).click();
  await page.getByRole("heading", { name: "센터가 열렸습니다" }).waitFor();
  const centre = await (await fetch(`${world.running.origin}/api/centre`)).json();
  expect(centre.open).toBe(true);
  const { settings } = await findCentre(world.running.jikim.db);
  expect(settings).toMatchObject({ senderKind: "counselling-centre", signer: "가상 상담팀장" });
  await look();

  for (const groups of sheets) expect(sent()).not.toContain(groups.slice(0, 3).join("-"));
  expect(sent()).not.toContain('"prf"');
  expect(findings).toEqual([]);
  expect(complaints).toEqual([]);

  await page.getByRole("link", { name: "들어가기로" }).click();
  await page.getByRole("button", { name: "패스키로 들어가기" }).waitFor();
  await look();
  await page.getByRole("button", { name: "패스키로 들어가기" }).click();
  await page.getByRole("button", { name: "잠그기" }).waitFor();
  expect(findings).toEqual([]);
}, 90_000);

test("a set-up link that is not ours says so", async () => {
  const { page } = await newPerson(world.browser);
  await page.goto(`${world.running.origin}/desk/#/setup?token=${"x".repeat(43)}`);
  await page.getByText("기한이 지났거나 이미 쓴 링크입니다").waitFor();
}, 30_000);
