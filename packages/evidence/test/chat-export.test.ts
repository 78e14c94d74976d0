import { describe, expect, test } from "vitest";
import {
  type ChatFile,
  chatPartSchema,
  exportMessages,
  findUnproved,
  type Message,
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

async function readAll(): Promise<{ file: ChatFile; messages: Message[] }> {
  const messages: Message[] = [];
  const file = await readChat(fileOf(TEXT), (more) => void messages.push(...more));
  return { file, messages };
}

describe("an export of chosen messages", () => {
  test("proves each of them, counts the left out ones and tells nothing of these", async () => {
    const { file, messages } = await readAll();
    const { part } = exportMessages(file, messages, [1, 0]);
    expect(chatPartSchema.parse(JSON.parse(JSON.stringify(part)))).toEqual(part);
    expect(findUnproved(part)).toEqual([]);
    expect([part.shown.length, part.leftOut, part.commitment.size]).toEqual([2, 1, 3]);
    expect(JSON.stringify(part)).not.toMatch(/숨길|secret_one|Dara/);
  });

  test("holds no phone number anywhere, counts them, and keeps two senders two", async () => {
    const { file, messages } = await readAll();
    const { part } = exportMessages(file, messages, [0, 1]);
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
    const { file, messages } = await readAll();
    const { part, original } = exportMessages(file, messages, [0]);
    const sealed = original.find(({ index }) => index === 0);
    const shown = JSON.parse(part.shown[0]?.text ?? "{}");
    expect(JSON.parse(sealed?.text ?? "null")).toEqual(messages[0]);
    expect(originalHash(sealed?.salt ?? "", sealed?.text ?? "")).toBe(shown.original);
  });

  test("does not hold when a message is altered, dropped or said to have been none", async () => {
    const { file, messages } = await readAll();
    const { part } = exportMessages(file, messages, [0, 1]);
    const [first, second] = part.shown;
    if (!first || !second) throw new Error("nothing shown");
    expect(findUnproved({ ...part, shown: [{ ...first, text: second.text }, second] })).toEqual([0]);
    expect(findUnproved({ ...part, shown: [first] })).toBeNull();
    expect(findUnproved({ ...part, leftOut: 0 })).toBeNull();
    expect(findUnproved({ ...part, shown: [first, first] })).toBeNull();
    expect(() => exportMessages(file, messages, [3])).toThrow(RangeError);
  });
});
