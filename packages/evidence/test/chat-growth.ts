import { SAMPLES } from "./chat-samples.ts";

/**
 * An invented export of any size: a sample's messages again and again, streamed in pieces of 64 KB, never whole in memory. Null for
 * samples that are not grown.
 */
export function grownChat(name: string, bytes: number): { stream: () => ReadableStream<Uint8Array> } | null {
  const parts = partsOf(name);
  if (parts === null) return null;
  const utf8 = new TextEncoder();
  const [head, middle, separator, tail] = parts.map((part) => utf8.encode(part));
  if (!head || !middle || !separator || !tail) return null;
  const piece = repeated(middle, separator);
  return {
    stream() {
      let sent = 0;
      const pieces = Math.max(1, Math.ceil(bytes / piece.length));
      return new ReadableStream<Uint8Array>({
        pull(to) {
          if (sent === 0) to.enqueue(head.slice());
          to.enqueue(sent === pieces - 1 ? piece.slice(0, piece.length - separator.length) : piece.slice());
          sent++;
          if (sent < pieces) return;
          if (tail.length > 0) to.enqueue(tail.slice());
          to.close();
        },
      });
    },
  };
}

const PIECE = 65_536;

function repeated(middle: Uint8Array, separator: Uint8Array): Uint8Array {
  const times = Math.ceil(PIECE / (middle.length + separator.length));
  const one = middle.length + separator.length;
  const piece = new Uint8Array(one * times);
  for (let time = 0; time < times; time++) {
    piece.set(middle, time * one);
    piece.set(separator, time * one + middle.length);
  }
  return piece;
}

type Parts = readonly [head: string, middle: string, separator: string, tail: string];

/** The part of a sample that can be repeated, and what stands around it. */
function partsOf(name: string): Parts | null {
  const text = SAMPLES.find((sample) => sample.name === name)?.text;
  if (text === undefined || name === "Telegram, all chats") return null;
  const cut = (from: number, to: number, separator: string): Parts => [
    text.slice(0, from),
    text.slice(from, to),
    separator,
    text.slice(to),
  ];
  if (text.startsWith("{")) {
    const from = text.indexOf('"messages":') + '"messages":'.length;
    const open = text.indexOf("[", from) + 1;
    const last = text.search(/\s*\],?\s*("title"|"messageCount"|\}\s*$)/);
    return cut(open, last, ",");
  }
  if (text.startsWith("<"))
    return cut(
      text.indexOf('     <div class="message service'),
      text.indexOf("    </div>\n   </div>\n  </div>\n </body>"),
      "",
    );
  const lines = text.split("\n");
  const header = lines.findIndex(
    (line, at) => at > 0 && /^.{0,3}[[\d오A-Z-]/.test(line) && !/저장|Saved|^\s*$/.test(line),
  );
  const from = lines.slice(0, Math.max(0, header)).join("\n").length + (header > 0 ? 1 : 0);
  return cut(from, text.length, "");
}
