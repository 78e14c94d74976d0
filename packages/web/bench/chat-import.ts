import { createWriteStream, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Page } from "@playwright/test";
import { grownChat } from "../../evidence/test/chat-growth.ts";
import { prepareReport, sendReport } from "../../server/src/demo/survivor.ts";
import { startJikim } from "../../server/src/index.ts";
import { temporaryFolder } from "../../server/src/postgres/index.ts";
import { seedCentre } from "../../server/test/seed.ts";
import { launchChromium } from "../test/desk-browser.ts";
import { inventedReport } from "../test/desk-report.ts";
import { arrive, press, titled, visit, word } from "../test/portal-visit.ts";

// A large export chosen in the portal, in real Chromium: seconds until she can choose among its messages, until one of them is ready to be sent,
// and the most memory of any process that drew a page; JSON lines.
// node packages/web/bench/chat-import.ts [megabytes] [names of formats, apart by |]
const MEGABYTES = Number(process.argv[2] ?? 500);
const NAMES = (process.argv[3] ?? "KakaoTalk, Windows, Korean|Telegram, one chat").split("|");
const PATIENCE_MS = 900_000;

const folder = await mkdtemp(join(tmpdir(), "jikim-chat-import-"));
const data = await temporaryFolder("jikim-bench-");
const running = await startJikim({ folder: data, config: { port: 0, effort: { bits: 0, parts: 2 } } });
const browser = await launchChromium();
try {
  await seedCentre(running.jikim);
  const prepared = await prepareReport(await (await fetch(`${running.origin}/api/centre`)).json(), inventedReport());
  await sendReport(running.origin, prepared);
  for (const name of NAMES) await measure(name, prepared.code);
} finally {
  await browser.close();
  await running.stop();
  for (const each of [folder, data]) await rm(each, { recursive: true, force: true });
}

async function measure(name: string, code: string): Promise<void> {
  const grown = grownChat(name, MEGABYTES * 1e6);
  if (grown === null) throw new Error(`no sample grows under this name: ${name}`);
  const path = join(folder, name.startsWith("Telegram") ? "result.json" : "export.txt");
  await pipeline(Readable.fromWeb(grown.stream() as never), createWriteStream(path));
  const { page, context } = await visit(browser);
  page.setDefaultTimeout(PATIENCE_MS);
  await openImport(page, code);
  const began = performance.now();
  await page.setInputFiles("#chat-file", path);
  await titled(page, "chat_pick_title");
  const readable = performance.now();
  await page.locator("main input[type=checkbox]").first().check();
  const [before, after] = word("chat_go_check").split("{count}");
  await page.getByRole("button", { name: `${before}1${after}` }).click();
  await titled(page, "chat_check_title");
  const ready = performance.now();
  const seconds = (ms: number) => Number((ms / 1000).toPrecision(3));
  const row = {
    name: `chat in the portal, ${name}`,
    value: seconds(readable - began),
    unit: "s",
    megabytes: MEGABYTES,
  };
  process.stdout.write(`${JSON.stringify({ ...row, checkS: seconds(ready - readable), peakMB: peakOfRenderers() })}\n`);
  await context.close();
  await rm(path);
}

async function openImport(page: Page, code: string): Promise<void> {
  await arrive(page, running.origin);
  await press(page, "welcome_return");
  await page.getByLabel(word("code_title")).fill(code);
  await press(page, "return_open");
  await titled(page, "case_title");
  await press(page, "chat_title");
  await titled(page, "chat_title");
}

/** Most resident megabytes of any living renderer of Chromium (proc(5), VmHWM). */
function peakOfRenderers(): number {
  let most = 0;
  for (const pid of readdirSync("/proc").filter((each) => /^\d+$/.test(each)))
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer")) continue;
      const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
      most = Math.max(most, Number(kilobytes ?? 0) / 1000);
    } catch {
      // It ended meanwhile.
    }
  return Math.round(most);
}
