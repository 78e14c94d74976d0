import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { drawing, freePort, type Running, startJikim, temporaryFolder } from "@jikim/server";
import type { Page } from "@playwright/test";
import { type Board, startBoard } from "./board.ts";
import { type Outside, startOutside } from "./outside.ts";
import { launchBrowser, openComputer, openPhone, type Profile } from "./people.ts";
import { asPhoneFile } from "./pictures.ts";
import { CLIENT_ADDRESS, FILE_NAMES } from "./planted.ts";
import { type Recorder, startRecorder } from "./recorder.ts";

/** A picture as a file on her phone. */
export type PhoneFile = { readonly path: string; readonly bytes: Buffer };

/** Everything the story needs, in one temporary folder and on free ports: the server, the board, two people in one browser. */
export type World = {
  /** What the browsers call the server: the recorder stands before it. */
  readonly origin: string;
  /** The server's data folder. */
  readonly folder: string;
  readonly running: Running;
  /** Lines of the server's log. */
  readonly logged: readonly string[];
  readonly board: Board;
  /** Between the browsers and the server. */
  readonly recorder: Recorder;
  /** Between the server and the board's mailbox: all outgoing mail. */
  readonly mail: Recorder;
  /** What the browser asked of any other host. */
  readonly outside: Outside;
  readonly phone: Profile;
  readonly computer: Profile;
  readonly files: readonly [PhoneFile, PhoneFile];
  /** Called on every page of the story. */
  readonly look: (page: Page, name: string) => Promise<void>;
  /** Ends all of it and removes the folder; safe to call twice. */
  close(): Promise<void>;
};

export type WorldOptions = {
  readonly look?: World["look"];
  readonly tell?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Where the recorder leads, when not straight to the server. */
  readonly before?: (serverPort: number) => number;
};

type Undo = (() => Promise<unknown>)[];

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const undo: Undo = [];
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= undoAll(undo);
    return closing;
  };
  try {
    const world = { ...(await open(options, undo)), close };
    options.signal?.addEventListener("abort", () => void close(), { once: true });
    return world;
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(options: WorldOptions, undo: Undo): Promise<Omit<World, "close">> {
  const { look = async () => undefined, tell = () => undefined, before = (port) => port, signal } = options;
  const stopping = <T extends { stop(): Promise<unknown> }>(started: T): T => {
    undo.push(() => started.stop());
    signal?.throwIfAborted();
    return started;
  };
  const [folder, beside] = [await temporaryFolder("jikim-story-"), await temporaryFolder("jikim-story-")];
  for (const each of [folder, beside]) undo.push(() => rm(each, { recursive: true, force: true }));
  const board = stopping(await startBoard(join(beside, "board")));
  const port = await freePort();
  const mail = stopping(await startRecorder(() => board.smtpPort));
  const recorder = stopping(await startRecorder(() => before(port), CLIENT_ADDRESS));
  const outside = stopping(await startOutside());
  const origin = `http://localhost:${recorder.port}`;
  const logged: string[] = [];
  const config = { port, origin, smtp: `smtp://127.0.0.1:${mail.port}`, allowPrivateAddresses: true };
  const say = (line: object) => void logged.push(JSON.stringify(line));
  const running = stopping(await startJikim({ folder, config, tell, say }));
  const browser = await launchBrowser(outside.port);
  undo.push(() => browser.close());
  signal?.throwIfAborted();
  const files = await writeFiles(join(beside, "phone"));
  const [phone, computer] = [await openPhone(browser), await openComputer(browser)];
  return { origin, folder, running, logged, board, recorder, mail, outside, phone, computer, files, look };
}

/** Two generated landscapes as her phone would keep them. */
async function writeFiles(folder: string): Promise<readonly [PhoneFile, PhoneFile]> {
  await mkdir(folder, { mode: 0o700 });
  const write = async (at: 0 | 1) => {
    const file = { path: join(folder, FILE_NAMES[at]), bytes: await asPhoneFile(drawing(41 + at)) };
    await writeFile(file.path, file.bytes);
    return file;
  };
  return [await write(0), await write(1)];
}

async function undoAll(undo: Undo): Promise<void> {
  let problem: unknown = null;
  for (const step of undo.splice(0).reverse())
    await step().catch((error: unknown) => {
      problem ??= error;
    });
  if (problem !== null) throw problem;
}
