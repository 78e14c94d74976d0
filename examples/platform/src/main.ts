import { startPlatform } from "./platform.ts";
import { readSettings } from "./settings.ts";

/** What happens is told as JSON lines on stderr; stdout gets one line when the board listens. */
function log(event: Record<string, unknown>): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
}

try {
  const settings = await readSettings(process.env, process.argv.includes("--unlinked"));
  const platform = await startPlatform(settings, log);
  process.stdout.write(`${JSON.stringify({ ready: true, url: platform.url, smtp: platform.smtp })}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      // Everything that matters is on disk already: a centre that hangs must not hold us up.
      setTimeout(() => process.exit(0), 5000).unref();
      void platform.close().then(() => process.exit(0));
    });
  }
} catch (failure) {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exit(2);
}
