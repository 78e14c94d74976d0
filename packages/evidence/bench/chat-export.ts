import { openChat } from "../src/chat.ts";
import { grownChat } from "../test/chat-growth.ts";

// Opening an export of so many megabytes for choosing, and showing a hundred of its messages: seconds and the most of memory; a JSON line.
// Goal: flat memory, at most 250 MB of heap.
const MEGABYTES = Number(process.argv[2] ?? 500);
const NAME = process.argv[3] ?? "KakaoTalk, Windows, Korean";

let [heap, memory, chunks] = [0, 0, 0];

function look(): void {
  if (chunks++ % 100 !== 0) return;
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  heap = Math.max(heap, heapUsed + arrayBuffers);
  memory = Math.max(memory, rss);
}

const grown = grownChat(NAME, MEGABYTES * 1e6);
if (grown === null) throw new Error(`no sample grows under this name: ${NAME}`);
const watching = () =>
  new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, to) {
      look();
      to.enqueue(chunk);
    },
  });
const source = { stream: () => grown.stream().pipeThrough(watching()) };
const began = performance.now();
const chat = await openChat(source);
const opened = performance.now();
const { messages } = chat.file;
const { part } = await chat.show(Array.from({ length: 100 }, (_, at) => Math.floor((at * messages) / 100)));
const ended = performance.now();

const seconds = (ms: number) => Number((ms / 1000).toPrecision(3));
const row = { name: `chat export, ${NAME}`, value: seconds(ended - began), unit: "s", megabytes: MEGABYTES };
const more = { openS: seconds(opened - began), showS: seconds(ended - opened), messages, leftOut: part.leftOut };
process.stdout.write(
  `${JSON.stringify({ ...row, ...more, heapMB: Math.round(heap / 1e6), peakMB: Math.round(memory / 1e6) })}\n`,
);
