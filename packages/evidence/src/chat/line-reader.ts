import { LONGEST_LINE } from "./limit.ts";
import { ChatRefusal } from "./refusal.ts";

/** Takes one line without its end, and its number from 1. */
export type TakeLine = (line: string, number: number) => void;

/** Cuts bytes into lines as they come. `wasReplaced` is told the line after which bytes that are no text were seen. */
export type LineReader = { readonly push: (chunk: Uint8Array) => void; readonly end: () => void };

export function lineReader(take: TakeLine, wasReplaced: (line: number) => void): LineReader {
  let decoder: TextDecoder | null = null;
  let rest = "";
  let number = 0;

  const cut = (text: string, isLast: boolean) => {
    if (text.includes("\ufffd")) wasReplaced(number + 1);
    const all = rest === "" ? text : rest + text;
    let from = 0;
    for (let to = all.indexOf("\n"); to !== -1; to = all.indexOf("\n", from)) {
      if (to - from > LONGEST_LINE) throw new ChatRefusal({ code: "TOO_LONG", most: LONGEST_LINE, place: number + 1 });
      take(all.slice(from, all.charCodeAt(to - 1) === CARRIAGE_RETURN && to > from ? to - 1 : to), ++number);
      from = to + 1;
    }
    rest = all.slice(from);
    if (rest.length > LONGEST_LINE) throw new ChatRefusal({ code: "TOO_LONG", most: LONGEST_LINE, place: number + 1 });
    if (isLast && rest !== "") take(rest.endsWith("\r") ? rest.slice(0, -1) : rest, ++number);
  };

  return {
    push(chunk) {
      decoder ??= new TextDecoder(isUtf16(chunk) ? "utf-16le" : "utf-8");
      cut(decoder.decode(chunk, { stream: true }), false);
    },
    end: () => cut(decoder?.decode() ?? "", true),
  };
}

const CARRIAGE_RETURN = 13;

/** Whether bytes begin with the mark of UTF-16, as Windows programs write it. */
export function isUtf16(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}
