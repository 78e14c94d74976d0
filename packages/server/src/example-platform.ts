import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const MAIN = join(import.meta.dirname, "..", "..", "..", "examples", "platform", "src", "main.ts");
const READY_MS = 15_000;

/** The example platform, running beside Jikim as a process of its own. */
export type ExamplePlatform = { readonly url: string; readonly smtp: string | null; stop(): Promise<void> };

/**
 * Starts the example platform for a Jikim at `origin`; null when it is not there or does not come up, without which Jikim runs as
 * well. Its input stays open as long as we live, so that it can end with us even when we are killed.
 */
export async function startExamplePlatform(
  origin: string,
  variables: Readonly<Record<string, string>>,
): Promise<ExamplePlatform | null> {
  if (!existsSync(MAIN)) return null;
  const child = spawn(process.execPath, [MAIN], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...othersVariables(), JIKIM_URL: origin, ...variables },
  });
  const ready = await readyLine(child);
  if (ready !== null) return { ...ready, stop: () => end(child) };
  await end(child);
  return null;
}

/** A platform is another company: it gets nothing of what Jikim is told, such as the address of its database. */
function othersVariables(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(JIKIM_|DATABASE_URL$|PG)/.test(name)));
}

type Ready = { readonly url: string; readonly smtp: string | null };

async function readyLine(child: ChildProcess): Promise<Ready | null> {
  if (child.stdout === null) return null;
  const lines = createInterface({ input: child.stdout });
  const tooLate = setTimeout(() => lines.close(), READY_MS);
  child.once("error", () => lines.close());
  try {
    for await (const line of lines) {
      const ready = readReady(line);
      if (ready !== null) return ready;
    }
    return null;
  } finally {
    clearTimeout(tooLate);
    child.stdout.resume();
  }
}

function readReady(line: string): Ready | null {
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== "object" || said === null || !("url" in said) || typeof said.url !== "string") return null;
    return { url: said.url, smtp: "smtp" in said && typeof said.smtp === "string" ? said.smtp : null };
  } catch {
    return null;
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill("SIGKILL"), 5000);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    if (!child.kill("SIGTERM")) resolve();
  });
}
