import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  caseGraph,
  isKeptBody,
  type LeftOut,
  leftOutOf,
  type PackPart,
  reportHtml,
  sayFinding,
  type Trust,
  verifyPack,
} from "../src/pack/index.ts";
import { type Inner, innerPack, nested, stamped } from "./exhibits.ts";
import { entriesOf, packed, partOf, root, sealedNow, streamOf } from "./packing.ts";
import { openAuthority, type TestAuthority } from "./timestamp-authority.ts";

const KEPT = "data/exhibits/1/kept/1.age";
const RECORD = "data/exhibits/1/record.json";

let authority: TestAuthority;
let keys: { identity: string; recipient: string };
let inner: Inner;
let parts: readonly PackPart[];
let leftOut: LeftOut[];
let trust: Trust;
const folder = mkdtempSync(join(tmpdir(), "jikim-kept-"));

beforeAll(async () => {
  authority = openAuthority();
  const identity = await generateX25519Identity();
  keys = { identity, recipient: await identityToRecipient(identity) };
  const own = [partOf("data/record.json", "{}\n"), partOf("data/note.age", "not a kept body")];
  const kept = { ...partOf("data/kept/1.age", "invented ciphertext"), type: "application/age" };
  inner = await innerPack(authority, [...own, kept], {
    ...{ packId: "11111111-6a59-4a5d-9b2b-1d2f3a4b5c6d", exhibit: "B-1", minor: false, mode: "keep-matching" },
  });
  parts = await nested([inner]);
  leftOut = leftOutOf(1, inner.sealed.manifest);
  trust = { root: root.public, authorities: [authority.root], witnesses: [], now: Temporal.Now.instant() };
});
afterAll(() => {
  authority.remove();
  rmSync(folder, { recursive: true });
});

async function outerOf(some: readonly PackPart[], changes: object): Promise<Uint8Array> {
  const about = { exhibit: "D-1", packId: "99999999-6a59-4a5d-9b2b-1d2f3a4b5c6d", mode: "keep-matching", ...changes };
  const sealed = await sealedNow(some, about);
  return packed(sealed, await stamped(authority, sealed), keys.recipient, [...some]);
}

async function verified(some: readonly PackPart[], changes: object) {
  const { findings } = await verifyPack(streamOf(await outerOf(some, changes)), keys.identity, trust);
  return findings;
}
const wrong = async (some: readonly PackPart[], changes: object) =>
  (await verified(some, changes)).filter(({ state }) => state === "fails").map(({ why, part }) => [why, part]);
const without = (...paths: string[]) => parts.filter(({ path }) => !paths.includes(path));

test("a pack without what a capture kept holds, and says that it stays sealed at the centre, by the digest that was signed", async () => {
  const findings = await verified(without(KEPT), { leftOut });
  expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
  const apart = findings.filter(({ check }) => check === "kept-apart");
  expect(apart).toMatchObject([{ state: "holds", exhibit: 1, part: KEPT }]);
  const [said] = apart.map((finding) => [sayFinding(finding, "ko"), sayFinding(finding, "en")]);
  expect(said?.[0]).toMatch(/^맞음 · 증거 1: .*이 꾸러미에 없고, 센터에 봉인/);
  expect(said?.[1]).toMatch(new RegExp(`not in this pack; it stays sealed at the centre .*${leftOut[0]?.sha256}`));
});

test("any other file that is cut is named, also beside one that may be absent, and so is one nobody said to be left out", async () => {
  expect(await wrong(without(KEPT, RECORD), { leftOut })).toEqual([["MISSING", RECORD]]);
  expect(await wrong(without(KEPT), {})).toEqual([["MISSING", KEPT]]);
});

test("a file that its own manifest does not name as kept is not let out, whoever lists it", async () => {
  const { files } = inner.sealed.manifest;
  for (const name of ["record.json", "note.age"]) {
    const file = files.find(({ path }) => path === `data/${name}`);
    const { bytes, sha256 } = file ?? { bytes: 0, sha256: "" };
    const listed = [...leftOut, { exhibit: 1, path: `data/${name}`, bytes, sha256 }];
    const path = `data/exhibits/1/${name}`;
    expect(await wrong(without(KEPT, path), { leftOut: listed })).toEqual([
      ["MISSING", path],
      ["NOT_A_KEPT_BODY", path],
    ]);
  }
  expect(isKeptBody({ mode: "hash-and-discard" }, { path: "data/kept/1.age", type: "application/age" })).toBe(false);
  expect(isKeptBody({ mode: "keep-matching" }, { path: "data/kept/1.age", type: "text/plain" })).toBe(false);
});

test("an omission of another digest, named twice, of an exhibit that is not there, or of a file that is, is refused", async () => {
  const [one] = leftOut;
  if (one === undefined) throw new Error("nothing was kept");
  const other = [{ ...one, sha256: "0".repeat(64) }];
  expect(await wrong(without(KEPT), { leftOut: other })).toEqual([
    ["MISSING", KEPT],
    ["NOT_A_KEPT_BODY", KEPT],
  ]);
  expect(await wrong(without(KEPT), { leftOut: [one, one] })).toEqual([["NOT_A_KEPT_BODY", KEPT]]);
  const stray = [one, { ...one, exhibit: 2 }];
  expect(await wrong(without(KEPT), { leftOut: stray })).toEqual([["NOT_A_KEPT_BODY", "data/exhibits/2/kept/1.age"]]);
  expect(await wrong(parts, { leftOut })).toEqual([["IS_THERE", KEPT]]);
});

test("by hand, jq says of each that was left out whether its own signed list names it as kept", async () => {
  const check = async (name: string, listed: readonly LeftOut[]) => {
    const pack = await outerOf(without(KEPT), { leftOut: listed });
    const entries = await entriesOf(pack, keys.identity);
    for (const { name: path, data } of entries) {
      mkdirSync(join(folder, name, dirname(path)), { recursive: true });
      writeFileSync(join(folder, name, path), data);
    }
    const [top = ""] = (entries[0]?.name ?? "").split("/");
    const readme = Buffer.from(entries.find(({ name: path }) => path.endsWith("README.txt"))?.data ?? []).toString();
    const from = readme.indexOf("   jq -r '.leftOut");
    const script = readme.slice(from, readme.indexOf("done", from) + "done".length);
    const cwd = join(folder, name, top);
    return execFileSync("bash", ["-c", `${script}; true`], { cwd, encoding: "utf8" });
  };
  expect(await check("good", leftOut)).toBe("true\n");
  expect(await check("bad", [{ exhibit: 1, path: "data/record.json", bytes: 3, sha256: "0".repeat(64) }])).toBe(
    "false\n",
  );
});

test("the report and the CASE graph tell what was left out, and on what ground something went along", async () => {
  const { manifest } = await sealedNow(parts, { leftOut, keptUnder: "지어낸 영장 7" });
  const nothing = {
    exhibits: [],
    marks: [],
    custody: [],
    unreadable: 0,
    madeBy: "centre" as const,
    recipientUnit: null,
    stamps: "none" as const,
    logOrigin: "",
    root: "",
  };
  const exhibit = {
    ...{ number: 1, exhibit: "B-1", kind: "capture" as const, packId: manifest.packId, sealedAt: manifest.sealedAt },
    ...{ manifestSha256: "0".repeat(64), about: null, stampedAt: null, logged: null, messages: null },
  };
  const html = (language: "ko" | "en") =>
    reportHtml({ ...nothing, exhibits: [exhibit], manifest, files: manifest.files }, language);
  expect(html("en")).toMatch(/1 files that captures kept .* were left out of this pack/);
  expect(html("en")).toContain(leftOut[0]?.sha256);
  expect(html("ko")).toMatch(/봉인해 남긴 파일 1개는 이 꾸러미에 담지 않았습니다/);
  expect(html("ko")).toContain("근거: 지어낸 영장 7");
  expect(JSON.stringify(caseGraph(manifest))).toContain("kept sealed at the centre, not in this pack");
});
