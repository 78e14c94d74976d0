import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { whyInstall } from "../install.mjs";

interface Entry {
  version: string;
  integrity: string;
  optional?: boolean;
  os?: string[];
}

const cup: Entry = { version: "1.0.0", integrity: "sha512-cup" };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jikim-install-"));
  await mkdir(join(folder, "node_modules", "cup"), { recursive: true });
});

afterEach(() => rm(folder, { recursive: true }));

async function reason(locked: Record<string, Entry>, installed: Record<string, Entry>): Promise<string | null> {
  await writeFile(join(folder, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...locked } }));
  await writeFile(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: installed }));
  return whyInstall(folder);
}

test("what is locked and installed needs no installing", async () => {
  expect(await reason({ "node_modules/cup": cup }, { "node_modules/cup": cup })).toBeNull();
});

test("a clone without packages needs installing", async () => {
  await writeFile(join(folder, "package-lock.json"), JSON.stringify({ packages: {} }));
  expect(whyInstall(folder)).toBe("No packages are installed yet.");
});

test("a package that was locked since needs installing", async () => {
  const tea = { ...cup, integrity: "sha512-tea" };
  const locked = { "node_modules/cup": cup, "node_modules/tea": tea };
  expect(await reason(locked, { "node_modules/cup": cup })).toBe("node_modules/tea is missing.");
});

test("a package whose folder was removed needs installing", async () => {
  await rm(join(folder, "node_modules", "cup"), { recursive: true });
  expect(await reason({ "node_modules/cup": cup }, { "node_modules/cup": cup })).toBe("node_modules/cup is missing.");
});

test.each([{ version: "1.0.1" }, { integrity: "sha512-mug" }])(
  "another version or content needs installing: %o",
  async (other) => {
    expect(await reason({ "node_modules/cup": { ...cup, ...other } }, { "node_modules/cup": cup })).toBe(
      "node_modules/cup is not the locked version.",
    );
  },
);

test("a package that is no longer locked needs installing", async () => {
  expect(await reason({}, { "node_modules/cup": cup })).toBe("node_modules/cup is no longer locked.");
});

test("an optional package counts on the system it names, and not on others", async () => {
  const program = { ...cup, optional: true };
  const ours = { ...program, os: [process.platform] };
  const theirs = { ...program, os: ["another"] };
  expect(await reason({ "node_modules/cup": ours }, {})).toBe("node_modules/cup is missing.");
  expect(await reason({ "node_modules/cup": theirs }, {})).toBeNull();
});
