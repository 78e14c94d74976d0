import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../../server/src/contract.ts";
import { climb } from "../../server/src/escalation/climb.ts";
import { recordMail } from "../../server/src/mail/intake.ts";
import { openMailReader } from "../../server/src/mail/read-mail.ts";
import { recordAnswer } from "../../server/src/notices/answer.ts";
import { sendNotice } from "../../server/src/notices/send.ts";
import { askForHost, recordHostAnswer, takeHostLookup } from "../../server/src/store/host-lookup.ts";
import { deletePrepared } from "../../server/src/store/prepared.ts";
import { approveAll, tellRecipient } from "../../server/test/asking.ts";
import { did, openCase, post, readCase } from "../../server/test/desk-work.ts";
import { type Mailbox, openMailbox } from "../../server/test/mailbox.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import { axeFindings } from "./axe.ts";
import { newPerson, openAnew } from "./desk-browser.ts";
import { pressOn } from "./desk-keys.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";

const FROM = "notices@centre.example";
/** For what takes another process or a mail. */
const PATIENT = { timeout: 20_000 };
const ADULT = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };

let mailbox: Mailbox;
let world: World;
let centre: SeededCentre;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  mailbox = await openMailbox();
  world = await openWorld({ smtp: mailbox.url, mailFrom: FROM });
  centre = await seedCentre(world.running.jikim);
  ({ page, complaints } = await newPerson(world.browser));
  await signInByPassphrase(page, world.running.origin, centre.staff);
}, 120_000);
afterAll(async () => {
  await world.close();
  await mailbox.close();
});

const act = (url: string, body: object = {}) => post(world.running.app, centre.staff, `/api/desk/${url}`, body);
const read = (caseId: string) => readCase(world.running.app, centre.staff, caseId);

/** A case whose one place stands at a site of its own, which was asked by mail. */
async function asked(name: string, before: (host: string) => Promise<void> = async () => undefined) {
  const { app, jikim } = world.running;
  const host = `${randomBytes(6).toString("hex")}.example`;
  await before(host);
  const told = { name: { ko: name, en: name }, mail: `abuse@${host}`, hosts: [host], jurisdiction: "kr" as const };
  const { id: recipientId } = await tellRecipient(app, centre.staff, told);
  const places = [{ kind: "url" as const, text: `https://${host}/p/1` }];
  const server = { app, jikim } as Parameters<typeof openCase>[0];
  const { caseId } = await openCase(server, centre, { codes: ADULT, places });
  const { number, places: held } = await read(caseId);
  const body = { places: held.map(({ id }) => id), recipients: [recipientId] };
  const { notices } = await did<{ notices: desk.Notice[] }>(act(`cases/${caseId}/notices`, body));
  await did(approveAll(app, centre.staff, notices));
  await dropDrafts(caseId);
  const noticeId = notices[0]?.id ?? "";
  await sendNotice(jikim, noticeId);
  await expect.poll(() => stateOf(caseId, noticeId), PATIENT).toBe("sent");
  return { caseId, number, noticeId, recipientId };
}

/** The server drafts by itself as soon as directories have answered, which may be before or after a person did: here it did not. */
async function dropDrafts(caseId: string): Promise<void> {
  const drafts = (await read(caseId)).notices.filter(({ state }) => state === "draft");
  const recipientIds = drafts.map(({ recipient }) => recipient.id);
  await world.running.jikim.db.transaction().execute((tx) => deletePrepared(tx, { caseId, recipientIds }));
}

async function stateOf(caseId: string, noticeId: string) {
  return (await read(caseId)).notices.find(({ id }) => id === noticeId)?.state;
}

/** They say that it is not theirs: the ladder goes on, and since nobody named whom it comes to, the steps wait for a key. */
async function prepared(name: string, before?: (host: string) => Promise<void>) {
  const { jikim } = world.running;
  const first = await asked(name, before);
  const { noticeId, recipientId, caseId } = first;
  await recordAnswer(jikim, { noticeId, recipientId, answer: "not-ours", at: jikim.now() });
  await climb(jikim, caseId);
  const steps = async () => (await read(caseId)).notices.filter(({ id }) => id !== noticeId);
  return { ...first, steps };
}

/** Directories said who carries a site. */
async function tellHost(site: string): Promise<void> {
  const { db, vault, now } = world.running.jikim;
  const { id } = await askForHost(db, vault, site, now());
  const task = await takeHostLookup(db, vault, id, { now: now(), until: now().add({ minutes: 3 }) });
  if (task === null) throw new Error("nobody asks for the host");
  const host = {
    ...{ kind: "host" as const, name: { ko: "가상 호스팅", en: "Invented hosting" }, registryKey: null, api: null },
    ...{ jurisdiction: null, language: "en" as const, mail: `abuse@${site}`, form: null, xarf: false },
    ...{ mostPlaces: 250, sameHost: false },
  };
  const answer = { network: null, host, registrar: null, silent: [] };
  await recordHostAnswer(db, vault, task, {
    answer,
    staleAt: now().add({ hours: 100 }),
    nextTryAt: null,
    attempts: 1,
  });
}

async function go(hash: string, lane: string): Promise<void> {
  await openAnew(page, world.running.origin, hash);
  await page.getByRole("button", { name: lane }).click();
  await page.locator("[data-row]").first().waitFor();
}

/** The row of the list that has the focus. */
const rowInFocus = () => page.evaluate(() => document.activeElement?.closest("li")?.textContent ?? "");

test("a prepared step leaves by one key, another is dropped by one, and the keyboard goes on with the row after it", async () => {
  const { caseId, number, steps } = await prepared("지어낸 하나");
  const waiting = await steps();
  expect(waiting.map(({ state }) => state)).toEqual(waiting.map(() => "draft"));
  expect(waiting.length).toBeGreaterThan(2);
  await go("#/due", "준비된 다음 단계");
  expect(await page.locator(".counts").innerText()).toBe(`${waiting.length}건`);
  await page.keyboard.press("j");
  expect(await rowInFocus()).toMatch(new RegExp(`사건 ${number} .*위치 1곳.*보낼지 당신이 정합니다`, "s"));
  await pressOn(page, /에 보내기$/);
  await page.getByText(/에 보냅니다\.$/).waitFor();
  expect(await page.locator("[data-due=step]").count()).toBe(waiting.length - 1);
  expect(await rowInFocus()).toContain(`사건 ${number}`);
  await pressOn(page, /: 보내지 않기$/);
  await page.getByText(/에는 보내지 않습니다\.$/).waitFor();
  expect(await page.locator("[data-due=step]").count()).toBe(waiting.length - 2);
  const after = (await steps()).map(({ state }) => state);
  expect(after.filter((state) => state === "draft")).toHaveLength(waiting.length - 2);
  expect(after).toContain("stopped");
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await did(act(`cases/${caseId}/close`));
}, 60_000);

test("past the host the ladder comes to the regulator, whose form then waits among those to fill in", async () => {
  const { caseId, steps } = await prepared("지어낸 둘", tellHost);
  // What stands beside the site comes first when the ladder was looked at before they answered.
  for (const { id } of (await steps()).filter(({ recipient }) => recipient.kind === "search"))
    await did(act(`notices/${id}/step`, { do: "drop" }));
  await climb(world.running.jikim, caseId);
  const kinds = async () => (await steps()).map(({ recipient }) => recipient.kind);
  await expect.poll(kinds, PATIENT).toEqual(expect.arrayContaining(["host", "regulator"]));
  await go("#/due", "준비된 다음 단계");
  await page.keyboard.press("j");
  await pressOn(page, /^방송미디어통신심의위원회에 보내기$/);
  await page.getByText("방송미디어통신심의위원회에 보냅니다.").waitFor();
  await go("#/due", "직접 적을 양식");
  expect(await page.locator("[data-due=sheet]").allInnerTexts()).toEqual([
    expect.stringMatching(/방송미디어통신심의위원회[\s\S]*위치 1곳/),
  ]);
  await did(act(`cases/${caseId}/close`));
}, 60_000);

test("a refused joint key does nothing, and shows what others left of it", async () => {
  const { caseId, steps } = await prepared("지어낸 셋");
  await go("#/due", "준비된 다음 단계");
  const [first, ...others] = await steps();
  await did(act(`notices/${first?.id}/step`, { do: "drop" }));
  await page.keyboard.press("j");
  await page.keyboard.press("a");
  await page.keyboard.press("Enter");
  const alert = page.getByText(/아무것도 하지 않았습니다\./);
  await alert.waitFor();
  expect(await page.locator("[data-due=step]").count()).toBe(others.length);
  expect((await steps()).filter(({ state }) => state === "draft")).toHaveLength(others.length);
  await page.keyboard.press("a");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("[data-due=step]").count(), PATIENT).toBe(0);
  expect(await alert.count()).toBe(0);
  expect((await steps()).filter(({ state }) => state === "draft")).toEqual([]);
  await did(act(`cases/${caseId}/close`));
}, 60_000);

test("while the police ask to hold still, the ladder's key sends nothing and says why", async () => {
  const { caseId, steps } = await prepared("지어낸 넷");
  await go("#/due", "준비된 다음 단계");
  await did(act(`cases/${caseId}/flags`, { policeHold: true }));
  await page.keyboard.press("j");
  await pressOn(page, /에 보내기$/);
  await page.getByText(/아무것도 하지 않았습니다\. 경찰 보류 중/).waitFor();
  expect((await steps()).filter(({ state }) => state === "approved" || state === "sent")).toEqual([]);
  await did(act(`cases/${caseId}/close`));
}, 60_000);

test("a delivery in doubt is settled by one key: it arrived, or it is sent again", async () => {
  const { db } = world.running.jikim;
  const [arrived, lost] = [await asked("지어낸 다섯"), await asked("지어낸 여섯")];
  const doubt = { state: "in-doubt", doneAt: null, doubtedSince: new Date().toISOString(), nextTryAt: null } as const;
  await db.updateTable("delivery").set(doubt).where("noticeId", "in", [arrived.noticeId, lost.noticeId]).execute();
  await go("#/due", "확실하지 않은 전달");
  await page.keyboard.press("j");
  await pressOn(page, /^지어낸 다섯: 도착했다$/);
  await page.getByText("지어낸 다섯: 도착한 것으로 기록했습니다.").waitFor();
  expect(await rowInFocus()).toContain("지어낸 여섯");
  const before = mailbox.mails.length;
  await pressOn(page, /^지어낸 여섯: 다시 보내기$/);
  await page.getByText("확실하지 않은 전달이 없습니다.").waitFor();
  await sendNotice(world.running.jikim, lost.noticeId);
  await expect.poll(() => stateOf(lost.caseId, lost.noticeId), PATIENT).toBe("sent");
  await expect.poll(() => mailbox.mails.length, PATIENT).toBe(before + 1);
}, 60_000);

test("an answer is moved from the case it came to by mistake to another, and the guess about it is overruled", async () => {
  const [wrong, right] = [await asked("지어낸 일곱"), await asked("지어낸 여덟")];
  const reader = openMailReader();
  const [local, domain] = FROM.split("@");
  const source = `From: abuse@board.example\r\nTo: ${local}+${wrong.noticeId}@${domain}\r\nSubject: Re\r\nMessage-ID: <moved@board.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n요청하신 게시물은 삭제 처리되었습니다.\r\n`;
  const arrival = { mailboxKey: Buffer.alloc(32, 1), uid: 1 };
  await recordMail(world.running.jikim, await reader.read(Buffer.from(source)), arrival);
  await reader.close();
  await go("#/answers", "확인 기다림");
  expect(await page.locator(".counts").innerText()).toBe("1통");
  await page.keyboard.press("j");
  expect(await rowInFocus()).toMatch(/지어낸 일곱[\s\S]*짐작: 지웠다/);
  await pressOn(page, /^다른 요청서에 붙이기$/);
  await page.keyboard.press("Tab");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(String(right.number));
  await page.keyboard.press("Enter");
  await page.getByLabel(/^요청서 /).waitFor();
  await pressOn(page, /^여기에 붙이기$/);
  await expect.poll(rowInFocus, PATIENT).toMatch(/지어낸 여덟[\s\S]*짐작: 지웠다/);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("3");
  await page.getByText("지어낸 여덟: 거절(으)로 기록했습니다.").waitFor();
  const answerOf = async ({ caseId, noticeId }: typeof wrong) =>
    (await read(caseId)).notices.find(({ id }) => id === noticeId)?.answer?.answer ?? null;
  expect([await answerOf(wrong), await answerOf(right)]).toEqual([null, "refused"]);
}, 60_000);
