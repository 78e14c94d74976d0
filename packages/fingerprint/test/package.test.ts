import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestPage, type TestPage } from "./chromium.ts";
import { VECTORS } from "./vectors.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "jikim-installed-"));
const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: "utf8" });
let opened: TestPage | undefined;

/** The examples of the README by the file name in their first line. */
function example(name: string): string {
  const readme = readFileSync(join(root, "packages/fingerprint/README.md"), "utf8");
  const code = readme.split("```js\n").find((part) => part.startsWith(`// ${name}\n`));
  if (code === undefined) throw new Error(`the README has no ${name}`);
  return code.split("```")[0] ?? "";
}

beforeAll(() => {
  execFileSync(process.execPath, [join(root, "setup/pack.mjs"), "fingerprint"]);
  const tarball = run("npm", "pack", "--silent", join(root, "packages/fingerprint/dist")).trim();
  writeFileSync(join(folder, "package.json"), `{ "private": true, "type": "module" }`);
  run("npm", "install", "--offline", "--no-audit", "--no-fund", "--legacy-peer-deps", `./${tarball}`);
  for (const name of ["sharp", "@img", "detect-libc", "semver", "heic-decode", "libheif-js", "mediabunny"]) {
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
}, 120_000);

afterAll(async () => {
  await opened?.close();
  rmSync(folder, { recursive: true });
});

test("the installed core has no dependencies and holds no TypeScript to strip", () => {
  const description = JSON.parse(readFileSync(join(folder, "node_modules/@jikim/fingerprint/package.json"), "utf8"));
  expect(description.dependencies).toBeUndefined();
  expect(JSON.stringify(description.exports)).not.toMatch(/src|[^d]\.ts"/);
});

test("the README's example for Node holds a mirrored, cropped copy and lets another picture pass", async () => {
  const listed = new URL("smooth-1000x750.png", VECTORS).pathname;
  cpSync(listed, join(folder, "listed.png"));
  writeFileSync(join(folder, "node-example.mjs"), example("node-example.mjs"));
  await sharp(listed)
    .extract({ left: 100, top: 0, width: 900, height: 750 })
    .flop()
    .jpeg()
    .toFile(join(folder, "upload.jpg"));
  expect(run(process.execPath, "node-example.mjs")).toBe("hold: entry-1\n");
  await sharp(new URL("shapes-800x800.png", VECTORS).pathname).jpeg().toFile(join(folder, "upload.jpg"));
  expect(run(process.execPath, "node-example.mjs")).toBe("publish\n");
});

test("the README's example for the browser answers with fingerprints in Chromium", async () => {
  const site = join(folder, "site");
  mkdirSync(site);
  cpSync(new URL("./page/index.html", import.meta.url).pathname, join(site, "index.html"));
  cpSync(new URL("./page/page.ts", import.meta.url).pathname, join(site, "page.ts"));
  writeFileSync(join(site, "worker.ts"), `// @ts-nocheck\n${example("worker.js")}`);
  opened = await openTestPage(site);
  const { page } = opened;
  await page.setInputFiles("input", new URL("smooth-1000x750.png", VECTORS).pathname);
  const { fingerprints } = await page.evaluate<{ fingerprints: { kind: string; value: string }[] }>("ask()");
  expect(fingerprints[0]).toMatchObject({ kind: "pdq", value: expect.stringMatching(/^324d62b8/) });
}, 120_000);

test("the types resolve for a TypeScript user", () => {
  writeFileSync(
    join(folder, "use.ts"),
    `import { fingerprint, type Fingerprinted } from "@jikim/fingerprint";\nimport { fingerprintFile } from "@jikim/fingerprint/decode";\nconst one: Fingerprinted = fingerprint({ data: new Uint8Array(300), width: 10, height: 10, channels: 3 });\nexport const text: string = one.pdq;\nexport const file = fingerprintFile("a.png").then(({ tooPlain }): boolean => tooPlain);\n`,
  );
  const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "esnext", "--skipLibCheck"];
  expect(run(process.execPath, join(root, "node_modules/typescript/bin/tsc"), ...options, "use.ts")).toBe("");
});
