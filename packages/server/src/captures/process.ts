import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { CaptureFailure } from "../store/capture.ts";

/** The capture package's program. It is run and never imported: no line of it works in this process. */
const PROGRAM = fileURLToPath(new URL("../../../capture/src/main.ts", import.meta.url));
/** Seconds in which a page is looked at, and more until the program is ended. */
const LOOK_SECONDS = 60;
const MORE_SECONDS = 30;
/** How long a program that is told to end has for its browser. */
const END_MS = 5000;
/** What the program says of itself is a line. */
const FAILURES: readonly CaptureFailure[] = ["ADDRESS_REFUSED", "NOTHING_CAME", "NO_BROWSER"];

/** What the program takes as JSON on its stdin (capture/src/record.ts), but for what is the same for all. */
export type Asked = {
  readonly url: string;
  readonly folder: string;
  readonly minor: boolean;
  readonly mode: "hash-and-discard" | "keep-matching";
  readonly keep: object | null;
  readonly cookies: readonly object[];
  readonly allowPrivate: boolean;
  readonly browser: string;
};

/**
 * Captures in a process of its own, which gives itself up to an account of its own and is given neither data key, database nor environment. When we
 * die, its stdin ends, and it with it. @returns null when it captured. @throws when it broke off.
 */
export async function runCapture(asked: Asked): Promise<CaptureFailure | null> {
  const { folder } = asked;
  const env = {
    PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
    HOME: folder,
    TMPDIR: folder,
    LANG: "C.UTF-8",
    TZ: process.env.TZ,
  };
  const child = spawn(process.execPath, [PROGRAM], { env, cwd: "/", stdio: ["pipe", "pipe", "ignore"] });
  const end = () => {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), END_MS).unref();
  };
  const cut = setTimeout(end, (LOOK_SECONDS + MORE_SECONDS) * 1000);
  const request = { version: 1, seconds: LOOK_SECONDS, ...asked };
  child.stdin.on("error", () => undefined).write(`${JSON.stringify(request)}\n`);
  const ended = new Promise<number | null>((done) => child.once("error", () => done(null)).once("exit", done));
  const said = await text(child.stdout);
  const code = await ended;
  clearTimeout(cut);
  if (code === 0) return null;
  const failure = FAILURES.find((each) => said.includes(`"code":"${each}"`));
  if (failure === undefined) throw new CaptureBroke();
  return failure;
}

/** The capture broke off, for a reason that it did not name. */
export class CaptureBroke extends Error {
  override readonly name = "CaptureBroke";
}
