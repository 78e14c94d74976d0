import { type ChatFormat, readChat } from "../src/chat.ts";
import { WAYS, writeExport } from "./conversation.ts";

// Megabytes a second of each format (and for each second of processor time, which other work on the machine changes less), beside cutting the same bytes into lines and doing nothing with them; JSON lines.
const MEGABYTES = Number(process.argv[2] ?? 100);

type Source = { stream: () => ReadableStream<Uint8Array> };

/** The least that a reader of lines does. */
async function cutLines({ stream }: Source): Promise<number> {
  const decoder = new TextDecoder();
  let [lines, rest] = [0, ""];
  for await (const chunk of stream()) {
    const cut = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = cut.pop() ?? "";
    // A file of one line would be copied again and again.
    if (rest.length > LONGEST) rest = "";
    lines += cut.length;
  }
  return lines;
}

const LONGEST = 1_000_000;

const rounded = (value: number) => Number(value.toPrecision(4));

async function measure(name: string, source: Source, format: ChatFormat): Promise<void> {
  let peak = 0;
  let baselineBegan = performance.now();
  await cutLines(source);
  const baseline = MEGABYTES / ((performance.now() - baselineBegan) / 1000);
  baselineBegan = performance.now();
  const cpuBegan = process.cpuUsage();
  let [seen, batches] = [0, 0];
  const file = await readChat(
    source,
    (messages) => {
      seen += messages.length;
      if (batches++ % 100 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    },
    format,
  );
  const value = file.bytes / 1e6 / ((performance.now() - baselineBegan) / 1000);
  const { user, system } = process.cpuUsage(cpuBegan);
  const perCpuSecond = file.bytes / (user + system);
  const row = { name: `chat ${name}`, value: rounded(value), unit: "MB/s", baseline: rounded(baseline) };
  const more = {
    ratio: rounded(value / baseline),
    perCpuSecond: rounded(perCpuSecond),
    messages: seen,
    peakMB: Math.round(peak / 1e6),
  };
  process.stdout.write(`${JSON.stringify({ ...row, ...more })}\n`);
}

/** As a file streams: each piece is the reader's own. */
function sourceOf(pieces: readonly Uint8Array[]): Source {
  return {
    stream() {
      let at = 0;
      return new ReadableStream<Uint8Array>({
        pull(to) {
          const piece = pieces[at++];
          if (piece === undefined) to.close();
          else to.enqueue(piece.slice());
        },
      });
    },
  };
}

const only = process.argv[3];
for (const [name, way] of Object.entries(WAYS))
  if (only === undefined || name.includes(only))
    await measure(name, sourceOf(writeExport(way, MEGABYTES * 1e6)), way.format);
