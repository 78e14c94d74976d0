import { DEEPEST, LONGEST_FRAME, LONGEST_LINE } from "./limit.ts";
import { ChatRefusal } from "./refusal.ts";

/** One message of a JSON export as it stands in the file: the parsed value and its bytes. */
export type TakeElement = (
  value: unknown,
  place: { readonly from: number; readonly to: number; readonly room: number },
) => void;

/** The JSON around the messages, with each list of them left empty, parsed when the file has ended. */
export type MessageCutter = {
  readonly push: (chunk: Uint8Array) => void;
  readonly end: () => unknown;
  /** Names at the root that were seen until now. */
  readonly rootNames: () => ReadonlySet<string>;
};

const [QUOTE, BACKSLASH, COMMA, COLON] = [34, 92, 44, 58];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const isSpace = (byte: number) => byte === 32 || byte === 10 || byte === 13 || byte === 9;

/** Bytes that grow; a message or the frame must stay within `most`. */
function growing(most: number) {
  let bytes = new Uint8Array(4096);
  let length = 0;
  return {
    add(more: Uint8Array, place: number) {
      if (length + more.length > most) throw new ChatRefusal({ code: "TOO_LONG", most, place });
      if (length + more.length > bytes.length) {
        const larger = new Uint8Array(Math.min(most, Math.max(bytes.length * 2, length + more.length)));
        larger.set(bytes.subarray(0, length));
        bytes = larger;
      }
      bytes.set(more, length);
      length += more.length;
    },
    taken: () => {
      const taken = bytes.subarray(0, length);
      length = 0;
      return taken;
    },
    length: () => length,
    tail: (from: number) => bytes.subarray(from, length),
  };
}

/** An open bracket of the frame: its kind, and the name within it that is being read. */
type Level = { readonly isList: boolean; name: string };

/** Whether a list under this name is one of messages: at the root, or in an element of `chats.list` and `left_chats.list`. */
function isMessages(levels: readonly Level[]): boolean {
  const top = levels.at(-1);
  if (top === undefined || top.isList || top.name !== "messages") return false;
  if (levels.length === 1) return true;
  const [root, chats] = levels;
  return levels.length === 4 && /^(?:left_)?chats$/.test(root?.name ?? "") && chats?.name === "list";
}

/**
 * Cuts the messages out of a JSON file as its bytes come, each parsed by itself, so that memory holds one message and the little around
 * them. Depth, length and form are checked; anything that is not JSON is refused.
 */
export function messageCutter(take: TakeElement): MessageCutter {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const frame = growing(LONGEST_FRAME);
  const element = growing(LONGEST_LINE);
  const levels: Level[] = [];
  const names = new Set<string>();
  let offset = 0;
  let rooms = 0;
  let mode: "frame" | "between" | "element" = "frame";
  let [isString, isEscaped, stringFrom, lastString] = [false, false, 0, ""];
  let [depth, elementFrom, needsComma, afterComma] = [0, 0, false, false];

  const parsed = (bytes: Uint8Array, place: number): unknown => {
    try {
      return JSON.parse(utf8.decode(bytes));
    } catch {
      throw new ChatRefusal({ code: "BROKEN", place });
    }
  };
  const deepen = (by: number, place: number) => {
    if (by > DEEPEST) throw new ChatRefusal({ code: "TOO_DEEP", most: DEEPEST, place });
  };
  const finish = (chunk: Uint8Array, from: number, to: number) => {
    const end = offset + to;
    let bytes = chunk.subarray(from, to);
    if (element.length() > 0 || bytes.length > LONGEST_LINE) {
      element.add(bytes, elementFrom);
      bytes = element.taken();
    }
    take(parsed(bytes, elementFrom), { from: elementFrom, to: end, room: rooms - 1 });
    mode = "between";
    needsComma = true;
    afterComma = false;
  };

  /** Skips to the end of the element, or of the chunk; gives where it stopped. */
  const skipElement = (chunk: Uint8Array, at: number): number => {
    for (let now = at; now < chunk.length; now++) {
      const byte = chunk[now];
      if (isString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isString = false;
      } else if (byte === QUOTE) isString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) deepen(++depth, offset + now);
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --depth === 0) return now + 1;
    }
    return -1;
  };

  const between = (byte: number, place: number) => {
    if (isSpace(byte)) return;
    if (byte === COMMA && needsComma) {
      needsComma = false;
      afterComma = true;
    } else if (byte === OPEN_OBJECT && !needsComma) {
      mode = "element";
      elementFrom = place;
      [depth, isString] = [0, false];
    } else if (byte === CLOSE_LIST && !afterComma) mode = "frame";
    else throw new ChatRefusal({ code: "BROKEN", place });
  };

  const inFrame = (byte: number, place: number) => {
    const length = frame.length() + 1;
    frame.add(Uint8Array.of(byte), place);
    if (isString) {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) {
        isString = false;
        // Only names are looked at, and none that matters is long.
        lastString = length - stringFrom > 64 ? "" : new TextDecoder().decode(frame.tail(stringFrom).subarray(0, -1));
      }
      return;
    }
    if (byte === QUOTE) {
      isString = true;
      stringFrom = length;
    } else if (byte === COLON) nameIs(lastString);
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) open(byte === OPEN_LIST, place);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) levels.pop();
  };
  const nameIs = (name: string) => {
    const top = levels.at(-1);
    if (top !== undefined) top.name = name;
    if (levels.length === 1 && names.size < 100) names.add(name);
  };
  const open = (isList: boolean, place: number) => {
    if (isList && isMessages(levels)) {
      rooms++;
      mode = "between";
      [needsComma, afterComma] = [false, false];
      frame.add(Uint8Array.of(CLOSE_LIST), place);
      return;
    }
    levels.push({ isList, name: "" });
    deepen(levels.length, place);
  };

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at++) {
        if (mode === "frame") inFrame(chunk[at] ?? 0, offset + at);
        else if (mode === "between") between(chunk[at] ?? 0, offset + at);
        if (mode !== "element") continue;
        const to = skipElement(chunk, at);
        if (to === -1) {
          element.add(chunk.subarray(at), elementFrom);
          break;
        }
        finish(chunk, at, to);
        at = to - 1;
      }
      offset += chunk.length;
    },
    end() {
      if (mode !== "frame") throw new ChatRefusal({ code: "BROKEN", place: offset });
      const bytes = frame.taken();
      const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
      return parsed(hasMark ? bytes.subarray(3) : bytes, offset);
    },
    rootNames: () => names,
  };
}
