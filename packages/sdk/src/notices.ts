import { z } from "zod";
import type { Answers } from "./answer.ts";
import { type Connection, get } from "./connection.ts";
import { asRefusal, JikimRefusal } from "./refusal.ts";
import type { Store } from "./store.ts";
import { parseJson, readSigned, serviceKeyOf } from "./verify.ts";
import {
  mailedNoticeSchema,
  type NoticeAnswer,
  noticeEndSchema,
  noticeSchema,
  noticesPageSchema,
  type WireNotice,
  type WireNoticeEnd,
} from "./wire.ts";

/** Does what a notice asks, and says what was done. May come again after a crash: doing it twice must be harmless. */
export type NoticeHandler = (notice: WireNotice) => Promise<NoticeAnswer["answer"]>;

/** Learns that nothing more is asked by a notice, so that it need not be worked on any more. Doing it twice must be harmless. */
export type NoticeEndHandler = (end: WireNoticeEnd) => Promise<void> | void;

/** What became of a notice that came in by mail. */
export type Taken = { readonly noticeId: string; readonly was: "new" | "known" };

export type Notices = {
  /** Takes up what was stored. */
  load(): Promise<void>;
  /** Reads what is new at the centre and does it. @throws {JikimRefusal} the first trouble, after the rest was done. */
  sync(): Promise<void>;
  /** The text of a `jikim-notice.json`. @throws {JikimRefusal} `NOTICE_REFUSED`, `CERTIFICATE_REFUSED`, `SIGNATURE_REFUSED`, `HANDLER_FAILED`. */
  take(mailed: string): Promise<Taken>;
};

type Parts = {
  readonly connection: Connection;
  readonly store: Store;
  readonly answers: Answers;
  readonly handler: NoticeHandler;
  readonly onEnd: NoticeEndHandler;
  readonly now: () => number;
};

const toldSchema = z.union([noticeSchema, noticeEndSchema]);
const lineSchema = z.union([z.strictObject({ after: z.int() }), z.strictObject({ handled: z.uuid() })]);

export function createNotices({ connection, store, answers, handler, onEnd, now }: Parts): Notices {
  const handled = new Set<string>();
  const underWay = new Map<string, Promise<void>>();
  let after = 0;

  const handle = async (notice: WireNotice): Promise<void> => {
    let answer: NoticeAnswer["answer"];
    try {
      answer = await handler(notice);
    } catch (failure) {
      throw asRefusal(failure, "HANDLER_FAILED");
    }
    await answers.addForNotice(notice.id, answer);
    await store.append("notices", [JSON.stringify({ handled: notice.id })]);
    handled.add(notice.id);
  };
  /** The same notice by both ways, even at once, is handled once. */
  const once = async (notice: WireNotice): Promise<Taken> => {
    if (handled.has(notice.id)) return { noticeId: notice.id, was: "known" };
    const running = underWay.get(notice.id);
    const doing = running ?? handle(notice).finally(() => underWay.delete(notice.id));
    underWay.set(notice.id, doing);
    await doing;
    return { noticeId: notice.id, was: running === undefined ? "new" : "known" };
  };

  const end = async (ended: WireNoticeEnd): Promise<void> => {
    try {
      await onEnd(ended);
    } catch (failure) {
      throw asRefusal(failure, "HANDLER_FAILED");
    }
  };

  return {
    async load() {
      for (const line of await store.read("notices")) {
        const read = lineSchema.safeParse(parseJson(line));
        if (!read.success) continue;
        if ("after" in read.data) after = Math.max(after, read.data.after);
        else handled.add(read.data.handled);
      }
    },
    async sync() {
      const page = await get(connection, `/api/platform/notices?after=${after}`, noticesPageSchema);
      const key = serviceKeyOf(page.certificate, connection.root, now());
      const troubles: unknown[] = [];
      let reached = after;
      for (const { number, notice } of page.notices) {
        try {
          const told = readSigned("notice", notice, key, toldSchema);
          if ("endedAt" in told) await end(told);
          else await once(told);
          if (troubles.length === 0) reached = Math.max(reached, number);
        } catch (trouble) {
          troubles.push(trouble);
        }
      }
      if (reached > after) {
        await store.append("notices", [JSON.stringify({ after: reached })]);
        after = reached;
      }
      if (troubles.length > 0) throw troubles[0];
    },
    take: async (mailed) => once(readMailedNotice(mailed, connection.root, now())),
  };
}

/**
 * A notice from the text of its attachment `jikim-notice.json`, verified against the pinned root.
 *
 * @param now  milliseconds since 1970.
 * @throws {JikimRefusal} `NOTICE_REFUSED`, `CERTIFICATE_REFUSED`, `SIGNATURE_REFUSED`.
 */
export function readMailedNotice(mailed: string, root: string, now: number): WireNotice {
  const read = mailedNoticeSchema.safeParse(parseJson(mailed));
  if (!read.success) throw new JikimRefusal("NOTICE_REFUSED");
  return readSigned("notice", read.data.notice, serviceKeyOf(read.data.certificate, root, now), noticeSchema);
}
