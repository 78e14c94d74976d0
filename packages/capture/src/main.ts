import sharp from "sharp";
import { giveUpRoot } from "./account.ts";
import { CaptureRefusal, capture } from "./capture.ts";
import { captureRequestSchema } from "./record.ts";

// Its threads and its memory of old pictures take more than they give.
sharp.concurrency(1);
sharp.cache(false);

// A decoder speaks on the console; stdout is for machines.
console.log = console.error;

/** Whoever asked wants no more, or is gone: the browser ends first, so that nothing of it is left. */
const stop = new AbortController();
/** Milliseconds that it may take. What is left then the kernel ends with us (browser.ts), and who asked removes. */
const STOP_MS = 4000;
stop.signal.addEventListener("abort", () => setTimeout(() => process.exit(2), STOP_MS).unref());
process.once("SIGTERM", () => stop.abort());

/** The first line of stdin, or all of it when it is no line. When it ends after a line, whoever asked is gone. */
function readRequest(): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    process.stdin.setEncoding("utf8").on("data", (part: string) => {
      said += part;
      if (said.includes("\n")) resolve(said);
    });
    process.stdin.once("end", () => (said.includes("\n") ? stop.abort() : resolve(said)));
  });
}

/** Reads a request from stdin, writes the folder that it names and one line of JSON. Exit codes: 0 captured, 2 not. */
async function main(): Promise<void> {
  try {
    const request = captureRequestSchema.parse(JSON.parse(await readRequest()));
    await giveUpRoot(request.folder);
    const { resources, gaps, wacz } = await capture(request, stop.signal);
    say({ wacz, resources: resources.length, gaps: gaps.length });
  } catch (error) {
    // Messages may quote the page.
    const code = stop.signal.aborted ? "INTERRUPTED" : codeOf(error);
    if (process.env.JIKIM_CAPTURE_DEBUG !== undefined) console.error(error);
    say({ error: { code } });
    process.exitCode = 2;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof CaptureRefusal) return error.code;
  return error instanceof Error ? error.name : "FAILED";
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await main();
process.stdin.destroy();
