import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decryptText, keysOfReturnCode, openSealed, unwrapCaseKey, unwrapFileKey } from "@jikim/evidence";
import { findUnproved, originalHash } from "@jikim/evidence/chat";
import type { chats, desk } from "@jikim/server/contract";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Prepared, prepareReport, sendReport } from "../../server/src/demo/survivor.ts";
import { dumpDatabase } from "../../server/test/dump.ts";
import { readBody } from "../../server/test/log-body.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import { readChatOriginal, readChatPart, readShown } from "../src/shared/chat-files.ts";
import { axeFindings } from "./axe.ts";
import { newPerson } from "./desk-browser.ts";
import { inventedReport } from "./desk-report.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";
import { arrive, press, storedOn, titled, type Visit, visit, word } from "./portal-visit.ts";

/** Words of invented people that must come to nobody but who holds the case. */
const SHOWN = "빨간우산 아래에서 기다릴게";
const HIDDEN = "파란모자는 아무도 모른다";
const PHONE = "010-1234-5678";
const ROOM = "https://open.kakao.com/o/gInvented1";

let world: World;
let centre: SeededCentre;
let prepared: Prepared;
let folder = "";

/** 120 messages of four days; the 60th to the 62nd are to be shown. */
function kakaoTalk(): string {
  const head = "﻿지어낸 방 2 님과 카카오톡 대화\r\n저장한 날짜 : 2024년 3월 9일 오전 9:00\r\n\r\n";
  const lines = Array.from({ length: 120 }, (_, at) => {
    const [day, minute] = [1 + Math.floor(at / 30), String(at % 30).padStart(2, "0")];
    const text =
      { 10: HIDDEN, 59: SHOWN, 60: `내 번호는 ${PHONE} 이야`, 61: `여기로 와 ${ROOM}`, 100: `${HIDDEN} 또` }[at] ??
      `지어낸 말 ${at}`;
    return `2024년 3월 ${day}일 오후 9:${minute}, ${at % 2 === 0 ? "가나" : "다라"} : ${text}\r\n`;
  });
  return head + lines.join("");
}

function telegram(): string {
  const messages = Array.from({ length: 4 }, (_, at) => ({
    ...{
      id: at + 1,
      type: "message",
      date: `2024-03-0${at + 1}T21:00:00`,
      date_unixtime: String(1709294400 + at * 86_400),
    },
    ...{ from: "가나", from_id: "user101", text: at === 2 ? "보세요 t.me/+AbCdEf12345 @invented_friend" : `말 ${at}` },
  }));
  return JSON.stringify({ name: "지어낸 방", type: "private_supergroup", id: 4242, messages }, null, 1);
}

beforeAll(async () => {
  world = await openWorld();
  centre = await seedCentre(world.running.jikim);
  folder = await mkdtemp(join(tmpdir(), "jikim-chat-"));
  const { origin } = world.running;
  prepared = await prepareReport(await (await fetch(`${origin}/api/centre`)).json(), inventedReport());
  await sendReport(origin, prepared);
}, 120_000);
afterAll(async () => {
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Her case, and from there the page that brings in a chat. */
async function openImport(width = 360): Promise<Visit> {
  const visiting = await visit(world.browser, { width });
  const { page } = visiting;
  await arrive(page, world.running.origin);
  await press(page, "welcome_return");
  await page.getByLabel(word("code_title")).fill(prepared.code);
  await press(page, "return_open");
  await titled(page, "case_title");
  await press(page, "chat_title");
  await titled(page, "chat_title");
  return visiting;
}

const choose = (page: Page, path: string) => page.setInputFiles("#chat-file", path);
const filled = (key: string, holes: Record<string, string | number>) =>
  Object.entries(holes).reduce((text, [name, value]) => text.replace(`{${name}}`, String(value)), word(key));

async function shoot(page: Page, name: string): Promise<void> {
  const to = process.env.JIKIM_SCREENSHOTS;
  if (to === undefined) return;
  await page.screenshot({ path: `${to}/${name}.png`, fullPage: true });
  await page.getByRole("button", { name: "English", exact: true }).click();
  await page.screenshot({ path: `${to}/${name}-en.png`, fullPage: true });
  await page.getByRole("button", { name: "한국어", exact: true }).click();
}

async function askDesk<T>(path: string): Promise<T> {
  const response = await fetch(`${world.running.origin}${path}`, { headers: centre.staff.headers });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** The last chat as someone opens it who holds the case. */
async function openAtDesk() {
  const { id } = await world.running.jikim.db.selectFrom("cases").select("id").executeTakeFirstOrThrow();
  const held = await askDesk<desk.Case>(`/api/desk/cases/${id}`);
  const [chat] = (await askDesk<chats.Chats>(`/api/desk/cases/${id}/chats`)).chats;
  if (chat === undefined) throw new Error("no chat came");
  const { identity } = await unwrapCaseKey(Buffer.from(held.wrapped, "base64url"), centre.staff.key.identity);
  const open = async (name: chats.ChatFileName) => {
    const key = held.fileKeys.find((one) => one.id === chat[name].id)?.sealed ?? "";
    const url = `${world.running.origin}/api/desk/cases/${id}/chats/${chat.id}/${name}`;
    const { body } = await fetch(url, { headers: centre.staff.headers });
    if (body === null) throw new Error("nothing came");
    return decryptText(body, await unwrapFileKey(Buffer.from(key, "base64url"), identity));
  };
  return { chat, part: await open("part"), original: await open("original") };
}

test("she brings in a chat, shows three messages of it, and staff open these and can prove the rest", {
  timeout: 90_000,
}, async () => {
  const { page, context, sent, complaints } = await openImport();
  expect(await axeFindings(page)).toEqual([]);
  await shoot(page, "chat-1-guide");
  await choose(page, await fileOf("KakaoTalk_Chats.txt", kakaoTalk()));
  await titled(page, "chat_pick_title");
  await page.getByText(filled("chat_page", { from: 1, to: 50, count: 120 })).waitFor();
  await press(page, "chat_after");
  await page.getByText(filled("chat_page", { from: 51, to: 100, count: 120 })).waitFor();
  await press(page, "chat_pick_stretch");
  await page.getByText(SHOWN).click();
  await page.getByText(ROOM).click();
  await page.getByText(filled("chat_picked", { count: 3 })).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await shoot(page, "chat-2-choose");
  const before = sent.length;
  await page.getByRole("button", { name: filled("chat_go_check", { count: 3 }) }).click();
  await titled(page, "chat_check_title");
  await page.getByText(filled("chat_check_left", { left: 117 })).waitFor();
  await page.getByText(filled("chat_hidden_count", { what: word("chat_hidden_phone"), count: 1 })).waitFor();
  const tick = page.getByRole("checkbox", { name: new RegExp(ROOM) });
  expect(await tick.isChecked()).toBe(false);
  await tick.check();
  expect(await axeFindings(page)).toEqual([]);
  await shoot(page, "chat-3-check");
  expect(sent.slice(before).filter((one) => /\/api\//.test(one))).toEqual([]);
  await press(page, "chat_send");
  await titled(page, "chat_sent_title");
  await shoot(page, "chat-4-sent");
  await press(page, "chat_to_case");
  await page.getByText(filled("chats_counts", { shown: 3, left: 117 })).waitFor();
  await page.locator("p.address", { hasText: ROOM }).waitFor();
  await shoot(page, "chat-5-case");
  expect(await storedOn(page)).not.toContain(SHOWN);

  const { chat, part, original } = await openAtDesk();
  const read = readChatPart(part);
  if (read === null) throw new Error("the part is none");
  expect([read.format, read.shown.length, read.leftOut, read.redacted.phone]).toEqual(["kakaotalk", 3, 117, 1]);
  expect(findUnproved(read)).toEqual([]);
  expect(read.commitment).toEqual(chat.commitment);
  expect(read.shown.map(({ index, text }) => readShown(index, text)?.text)).toEqual([
    SHOWN,
    expect.stringContaining("[전화번호 가림]"),
    expect.stringContaining(ROOM),
  ]);
  const [was] = readChatOriginal(original)?.original ?? [];
  expect(was?.text).toContain(PHONE);
  const hash = JSON.parse(read.shown[1]?.text ?? "{}").original;
  expect(originalHash(was?.salt ?? "", was?.text ?? "")).toBe(hash);
  for (const text of [part, original]) expect(text).not.toContain(HIDDEN);
  expect(part).not.toContain(PHONE);

  const everything = [...sent, await dumpDatabase(world.database)].join("\n");
  for (const words of [SHOWN, HIDDEN, PHONE, "KakaoTalk_Chats", "지어낸 말"]) {
    expect(everything.includes(words)).toBe(false);
    expect(everything.includes(Buffer.from(words).toString("base64").slice(4, -4))).toBe(false);
    expect(everything.includes(Buffer.from(words).toString("latin1"))).toBe(false);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

test("at the desk the shown messages are read as text, numbers hidden until asked for, and she is told of both", {
  timeout: 60_000,
}, async () => {
  const { page, context, complaints } = await newPerson(world.browser);
  await signInByPassphrase(page, world.running.origin, centre.staff);
  const { id } = await world.running.jikim.db.selectFrom("cases").select("id").executeTakeFirstOrThrow();
  await page.goto(`${world.running.origin}/desk/#/evidence/${id}`);
  const card = page.locator("#chats");
  await card.getByRole("button", { name: /열어 읽기/ }).click();
  await card.getByText(SHOWN).waitFor();
  await card.getByText("그날 보낸 그대로입니다", { exact: false }).waitFor();
  expect(await card.innerText()).not.toContain(PHONE);
  expect(await card.innerText()).not.toContain(HIDDEN);
  await card.getByRole("button", { name: /가린 번호 보기/ }).click();
  await card.getByText(PHONE, { exact: false }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.locator("img, video").count()).toBe(0);
  await shoot(page, "chat-7-desk");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await shoot(page, "chat-7-desk-narrow");
  const rows = await world.running.jikim.db
    .selectFrom("logEntry")
    .select(["commitment", "sealed"])
    .where("what", "=", "custody")
    .execute();
  const notes = rows.map((row) => readBody(world.running.jikim.vault, row).note);
  expect(notes).toEqual(expect.arrayContaining(["chat-part", "chat-original"]));
  expect(complaints).toEqual([]);
  await context.close();
});

test("the secret behind the salts opens with her code, and with the case key it does not", async () => {
  const { chat } = await openAtDesk();
  const { hers } = await world.running.jikim.db
    .selectFrom("chat")
    .select("hers")
    .where("id", "=", chat.id)
    .executeTakeFirstOrThrow();
  expect(await openSealed(hers, keysOfReturnCode(prepared.code).identity)).toEqual({
    secret: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  await expect(openSealed(hers, prepared.key.identity)).rejects.toThrow();
});

test("messages are found by words, sender and day, and by the keyboard alone", { timeout: 60_000 }, async () => {
  const { page, context } = await openImport();
  await choose(page, await fileOf("chat.txt", kakaoTalk()));
  await titled(page, "chat_pick_title");
  await page.getByText(word("chat_find"), { exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type(HIDDEN.slice(0, 4));
  await page.keyboard.press("Enter");
  await page.getByText(filled("chat_page", { from: 1, to: 2, count: 2 })).waitFor();
  await page.getByLabel(word("chat_find_words")).fill("");
  await page.getByLabel(word("chat_find_sender")).selectOption("다라");
  await page.getByLabel(word("chat_find_since")).fill("2024-03-02");
  await page.getByLabel(word("chat_find_until")).fill("2024-03-02");
  await press(page, "chat_find_go");
  await page.getByText(filled("chat_page", { from: 1, to: 15, count: 15 })).waitFor();
  await page.getByRole("button", { name: filled("chat_pick_found", { count: 15 }) }).press("Enter");
  await page.getByText(filled("chat_picked", { count: 15 })).waitFor();
  await page.locator("ol.list input").first().press("Space");
  await page.getByText(filled("chat_picked", { count: 14 })).waitFor();
  await press(page, "chat_find_all", "chat_pick_none", "chat_pick_all");
  await page.getByText(filled("chat_picked", { count: 120 })).waitFor();
  await context.close();
});

test("a Telegram export offers accounts and rooms, and tells of none that she does not tick", {
  timeout: 60_000,
}, async () => {
  const { page, context, complaints } = await openImport(1280);
  await shoot(page, "chat-1-guide-wide");
  await choose(page, await fileOf("result.json", telegram()));
  await titled(page, "chat_pick_title");
  await shoot(page, "chat-2-choose-wide");
  await press(page, "chat_pick_all");
  await page.getByRole("button", { name: filled("chat_go_check", { count: 4 }) }).click();
  await page.getByText(word("chat_check_all")).waitFor();
  const found = page.getByRole("group", { name: word("chat_found_title") });
  expect((await found.locator(".address").allInnerTexts()).sort()).toEqual([
    "@invented_friend",
    "https://t.me/+AbCdEf12345",
    "telegram:user101",
  ]);
  await shoot(page, "chat-3-check-wide");
  const places = async () => (await world.running.jikim.db.selectFrom("place").select("id").execute()).length;
  const had = await places();
  await press(page, "chat_send");
  await titled(page, "chat_sent_title");
  expect(await places()).toBe(had);
  expect(complaints).toEqual([]);
  await context.close();
});

test("files that are none, empty or cut are refused in her words, and nothing leaves", {
  timeout: 60_000,
}, async () => {
  const { page, context, sent, complaints } = await openImport();
  const before = sent.length;
  const files = {
    chat_refused_empty: "",
    chat_refused_unknown: "그냥 일기입니다.\n오늘은 비가 왔다.\n",
    chat_refused_broken: telegram().slice(0, 600),
  };
  for (const [key, content] of Object.entries(files)) {
    await choose(page, await fileOf(`${key}.txt`, content));
    await page.getByRole("alert").getByText(word(key)).waitFor();
  }
  await shoot(page, "chat-6-refused");
  expect(sent.slice(before).filter((one) => /\/api\//.test(one))).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("when she leaves while choosing, the page is blank at once and nothing of the chat stays", async () => {
  const { page, context } = await openImport();
  await choose(page, await fileOf("leaving.txt", kakaoTalk()));
  await titled(page, "chat_pick_title");
  await page.getByRole("button", { name: new RegExp(`^${word("exit")}`) }).click();
  await page.waitForURL(/weather/);
  await page.goBack().catch(() => undefined);
  expect(await page.content()).not.toContain("지어낸 말");
  await context.close();
});
