import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";
import { type Connection, post } from "./connection.ts";
import { uuidOf } from "./digest.ts";
import { JikimRefusal } from "./refusal.ts";
import type { Store } from "./store.ts";
import { parseJson } from "./verify.ts";
import { answerSchema, type NoticeAnswer, noticeAnswerSchema, type PlatformAnswer } from "./wire.ts";

/** What waits to be told to the centre. */
type Task =
  | { readonly kind: "entry"; readonly answer: PlatformAnswer }
  | { readonly kind: "notice"; readonly noticeId: string; readonly answer: NoticeAnswer };

const taskSchema: z.ZodType<Task> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("entry"), answer: answerSchema }),
  z.strictObject({ kind: z.literal("notice"), noticeId: z.uuid(), answer: noticeAnswerSchema }),
]);
const lineSchema = z.union([
  z.strictObject({ salt: z.string() }),
  z.strictObject({ add: taskSchema }),
  z.strictObject({ done: z.array(z.string()) }),
]);

/** Answers that are kept until the centre has them: through restarts, and never twice. */
export type Answers = {
  /** Takes up what was stored. */
  load(): Promise<void>;
  /** Durable when it resolves. The same reference for the same entry and deed is one answer; it never leaves this machine. */
  addForEntry(entryId: string, did: PlatformAnswer["did"], reference: string): Promise<void>;
  addForNotice(noticeId: string, answer: NoticeAnswer["answer"]): Promise<void>;
  waiting(): number;
  /** Tells the centre everything that waits. @throws {JikimRefusal} `UNREACHABLE`, `KEY_REFUSED`; `ANSWER_REFUSED` after the rest. */
  deliver(): Promise<void>;
};

const MOST_AT_ONCE = 500;
const MOST_DONE_LINES = 1000;

export function createAnswers(connection: Connection, store: Store, now: () => number): Answers {
  const waiting = new Map<string, Task>();
  let salt = "";
  let doneLines = 0;

  const finish = async (keys: readonly string[]): Promise<void> => {
    for (const key of keys) waiting.delete(key);
    doneLines += 1;
    if (doneLines < MOST_DONE_LINES) return store.append("answers", [JSON.stringify({ done: keys })]);
    doneLines = 0;
    const kept = [...waiting.values()].map((task) => JSON.stringify({ add: task }));
    return store.replace("answers", [JSON.stringify({ salt }), ...kept]);
  };
  const add = async (task: Task): Promise<void> => {
    if (waiting.has(keyOf(task))) return;
    // Known before it is stored, so that a rewrite of the store meanwhile does not leave it out.
    waiting.set(keyOf(task), task);
    try {
      await store.append("answers", [JSON.stringify({ add: task })]);
    } catch (failure) {
      waiting.delete(keyOf(task));
      throw failure;
    }
  };
  const at = () => new Date(now()).toISOString();

  return {
    async load() {
      const lines = (await store.read("answers")).map(readLine);
      for (const line of lines) {
        if (line === null) continue;
        if ("salt" in line) salt = line.salt;
        else if ("add" in line) waiting.set(keyOf(line.add), line.add);
        else for (const key of line.done) waiting.delete(key);
      }
      if (salt !== "") return;
      salt = bytesToHex(crypto.getRandomValues(new Uint8Array(16)));
      await store.append("answers", [JSON.stringify({ salt })]);
    },
    addForEntry: (entryId, did, reference) =>
      add({
        kind: "entry",
        answer: { id: uuidOf([salt, entryId, did, reference].join("\n")), entryId, did, at: at() },
      }),
    addForNotice: (noticeId, answer) => add({ kind: "notice", noticeId, answer: { answer, at: at() } }),
    waiting: () => waiting.size,
    async deliver() {
      const tasks = [...waiting.values()];
      const entries = tasks.flatMap((task) => (task.kind === "entry" ? [task.answer] : []));
      let refused = 0;
      for (let from = 0; from < entries.length; from += MOST_AT_ONCE) {
        refused += await deliverEntries(connection, entries.slice(from, from + MOST_AT_ONCE), finish);
      }
      for (const task of tasks) {
        if (task.kind !== "notice") continue;
        const posted = await post(connection, `/api/platform/notices/${task.noticeId}/answers`, task.answer);
        refused += Number(posted === "never");
        if (posted !== "later") await finish([keyOf(task)]);
      }
      if (refused > 0) throw new JikimRefusal("ANSWER_REFUSED");
    },
  };
}

/** Halves what the centre will not take, so that one bad answer keeps no good one back. Returns how many it refused. */
async function deliverEntries(
  connection: Connection,
  answers: readonly PlatformAnswer[],
  finish: (keys: readonly string[]) => Promise<void>,
): Promise<number> {
  const taken = (await post(connection, "/api/platform/answers", { answers })) === "taken";
  if (taken || answers.length === 1) {
    await finish(answers.map((answer) => answer.id));
    return Number(!taken);
  }
  const half = Math.ceil(answers.length / 2);
  const first = await deliverEntries(connection, answers.slice(0, half), finish);
  return first + (await deliverEntries(connection, answers.slice(half), finish));
}

function keyOf(task: Task): string {
  return task.kind === "entry" ? task.answer.id : `${task.noticeId}/${task.answer.answer}`;
}

/** A damaged line loses that one answer, not the others. */
function readLine(line: string): z.infer<typeof lineSchema> | null {
  const read = lineSchema.safeParse(parseJson(line));
  return read.success ? read.data : null;
}
