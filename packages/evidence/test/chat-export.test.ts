import { describe, expect, test } from "vitest";
import {
  chatPartSchema,
  exportChat,
  findUnproved,
  type Message,
  MOST_ROWS,
  openChat,
  originalHash,
  readChat,
} from "../src/chat.ts";
import { fileOf } from "./chat-samples.ts";

const TEXT = [
  "1/13/24, 21:00 - +82 10-0000-1111: 내 번호는 010-0000-2222, @hidden_no 아님",
  "1/13/24, 21:01 - +82 10-0000-3333: t.me/+Invented0001 에 있어",
  "1/13/24, 21:02 - Dara: 숨길 말 @secret_one",
  "",
].join("\n");

async function readAll(): Promise<Message[]> {
  const messages: Message[] = [];
  await readChat(fileOf(TEXT), (more) => void messages.push(...more));
  return messages;
}

describe("an export of chosen messages", () => {
  test("proves each of them, counts the left out ones and tells nothing of these", async () => {
    const { part } = await exportChat(fileOf(TEXT), [1, 0]);
    expect(chatPartSchema.parse(JSON.parse(JSON.stringify(part)))).toEqual(part);
    expect(findUnproved(part)).toEqual([]);
    expect([part.shown.length, part.leftOut, part.commitment.size]).toEqual([2, 1, 3]);
    expect(JSON.stringify(part)).not.toMatch(/숨길|secret_one|Dara/);
  });

  test("holds no phone number anywhere, counts them, and keeps two senders two", async () => {
    const { part } = await exportChat(fileOf(TEXT), [0, 1]);
    expect(JSON.stringify(part)).not.toMatch(/0000-\d{4}/);
    expect(part.redacted).toMatchObject({ phone: 3, card: 0 });
    const names = part.shown.map(({ text }) => JSON.parse(text).sender.name);
    expect(names).toEqual(["[전화번호 가림] #1", "[전화번호 가림] #2"]);
    expect(part.keys.map(({ kind, text }) => [kind, text])).toEqual([
      ["handle", "@hidden_no"],
      ["room", "https://t.me/+Invented0001"],
    ]);
  });

  test("is opened by the sealed original alone", async () => {
    const messages = await readAll();
    const { part, original } = await exportChat(fileOf(TEXT), [0]);
    const sealed = original.find(({ index }) => index === 0);
    const shown = JSON.parse(part.shown[0]?.text ?? "{}");
    expect(JSON.parse(sealed?.text ?? "null")).toEqual(messages[0]);
    expect(originalHash(sealed?.salt ?? "", sealed?.text ?? "")).toBe(shown.original);
  });

  test("does not hold when a message is altered, dropped or said to have been none", async () => {
    const { part } = await exportChat(fileOf(TEXT), [0, 1]);
    const [first, second] = part.shown;
    if (!first || !second) throw new Error("nothing shown");
    expect(findUnproved({ ...part, shown: [{ ...first, text: second.text }, second] })).toEqual([0]);
    expect(findUnproved({ ...part, shown: [first] })).toBeNull();
    expect(findUnproved({ ...part, leftOut: 0 })).toBeNull();
    expect(findUnproved({ ...part, shown: [first, first] })).toBeNull();
    await expect(exportChat(fileOf(TEXT), [3])).rejects.toThrow(RangeError);
  });
});

describe("an open export", () => {
  const LINES = Array.from(
    { length: 1234 },
    (_, at) =>
      `3/14/24, ${String(10 + (Math.floor(at / 60) % 10))}:${String(at % 60).padStart(2, "0")} - ${at % 2 ? "Dara" : "Gana"}: 말 ${at}${"💥".repeat(120)}`,
  ).join("\n");

  test("gives rows by the page, each with its place, time, sender and first two hundred characters", async () => {
    const chat = await openChat(fileOf(LINES));
    expect(await chat.rows(2, 1)).toEqual([
      { index: 2, room: 0, at: "2024-03-14T10:02", sender: "Gana", kind: "text", text: `말 2${"💥".repeat(98)}` },
    ]);
    const all = [...(await chat.rows(0, 9999)), ...(await chat.rows(500, 500)), ...(await chat.rows(1000, 500))];
    expect(all.map(({ index }) => index)).toEqual(Array.from({ length: 1234 }, (_, at) => at));
    expect((await chat.rows(0, 9999)).length).toBe(MOST_ROWS);
    expect(await chat.rows(1234, 10)).toEqual([]);
  });

  test("gives the same rows when they did not fit and are read from the file again", async () => {
    const [kept, read] = [await openChat(fileOf(LINES)), await openChat(fileOf(LINES), { keptBytes: 1000 })];
    for (const from of [0, 499, 500, 1230]) expect(await read.rows(from, 20)).toEqual(await kept.rows(from, 20));
    expect(await read.find({ words: "말 77" })).toEqual(await kept.find({ words: "말 77" }));
  });

  test("finds by words, sender and time, all at once", async () => {
    const chat = await openChat(fileOf(LINES));
    expect(await chat.find({ words: "말 77" })).toMatchObject({ times: 11 });
    expect(await chat.find({ words: "말 77", sender: "Dara" })).toEqual({
      places: [77, 771, 773, 775, 777, 779],
      times: 6,
    });
    const hour = await chat.find({ since: "2024-03-14T19:30", until: "2024-03-14T19:3" });
    expect(hour).toEqual({
      places: [
        570, 571, 572, 573, 574, 575, 576, 577, 578, 579, 1170, 1171, 1172, 1173, 1174, 1175, 1176, 1177, 1178, 1179,
      ],
      times: 20,
    });
  });

  test("shows more later, under the same commitment, to who kept the secret", async () => {
    const chat = await openChat(fileOf(LINES));
    const first = await chat.show([5]);
    const more = await chat.show([5, 1000], first.secret);
    expect(more.part.commitment).toEqual(first.part.commitment);
    expect(findUnproved(more.part)).toEqual([]);
    expect((await chat.show([5])).part.commitment).not.toEqual(first.part.commitment);
  });
});
