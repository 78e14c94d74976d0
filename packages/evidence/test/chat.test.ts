import { describe, expect, test } from "vitest";
import { type ChatFile, type ChatFormat, ChatRefusal, type Message, readChat } from "../src/chat.ts";
import { fileOf, SAMPLES } from "./chat-samples.ts";

type Read = { file: ChatFile; messages: Message[] };

async function read(text: string | Uint8Array<ArrayBuffer>, format?: ChatFormat): Promise<Read> {
  const messages: Message[] = [];
  const file = await readChat(fileOf(text), (more) => void messages.push(...more), format);
  return { file, messages };
}

function sample(name: string): string {
  return SAMPLES.find((each) => each.name === name)?.text ?? "";
}

const doubtsOf = ({ file }: Read) => Object.fromEntries(file.doubts.map(({ code, places }) => [code, places]));
const said = ({ messages }: Read) => messages.map(({ at, sender, kind, text }) => [at.local, sender.name, kind, text]);

describe("every client's export", () => {
  test.each(SAMPLES)("$name is recognised by what it holds", async ({ format, text }) => {
    const { file, messages } = await read(text);
    expect(file.format).toBe(format);
    expect(file.doubts.map(({ code }) => code)).not.toContain("bad-time");
    expect(messages.length).toBeGreaterThan(1);
    expect(file).toMatchSnapshot();
    expect(messages).toMatchSnapshot();
  });

  test.each(SAMPLES)("$name is read alike in pieces of any size", async ({ text }) => {
    const whole = await read(text);
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 7, 64]) {
      const messages: Message[] = [];
      const stream = () =>
        new ReadableStream<Uint8Array>({
          start(to) {
            for (let at = 0; at < bytes.length; at += size) to.enqueue(bytes.slice(at, at + size));
            to.close();
          },
        });
      const file = await readChat({ stream }, (more) => void messages.push(...more));
      expect({ file, messages }).toEqual(whole);
    }
  });
});

describe("what an export leaves open stays open", () => {
  test("day and month that nothing tells apart give no date, and each line is named", async () => {
    const open = await read("1/2/24, 21:00 - Ganada: a\n1/2/24, 21:01 - Dara: b\n");
    expect(said(open).map(([local]) => local)).toEqual([null, null]);
    expect(open.messages[0]?.at.written).toBe("1/2/24, 21:00");
    expect(doubtsOf(open)).toEqual({ "day-or-month-open": [1, 2] });
  });

  test("a later date tells how the first ones were meant; one that only the sequence tells is marked", async () => {
    const told = await read("1/2/24, 21:00 - Ganada: a\n13/2/24, 21:01 - Dara: b\n");
    expect(said(told).map(([local]) => local)).toEqual(["2024-02-01T21:00", "2024-02-13T21:01"]);
    const bySequence = await read("12/1/24, 21:00 - Ganada: a\n2/2/24, 21:01 - Dara: b\n1/3/24, 21:01 - Dara: b\n");
    expect(said(bySequence).map(([local]) => local?.slice(0, 10))).toEqual(["2024-01-12", "2024-02-02", "2024-03-01"]);
    expect(doubtsOf(bySequence)).toEqual({ "day-or-month-by-order": [1, 2, 3] });
    const both = await read("13/1/24, 21:00 - Ganada: a\n1/14/24, 21:01 - Dara: b\n");
    expect(doubtsOf(both)["day-or-month-against"]).toEqual([2]);
  });

  test("words that imitate the head of a message are read as one, and the step back in time is named", async () => {
    const imitated = await read(
      "지어낸 방 님과 카카오톡 대화\n저장한 날짜 : 2024년 3월 2일 오전 9:00\n\n2024년 3월 1일 오후 9:00, 가나 : 이렇게 썼어\n2023년 1월 1일 오후 9:00, 다라 : 지어낸 줄\n",
    );
    expect(doubtsOf(imitated)).toEqual({ "time-goes-back": [5] });
  });

  test("the head of another client stays words", async () => {
    const mixed = await read(
      "지어낸 방 님과 카카오톡 대화\n저장한 날짜 : 2024-03-02 09:00:00\n\n--------------- 2024년 3월 1일 금요일 ---------------\n[가나] [오후 9:00] 붙여 넣음\n2024. 3. 1. 오후 8:00, 다라 : 옮긴 줄\n",
    );
    expect(said(mixed)).toHaveLength(1);
    expect(doubtsOf(mixed)).toEqual({ "other-way-of-writing": [6] });
  });

  test("noon and midnight, and hours that no clock has", async () => {
    const head = "지어낸 방 님과 카카오톡 대화\n";
    const line = (time: string) => `2024. 3. 1. ${time}, 가나 : 말\n`;
    const clock = await read(`${head}${["오전 12:00", "오후 12:00", "24:10", "23:59"].map(line).join("")}`);
    expect(said(clock).map(([local]) => local?.slice(11) ?? null)).toEqual(["00:00", "12:00", null, "23:59"]);
    expect(doubtsOf(clock)["bad-time"]).toEqual([4]);
  });

  test("a day or an hour that does not exist gives no time in JSON either", async () => {
    const message = (date: string) => `{"id":1,"type":"message","date":"${date}","from":"가나"}`;
    const dates = ["2024-02-30T10:00:00", "2024-02-28T24:00:00", "2024-02-29T23:59:59"].map(message);
    const odd = await read(`{"name":"n","type":"personal_chat","id":1,"messages":[${dates}]}`);
    expect(said(odd).map(([local]) => local)).toEqual([null, null, "2024-02-29T23:59:59"]);
    expect(doubtsOf(odd)["bad-time"]).toHaveLength(2);
  });

  test("an unsigned file that could be of two clients is refused until one is named", async () => {
    const text = "1/13/24, 21:00 - Ganada: a\n2024. 3. 1. 오후 9:00, 가나 : 말\n";
    await expect(read(text)).rejects.toMatchObject({ reason: { code: "AMBIGUOUS_FORMAT" } });
    expect((await read(text, "whatsapp")).messages).toHaveLength(1);
  });
});

describe("raw places", () => {
  test("bytes of a message are that message", async () => {
    const text = sample("Telegram, one chat");
    const bytes = new TextEncoder().encode(text);
    const { messages } = await read(text);
    const ids = messages.map(({ raw }) => JSON.parse(new TextDecoder().decode(bytes.slice(raw.from, raw.to))).id);
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("lines of a message are that message", async () => {
    const text = sample("KakaoTalk, Android, Korean");
    const [, message] = (await read(text)).messages;
    expect(text.split(/\r?\n/).slice((message?.raw.from ?? 0) - 1, message?.raw.to)).toEqual([
      "2024년 3월 1일 오후 11:59, 가나 : 첫 말",
      "둘째 줄",
    ]);
  });
});

describe("what is no export is refused with its reason", () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  const room = (messages: string) => `{"name":"n","type":"personal_chat","id":1,"messages":[${messages}]}`;
  const refusals: [string, string | Uint8Array<ArrayBuffer>, string][] = [
    ["nothing", "", "EMPTY"],
    ["words", "just some words\n", "UNKNOWN_FORMAT"],
    ["bytes", bytes(1, 0, 2), "NOT_TEXT"],
    ["other JSON", '{"a":1}', "UNKNOWN_FORMAT"],
    ["another page", "<html></html>", "UNKNOWN_FORMAT"],
    ["a file cut off", room('{"id":1,"type":"message","date":"2024-03-01T21:00:00"').slice(0, -2), "BROKEN"],
    ["a missing comma", room("{} {}"), "BROKEN"],
    ["a comma too many", room("{},"), "BROKEN"],
    ["a message too deep", room(`{"a":${"[".repeat(70)}${"]".repeat(70)}}`), "TOO_DEEP"],
    ["a frame too deep", `{"a":${"[".repeat(70)}`, "TOO_DEEP"],
    ["a message too long", room(`{"a":"${"x".repeat(1_100_000)}"}`), "TOO_LONG"],
    ["a line too long", `KakaoTalk Chats with X\n${"x".repeat(1_100_000)}`, "TOO_LONG"],
    ["too many lines of one message", `1/13/24, 21:00 - G: a\n${`${"x".repeat(999)}\n`.repeat(1100)}`, "TOO_LONG"],
    ["an open quote", 'Date,User,Message\n2024-03-01 21:00:05,"a","b', "BROKEN"],
  ];
  test.each(refusals)("%s", async (_, text, code) => {
    const refused = await read(text).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ChatRefusal);
    expect(refused).toMatchObject({ reason: { code } });
  });
});
