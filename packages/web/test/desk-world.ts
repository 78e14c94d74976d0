import { rm } from "node:fs/promises";
import { showPassphrase } from "@jikim/evidence";
import type { Browser, Page } from "@playwright/test";
import type { Config } from "../../server/src/config.ts";
import { type Running, startJikim } from "../../server/src/index.ts";
import { temporaryFolder } from "../../server/src/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../../server/test/database.ts";
import type { SeededPerson } from "../../server/test/seed.ts";
import { launchChromium } from "./desk-browser.ts";

/** A real server with the built pages, and a real browser. */
export type World = {
  readonly running: Running;
  readonly browser: Browser;
  readonly database: TestDatabase;
  /** Fails when the server had a trouble of its own meanwhile. */
  close(): Promise<void>;
};

export async function openWorld(more: Partial<Config> = {}): Promise<World> {
  const [folder, database] = [await temporaryFolder("jikim-test-"), await createTestDatabase()];
  const config = {
    port: 0,
    allowPrivateAddresses: true,
    anonymousAMinute: 10_000,
    effort: { bits: 0, parts: 2 },
    ...more,
  };
  const troubles: string[] = [];
  const say = (line: object) => void ("level" in line && line.level === "error" && troubles.push(JSON.stringify(line)));
  const running = await startJikim({ folder, databaseUrl: database.url, config, say });
  const browser = await launchChromium();
  return {
    running,
    browser,
    database,
    close: async () => {
      await browser.close();
      const before = troubles.length;
      await running.stop();
      // What workers say about a database that is being stopped is no trouble.
      troubles.length = before;
      await database.drop();
      await rm(folder, { recursive: true, force: true });
      if (troubles.length > 0) throw new Error(`the server was in trouble: ${troubles.join("\n")}`);
    },
  };
}

/** Every request body and header that a page sends from now on, as one text. */
export function recordSent(page: Page): () => string {
  const sent: string[] = [];
  page.on("request", (request) =>
    sent.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? ""),
  );
  return () => sent.join("\n");
}

export async function signInByPassphrase(page: Page, origin: string, person: SeededPerson): Promise<void> {
  await page.goto(`${origin}/desk/`);
  await page.getByText("암호문으로 들어가기").click();
  await page.getByLabel("업무 이름").fill(person.pseudonym);
  await page.getByLabel("암호문", { exact: true }).fill(showPassphrase(person.passphrase));
  await page.getByRole("button", { name: "들어가기", exact: true }).click();
  await page.getByRole("button", { name: "잠그기" }).waitFor();
}
