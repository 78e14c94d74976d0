import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packed, root, sealedNow } from "../../evidence/test/packing.ts";

const folder = mkdtempSync(join(tmpdir(), "jikim-verify-"));
afterAll(() => rmSync(folder, { recursive: true }));

function verify(...words: string[]) {
  const main = join(import.meta.dirname, "../src/main.ts");
  const { status, stdout } = spawnSync(process.execPath, [main, "verify", ...words], { cwd: folder, encoding: "utf8" });
  return {
    status,
    stdout,
    lines: stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : [])),
  };
}

const BEFORE = "00000000-6a59-4a5d-9b2b-1d2f3a4b5c6d";

beforeAll(async () => {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  writeFileSync(join(folder, "key.txt"), `# made by age-keygen\n# public key: ${recipient}\n${identity}\n`);
  const pack = await packed(
    await sealedNow(undefined, { previous: BEFORE, clockOffMs: -140 }),
    { timestamp: null, log: null },
    recipient,
  );
  writeFileSync(join(folder, "two.txt"), `${await generateX25519Identity()}\n${identity}\n`);
  writeFileSync(join(folder, "pack.age"), pack);
  writeFileSync(join(folder, "cut.age"), pack.slice(0, -40));
});

test("it says in plain words what holds and what could not be checked, and only exits with 0 when all was", () => {
  const { status, stdout } = verify("pack.age", "--identity", "key.txt", "--root", root.public);
  expect(status).toBe(1);
  expect(stdout).toMatch(/맞음 · 서명한 열쇠를 센터의 오프라인 루트가 보증합니다/);
  expect(stdout).toMatch(/확인 못 함 · .*시각 확인이 아직 없습니다/);
  expect(verify("pack.age", "--identity", "key.txt", "--language", "en").stdout).toMatch(
    /not checked · .*no root was given[\s\S]*\nNothing was found wrong, but not everything could be checked\.\n$/,
  );
  expect(verify("cut.age", "--identity", "key.txt", "--language", "en").stdout).toMatch(/Something does not hold\.\n$/);
});

test("it says which pack this one follows and how far the clock was off, in words and as JSON", () => {
  expect(verify("pack.age", "--identity", "key.txt").stdout).toMatch(
    new RegExp(`이 꾸러미는 수집 ${BEFORE}에 이어지는 것입니다[\\s\\S]*140밀리초 느렸습니다`),
  );
  expect(verify("pack.age", "--identity", "key.txt", "--language", "en").stdout).toMatch(
    new RegExp(`This pack follows capture ${BEFORE}\\.[\\s\\S]*was 140 ms behind the timestamp authority's`),
  );
  expect(verify("pack.age", "--identity", "key.txt", "--json").lines.at(-1)?.told).toEqual([
    { about: "follows", exhibit: null, kind: "capture", packId: BEFORE, here: null },
    { about: "clock", exhibit: null, offMs: -140 },
  ]);
});

test("of several keys in a file the one that opens it is found, as age does", () => {
  const { lines } = verify("pack.age", "--identity", "two.txt", "--json");
  expect(lines[0]).toMatchObject({ check: "opened", state: "holds" });
});

test("as JSON it is a line for each finding, and a last one with the verdict", () => {
  const { lines } = verify("pack.age", "--identity", "key.txt", "--root", root.public, "--json");
  expect(lines.map(({ check, state }) => [check, state]).slice(0, 6)).toEqual([
    ["opened", "holds"],
    ["whole", "holds"],
    ["unchanged", "holds"],
    ["in-order", "holds"],
    ["signed", "holds"],
    ["vouched", "holds"],
  ]);
  expect(lines.at(-1)).toMatchObject({ holds: false, packId: expect.any(String) });
  const cut = verify("cut.age", "--identity", "key.txt", "--json");
  expect([cut.status, cut.lines[0]]).toMatchObject([1, { check: "opened", state: "fails", why: "CUT_OR_ALTERED" }]);
});

test.each([
  [["absent.age", "--identity", "key.txt"], "PACK_NOT_FOUND"],
  [["pack.age", "--identity", "absent.txt"], "IDENTITY_NOT_FOUND"],
  [["pack.age", "--identity", "pack.age"], "NOT_AN_IDENTITY"],
  [["pack.age"], "BAD_ARGUMENTS"],
  [[".", "--identity", "key.txt"], "PACK_NOT_FOUND"],
  [["/proc/self/mem", "--identity", "key.txt"], "PACK_NOT_FOUND"],
  [["pack.age", "--identity", "/dev/zero"], "IDENTITY_NOT_FOUND"],
  [["pack.age", "--identity", "key.txt", "--authorities", "/dev/zero"], "AUTHORITIES_NOT_FOUND"],
  [["pack.age", "--identity", "key.txt", "--language", "fr"], "BAD_LANGUAGE"],
  [["pack.age", "--identity", "key.txt", "--root", "abc"], "NOT_A_ROOT"],
  [["pack.age", "--identity", "key.txt", "--witness", "abc"], "NOT_A_WITNESS"],
])("%j ends with 2 and %s", (words, code) => {
  const { status, lines } = verify(...words);
  expect([status, lines[0]?.error.code]).toEqual([2, code]);
});
