import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

const MAIN = join(import.meta.dirname, "..", "examples", "platform", "src", "main.ts");
const REVIEW_TOKEN = "the-story's-review-token";

/** What the board said to an upload. */
export type Answered = { readonly status: number; readonly page: string };

/** The example platform as a process of its own, and what its visitors and reviewers do. */
export type Board = {
  readonly url: string;
  readonly smtpPort: number;
  readonly data: string;
  /** Its log so far: JSON lines. */
  log(): string;
  /** Makes it follow a centre. */
  follow(centre: { readonly url: string; readonly key: string; readonly root: string }): Promise<void>;
  /** Uploads as a visitor does, to an address of choice. */
  upload(picture: Uint8Array, address: string): Promise<Answered>;
  /** Opens /p/<address> as a visitor does. */
  open(address: string): Promise<Answered>;
  /** Lets a held post through, as one of its reviewers. */
  release(address: string): Promise<void>;
  stop(): Promise<void>;
};

export async function startBoard(data: string): Promise<Board> {
  const env = { ...process.env, PORT: "0", SMTP_PORT: "0", DATA: data, REVIEW_TOKEN, JIKIM_KEY: "" };
  const child = spawn(process.execPath, [MAIN], { stdio: ["pipe", "pipe", "pipe"], env });
  const logged: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => logged.push(chunk));
  const log = () => Buffer.concat(logged).toString("utf8");
  const ready = await readyLine(child);
  if (ready === null) throw new Error(`the example platform did not start: ${log()}`);
  const { url, smtp } = ready;
  return {
    url,
    smtpPort: Number(new URL(smtp).port),
    data,
    log,
    follow: (centre) => writeFile(join(data, "jikim.json"), JSON.stringify(centre)),
    upload: (picture, address) => upload(url, picture, address),
    open: async (address) => answered(await fetch(`${url}/p/${address}`, { headers: KOREAN })),
    release: (address) => release(url, address),
    stop: () => end(child),
  };
}

async function readyLine({ stdout }: ChildProcess): Promise<{ url: string; smtp: string } | null> {
  if (stdout === null) return null;
  for await (const line of createInterface({ input: stdout })) {
    stdout.resume();
    return JSON.parse(line) as { url: string; smtp: string };
  }
  return null;
}

const KOREAN = { "accept-language": "ko" };

async function answered(response: Response): Promise<Answered> {
  return { status: response.status, page: await response.text() };
}

async function upload(url: string, picture: Uint8Array, address: string): Promise<Answered> {
  const form = new FormData();
  form.set("title", "");
  form.set("address", address);
  form.set("picture", new Blob([Uint8Array.from(picture)]), "landscape.jpg");
  return answered(await fetch(`${url}/upload`, { method: "POST", body: form, headers: KOREAN, redirect: "manual" }));
}

async function release(url: string, address: string): Promise<void> {
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
    fetch(url + path, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });
  const signedIn = await post("/review/sign-in", { token: REVIEW_TOKEN }, {});
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const decided = await post(`/review/${address}`, { decision: "release" }, { cookie });
  if (decided.status !== 303) throw new Error(`the board's reviewer got ${decided.status}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const force = setTimeout(() => child.kill("SIGKILL"), 5000);
  child.kill("SIGTERM");
  await once(child, "exit");
  clearTimeout(force);
}
