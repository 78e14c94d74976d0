import { fstatSync } from "node:fs";
import { startPlatform } from "./platform.ts";
import { readSettings } from "./settings.ts";

/** What happens is told as JSON lines on stderr; stdout gets one line when the board listens. */
function log(event: Record<string, unknown>): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
}

/** Started by another program with a pipe as input: when that program dies, the pipe ends, and so do we. */
function isHeldByParent(): boolean {
  const input = fstatSync(0);
  return input.isSocket() || input.isFIFO();
}

try {
  const settings = await readSettings(process.env, process.argv.includes("--unlinked"));
  const platform = await startPlatform(settings, log);
  const { url, smtp, data } = platform;
  process.stdout.write(`${JSON.stringify({ ready: true, url, smtp, data })}\n`);
  const stop = (): void => {
    // Everything that matters is on disk already: a centre that hangs must not hold us up.
    setTimeout(() => process.exit(0), 4000).unref();
    void platform.close().then(() => process.exit(0));
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
  if (isHeldByParent()) process.stdin.once("end", stop).resume();
} catch (failure) {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exit(2);
}
