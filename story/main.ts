/**
 * Plays the whole story: `npm run demo [-- --json] [--keep-screenshots DIR]`. Stdout has one line for each step, as JSON with
 * `--json`; everything else goes to stderr. Exit 0: all steps hold; 1: one does not; 2: it could not be played.
 */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "@playwright/test";
import { playStory } from "./play.ts";
import { StoryBroken, stepsTo, type Told } from "./step.ts";
import { openWorld } from "./world.ts";

const options = { json: { type: "boolean" }, "keep-screenshots": { type: "string" } } as const;
const tell = (line: string) => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stopping.abort());
  const look = await camera(values["keep-screenshots"]);
  const world = await openWorld({ look, tell, signal: stopping.signal });
  try {
    await playStory(world, stepsTo(values.json ? sayJson : sayPlain));
    return 0;
  } catch (problem) {
    if (stopping.signal.aborted) return 2;
    if (problem instanceof StoryBroken) return 1;
    throw problem;
  } finally {
    await world.close();
  }
}

function sayJson(told: Told): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

function sayPlain(told: Told): void {
  process.stdout.write(`${told.ok ? "✓" : "✗"} ${told.step} (${told.ms} ms)${told.ok ? "" : `\n  ${told.error}`}\n`);
}

/** Keeps a picture of each page in the folder, in the order of the story. */
async function camera(folder: string | undefined): Promise<(page: Page, name: string) => Promise<void>> {
  if (folder === undefined) return async () => undefined;
  const kept = resolve(folder);
  await mkdir(kept, { recursive: true });
  let taken = 0;
  return async (page, name) => {
    taken += 1;
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(kept, `${String(taken).padStart(2, "0")}-${name}.png`), fullPage: true });
  };
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(2);
  },
);
