import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { type Account, weAreRoot, workAccount } from "../../postgres/account.ts";
import { type Answers, answerSchemas, MOST_ANSWER, type Order, readPieces, writePiece } from "./wire.ts";

/** Why nothing came back: it took too long or too much memory, or the process died. */
export class DecoderFailed extends Error {
  override readonly name = "DecoderFailed";
}

export type DecoderBounds = {
  readonly orderMs: number;
  /** Resident memory of the process and what it starts. */
  readonly mostMemory: number;
};

/** A process that decodes foreign bytes, one order after the other; started when needed, and anew after it was killed. */
export type Decoder = {
  /** @throws {DecoderFailed} and the process is gone. */
  decode<O extends Order>(order: O, bytes: Uint8Array, signal?: AbortSignal): Promise<Answers[O["kind"]]>;
  /** Of the running process; null when none runs. */
  pid(): number | null;
  stop(): void;
};

const BOUNDS: DecoderBounds = { orderMs: 90_000, mostMemory: 1536 << 20 };
const START_MS = 30_000;
const LOOK_MS = 200;
const MAIN = join(import.meta.dirname, "main.ts");
const ROOT = join(import.meta.dirname, "..", "..", "..", "..", "..");

/** Opens a decoder; nothing is started yet. */
export function openDecoder(bounds: DecoderBounds = BOUNDS): Decoder {
  let running: Running | null = null;
  let line: Promise<unknown> = Promise.resolve();
  const act = async <O extends Order>(order: O, bytes: Uint8Array): Promise<Answers[O["kind"]]> => {
    running ??= startFor((child) => {
      if (running?.child === child) running = null;
    });
    const current = running;
    const { child } = current;
    try {
      await guarded(current.ready, child, { ...bounds, orderMs: START_MS });
      const { kind, ...rest } = order;
      child.stdin?.write(writePiece(Buffer.from(JSON.stringify({ kind, ...rest }))));
      child.stdin?.write(writePiece(bytes));
      const said = await guarded(current.next(), child, bounds);
      return answerSchemas[kind].parse(said) as Answers[O["kind"]];
    } catch {
      kill(child);
      running = null;
      throw new DecoderFailed();
    }
  };
  return {
    decode: (order, bytes, signal) => {
      const turn = line.then(() => {
        if (signal?.aborted) throw new DecoderFailed();
        return act(order, bytes);
      });
      line = turn.catch(() => undefined);
      return turn;
    },
    pid: () => running?.child.pid ?? null,
    stop: () => {
      if (running !== null) kill(running.child);
      running = null;
    },
  };
}

type Running = { readonly child: ChildProcess; readonly ready: Promise<unknown>; next(): Promise<unknown> };

/** @param gone  told when the process has ended, by whatever hand. */
function startFor(gone: (child: ChildProcess) => void): Running {
  const account = weAreRoot() ? workAccount("jikim-decode") : null;
  const [command, args] = bounded(process.execPath, [...RESTRICTED, MAIN, ...accountArguments(account)]);
  // A group of its own, so that what it starts dies with it.
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
    cwd: "/",
    env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
  });
  child.on("error", () => undefined);
  child.once("exit", () => gone(child));
  child.stdin?.on("error", () => undefined);
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
  const { stdout } = child;
  if (stdout === null) throw new DecoderFailed();
  const pieces = readPieces(stdout, MOST_ANSWER);
  const next = async (): Promise<unknown> => {
    const { value, done } = await pieces.next();
    if (done || value === undefined) throw new DecoderFailed();
    return JSON.parse(value.toString("utf8"));
  };
  const ready = next();
  ready.catch(() => undefined);
  return { child, ready, next };
}

/** No file but the program may be read, none written. It starts ffmpeg and hands it bytes over a local socket. */
const RESTRICTED = [
  ...["--no-warnings", "--max-old-space-size=768", "--permission", "--allow-addons", "--allow-child-process"],
  ...["--allow-net", `--allow-fs-read=${join(ROOT, "packages")}`, `--allow-fs-read=${join(ROOT, "node_modules")}`],
];

const PRLIMIT = "/usr/bin/prlimit";

/** Where the system can, it may write no file, nor leave its memory behind as one. */
function bounded(command: string, args: readonly string[]): [string, string[]] {
  if (!existsSync(PRLIMIT)) return [command, [...args]];
  return [PRLIMIT, ["--core=0", "--fsize=0", "--nofile=256", "--cpu=14400", command, ...args]];
}

function accountArguments(account: Account | null): string[] {
  return account === null ? [] : [String(account.uid), String(account.gid)];
}

/** What a process says, unless it takes too long or too much memory, or dies. @throws {DecoderFailed} */
async function guarded<T>(said: Promise<T>, child: ChildProcess, { orderMs, mostMemory }: DecoderBounds): Promise<T> {
  const timers: NodeJS.Timeout[] = [];
  const broken = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new DecoderFailed());
    const look = () => void memoryOf(child.pid ?? 0).then((bytes) => bytes > mostMemory && fail());
    timers.push(setTimeout(fail, orderMs), setInterval(look, LOOK_MS));
  });
  try {
    return await Promise.race([said, broken]);
  } finally {
    timers.forEach(clearInterval);
  }
}

/** Resident bytes of a process and of what it started; 0 where the system does not say. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  let sum = own;
  for (const child of children.trim().split(/\s+/)) if (child !== "") sum += await memoryOf(Number(child));
  return sum;
}

function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

let shared: Decoder | undefined;

/** The decoder of this process. */
export function sharedDecoder(): Decoder {
  shared ??= openDecoder();
  return shared;
}
