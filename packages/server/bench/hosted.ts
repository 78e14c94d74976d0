import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The server under measure. `ask` sends a line and gives the answer's JSON. */
export type Hosted = {
  readonly origin: string;
  readonly setupToken: string;
  ask(line: string): Promise<Record<string, number>>;
  stop(): Promise<void>;
};

export async function startHost(): Promise<Hosted> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "host.ts")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the measured server ended");
    return JSON.parse(value);
  };
  const { origin, setupToken } = await next();
  return {
    origin,
    setupToken,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
