import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPage } from "../src/checks/page.ts";
import { readConfig } from "../src/config.ts";
import { DemoMixed, separateDemo } from "../src/demo/mark.ts";

test("a page made to be slow to read is read in one pass", { timeout: 20_000 }, () => {
  for (const made of [
    `url(${" ".repeat(4_000_000)}`,
    "url(".repeat(1_000_000),
    'url("'.repeat(800_000),
    `url('${"x".repeat(4_000_000)}`,
  ]) {
    expect(readPage(`<style>${made}</style>`).pictures).toBeDefined();
    expect(readPage(`<p style="${made.replaceAll('"', "'")}">`).pictures).toBeDefined();
  }
});

test("a demo and a real centre never share a data folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jikim-test-"));
  try {
    const [real, demo] = [
      { demo: false, databaseUrl: null },
      { demo: true, databaseUrl: null },
    ];
    await separateDemo(folder, real);
    await expect(separateDemo(folder, { demo: true, databaseUrl: "postgres://elsewhere" })).rejects.toThrow(DemoMixed);
    await separateDemo(folder, demo);
    await separateDemo(folder, demo);
    await expect(separateDemo(folder, real)).rejects.toThrow(DemoMixed);
    const centre = join(folder, "centre");
    await mkdir(join(centre, "keys"), { recursive: true });
    await writeFile(join(centre, "keys", "data-key"), "");
    await expect(separateDemo(centre, demo)).rejects.toThrow(DemoMixed);
    await separateDemo(centre, real);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("behind an HTTPS proxy on this machine its visitors are told apart", () => {
  expect(readConfig({ JIKIM_ORIGIN: "https://centre.example" }).trustedProxies).toBe("loopback");
  expect(readConfig({}).trustedProxies).toBeNull();
});
