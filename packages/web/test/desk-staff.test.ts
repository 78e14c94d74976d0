import { showRootSecret } from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SeededCentre, seedCentre, seedStaff } from "../../server/test/seed.ts";
import { axeFindings } from "./axe.ts";
import { newPerson } from "./desk-browser.ts";
import { openWorld, recordSent, signInByPassphrase, type World } from "./desk-world.ts";

let world: World;
let seeded: SeededCentre;

beforeAll(async () => {
  world = await openWorld();
  seeded = await seedCentre(world.running.jikim);
});
afterAll(() => world.close());

/** Signs in at the desk as a seeded person, in a browser of her own. */
async function atDesk(person: SeededCentre["admin"]) {
  const { page, complaints } = await newPerson(world.browser);
  await signInByPassphrase(page, world.running.origin, person);
  return { page, complaints };
}

test("an invited person enrols, two supervisors approve, one signs with the root from paper, and the root is never sent", async () => {
  const root = seeded.root;
  const other = await seedStaff(world.running.jikim, { pseudonym: "감독 2", roles: ["supervisor"], root });
  const admin = await atDesk(seeded.admin);
  await admin.page.getByRole("link", { name: "직원" }).click();
  await admin.page.getByRole("button", { name: "한 번 쓰는 링크 만들기" }).click();
  const link = await admin.page.locator("[data-invitation]").innerText();
  expect(await axeFindings(admin.page)).toEqual([]);

  const invited = await newPerson(world.browser);
  await invited.page.goto(link);
  await invited.page.getByLabel("업무 이름").fill("상담 9");
  expect(await axeFindings(invited.page)).toEqual([]);
  await invited.page.getByRole("button", { name: "등록하기" }).click();
  await invited.page.getByRole("link", { name: "들어가기로" }).click();
  await invited.page.getByRole("button", { name: "패스키로 들어가기" }).click();
  await invited.page.getByText("루트 열쇠로 서명할 때까지는 사건을 열 수 없습니다").waitFor();

  const first = await atDesk(seeded.staff);
  await first.page.getByRole("link", { name: "직원" }).click();
  await first.page.getByRole("button", { name: "상담 9: 승인하기" }).click();
  await first.page.getByText("감독자 승인 1/2").waitFor();
  expect(await first.page.getByText("루트 열쇠로 서명하기").count()).toBe(0);

  const second = await atDesk(other);
  const sent = recordSent(second.page);
  await second.page.getByRole("link", { name: "직원" }).click();
  await second.page.getByRole("button", { name: "상담 9: 승인하기" }).click();
  await second.page.getByText("루트 열쇠로 서명하기").click();
  const secret = showRootSecret(root.secret);
  const form = second.page.locator("[data-staff=waiting] form");
  await form.getByRole("checkbox").check();
  await form.getByLabel("루트 열쇠").fill(secret.replace(/^..../, "0000"));
  await form.getByRole("button", { name: "서명하기" }).click();
  await form.getByText("이 센터의 루트 열쇠가 아니거나 잘못 읽었습니다").waitFor();
  expect(await axeFindings(second.page)).toEqual([]);
  await form.getByLabel("루트 열쇠").fill(secret.toLowerCase());
  await form.getByRole("button", { name: "서명하기" }).click();
  await second.page.locator("[data-staff=waiting]").waitFor({ state: "detached" });
  for (const text of [secret, secret.toLowerCase(), secret.slice(0, 19), root.secret])
    expect(sent()).not.toContain(text);

  await invited.page.getByRole("button", { name: "잠그기" }).click();
  await invited.page.getByRole("button", { name: "패스키로 들어가기" }).click();
  await invited.page.getByRole("button", { name: "내 사건" }).waitFor();
  for (const { complaints } of [admin, invited, first, second]) expect(complaints).toEqual([]);
}, 90_000);

test("a passkey that gives no PRF output cannot keep a staff key: a passphrase is needed, and opens it", async () => {
  const admin = await atDesk(seeded.admin);
  await admin.page.getByRole("link", { name: "직원" }).click();
  await admin.page.getByRole("button", { name: "한 번 쓰는 링크 만들기" }).click();
  const link = await admin.page.locator("[data-invitation]").innerText();
  const { page } = await newPerson(world.browser, { hasPrf: false });
  await page.goto(link);
  await page.getByLabel("업무 이름").fill("상담 10");
  await page.getByRole("button", { name: "등록하기" }).click();
  await page.getByText("이 패스키는 열쇠를 보관하지 못합니다").waitFor();
  const passphrase = await page.locator(".secret .code").innerText();
  await page.getByLabel("마지막 네 글자").fill(passphrase.slice(-4));
  await page.getByRole("button", { name: "등록하기" }).click();
  await page.getByRole("link", { name: "들어가기로" }).click();
  await page.getByRole("button", { name: "패스키로 들어가기" }).click();
  await page.getByText("이 패스키로는 열쇠를 열 수 없습니다").waitFor();
}, 60_000);

test("the admin registers a platform whose key is shown once, and is offered no case", async () => {
  const { page, complaints } = await atDesk(seeded.admin);
  await page.getByRole("link", { name: "플랫폼" }).click();
  await page.getByLabel("이름", { exact: true }).fill("가상 게시판");
  await page.getByLabel("호스트").fill("board.example");
  await page.getByRole("button", { name: "등록하기" }).click();
  expect(await page.locator("[data-platform-key]").innerText()).toMatch(/^jikim_/);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "가상 게시판: 가해 운영자로 표시" }).click();
  await page.locator("[data-platform]").getByText("! 가해 운영자").waitFor();
  await page.getByRole("button", { name: "가상 게시판: 열쇠 거두기" }).click();
  await page.getByText("열쇠를 거둠").waitFor();
  await page.reload();
  await page.goto(`${world.running.origin}/desk/#/queue`);
  await signInByPassphrase(page, world.running.origin, seeded.admin);
  expect(await page.getByRole("link", { name: "사건" }).count()).toBe(0);
  expect(await page.locator("[data-platform-key]").count()).toBe(0);
  await page.getByRole("link", { name: "센터" }).click();
  await page.getByLabel("한 시간에 받는 신고").fill("7");
  await page.getByRole("button", { name: "저장", exact: true }).click();
  await page.getByText("저장했습니다").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
}, 60_000);
