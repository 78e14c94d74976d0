import { collectDoubts, type Doubts } from "./doubt.ts";
import { collectKeys, type Keys } from "./key.ts";
import { MOST_MESSAGES } from "./limit.ts";
import { type ChatFormat, type Draft, type Message, serviceOf } from "./model.ts";
import { ChatRefusal } from "./refusal.ts";

/** Where parsers put messages: numbers them, keeps their keys, and holds them until they are taken. */
export type Outlet = {
  readonly put: (draft: Draft) => void;
  readonly doubts: Doubts;
  readonly keys: Keys;
  /** Those put since it was last asked. */
  readonly take: () => Message[];
  readonly count: () => number;
};

export function openOutlet(format: ChatFormat): Outlet {
  const doubts = collectDoubts();
  const keys = collectKeys(serviceOf(format));
  let waiting: Message[] = [];
  let count = 0;
  return {
    put({ room, id, at, sender, kind, text, replyTo, forwardedFrom, editedAt, media, links, raw }) {
      if (count >= MOST_MESSAGES) throw new ChatRefusal({ code: "TOO_MANY_MESSAGES", most: MOST_MESSAGES });
      const index = count++;
      // Written out: copying objects with ... is several times slower, and there are millions.
      const message: Message = {
        index,
        room,
        id,
        at,
        sender,
        kind,
        text,
        replyTo,
        forwardedFrom,
        editedAt,
        media,
        links,
        raw,
      };
      keys.read(message);
      waiting.push(message);
    },
    doubts,
    keys,
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    count: () => count,
  };
}
