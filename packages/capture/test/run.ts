import { spawn } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CAPTURE_PROGRAM, type CaptureRequest } from "../src/index.ts";

/** Runs the program as a centre would; `while` is called again and again until it ends. */
export async function runCapture(
  temp: string,
  asked: Pick<CaptureRequest, "url" | "allowPrivate"> & Partial<CaptureRequest>,
  meanwhile: () => Promise<void> = async () => {},
  more: Readonly<Record<string, string>> = {},
) {
  const folder = join(temp, "result");
  mkdirSync(folder, { mode: 0o700 });
  chmodSync(temp, 0o777);
  const request = {
    version: 1,
    folder,
    minor: true,
    mode: "hash-and-discard",
    keep: null,
    cookies: [],
    browser: "/usr/bin/chromium",
    seconds: 40,
    ...asked,
  };
  const env = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", TMPDIR: temp, HOME: temp, ...more };
  const child = spawn(process.execPath, [CAPTURE_PROGRAM], { env, stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => undefined).write(`${JSON.stringify(request)}\n`);
  let isOver = false;
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const said = text(child.stdout).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await meanwhile();
    await new Promise((next) => setTimeout(next, 100));
  }
  return { status: await ended, said: JSON.parse(await said), folder };
}
