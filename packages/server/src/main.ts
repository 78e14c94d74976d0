/**
 * The Jikim process: `npm start` comes here. Stdout carries JSON lines (`{"ready":true,…}`, then the log); everything for people
 * goes to stderr.
 */
import { join } from "node:path";
import { type Config, readConfig } from "./config.ts";
import { startDemo } from "./demo/index.ts";
import { DemoMixed, separateDemo } from "./demo/mark.ts";
import { type ExamplePlatform, startExamplePlatform } from "./example-platform.ts";
import { freePort } from "./free-port.ts";
import { KeyTrouble } from "./keys.ts";
import { dataFolder, PostgresTrouble } from "./postgres/index.ts";
import { findMissing, isSharedAccount, sayAccount, sayMissing } from "./programs.ts";
import { type Running, startJikim } from "./start.ts";
import { MigrationMismatch } from "./store/migrate.ts";

const demo = process.argv.includes("--demo");
const tell = (line: string) => process.stderr.write(`${line}\n`);
const say = (line: Readonly<Record<string, unknown>>) =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);

async function readSettings(): Promise<Config> {
  const port = process.env.JIKIM_PORT === "0" ? String(await freePort()) : process.env.JIKIM_PORT;
  return readConfig({ ...process.env, JIKIM_PORT: port });
}

/** What runs, to be ended in any case; more than one asking ends it once. */
type Stop = () => Promise<unknown>;
let stopping: Promise<void> | null = null;
const started: Stop[] = [];

/** Ends everything that was started, last first, and then this process. */
function end(code: number): Promise<void> {
  stopping ??= (async () => {
    for (const stop of started.reverse()) await stop().catch(() => undefined);
    process.exit(code);
  })();
  return stopping;
}

async function main(): Promise<void> {
  const config = await readSettings();
  const folder = dataFolder(process.env, join(import.meta.dirname, "..", "..", ".."));
  const databaseUrl = process.env.DATABASE_URL ?? null;
  await separateDemo(folder, { demo, databaseUrl });
  const boardFolder = join(folder, "platform");
  const example = process.env.JIKIM_EXAMPLE === "no" ? null : await startBoard(config, boardFolder);
  if (example !== null) started.push(() => example.stop());
  const forDemo = demo
    ? { smtp: config.smtp ?? example?.smtp ?? null, allowPrivateAddresses: true, hostGapSeconds: 0 }
    : {};
  if (config.allowPrivateAddresses || demo)
    tell(
      "확인이 사설 주소에도 닿습니다: 데모와 시험에만 쓰세요. / Checks reach private addresses: for demos and tests only.",
    );
  const running = await startJikim({ folder, databaseUrl, config: { ...config, ...forDemo }, tell, say });
  started.push(running.stop);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end(0));
  const lines = demo ? await startDemo(running, example && { url: example.url, folder: boardFolder }) : [];
  for (const line of [...sayMissing(findMissing()), ...sayAccount(isSharedAccount())]) tell(line);
  welcome(running, example, lines);
}

function startBoard({ origin }: Config, folder: string): Promise<ExamplePlatform | null> {
  const freePorts = process.env.JIKIM_PORT === "0" ? { PORT: "0", SMTP_PORT: "0" } : {};
  return startExamplePlatform(origin, { DATA: folder, ...freePorts });
}

function welcome({ origin, setupToken }: Running, example: ExamplePlatform | null, lines: readonly string[]): void {
  tell("");
  tell(`신고 화면 / portal            ${origin}/`);
  tell(`상담 화면 / desk              ${origin}/desk/`);
  if (example !== null) tell(`예시 플랫폼 / example platform ${example.url}`);
  if (setupToken !== null && lines.length === 0) {
    tell("");
    tell("처음 설정: 한 번만 쓸 수 있는 링크입니다. 다시 시작하면 새 링크가 나오고 이 링크는 쓸 수 없게 됩니다.");
    tell("First set-up: a one-time link. Starting again prints a new one, and this one stops working.");
    tell(`  ${origin}/desk/#/setup?token=${setupToken}`);
  }
  for (const line of lines) tell(line);
  tell("");
  tell("Ctrl-C로 끝냅니다. / Ctrl-C stops everything.");
  process.stdout.write(`${JSON.stringify({ ready: true, origin, platform: example?.url ?? null })}\n`);
}

main().catch((error: unknown) => {
  // Ending pulls the ground from under what was still being done.
  if (stopping !== null) return;
  const expected =
    error instanceof PostgresTrouble ||
    error instanceof KeyTrouble ||
    error instanceof MigrationMismatch ||
    error instanceof DemoMixed;
  if (expected) tell(error.message);
  else if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
    tell("이 포트는 이미 쓰고 있습니다. / This port is in use: choose another with JIKIM_PORT.");
  else tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  void end(2);
});
