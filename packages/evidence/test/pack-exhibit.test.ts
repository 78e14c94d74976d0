import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Commitment, isDisclosed } from "../src/chat.ts";
import {
  exhibitOf,
  exhibitPath,
  openPack,
  type PackPart,
  sayFinding,
  type Trust,
  verifyPack,
} from "../src/pack/index.ts";
import { chatPart, type Inner, innerPack, nested, stamped, twoExhibits } from "./exhibits.ts";
import { packed, partOf, root, sealedNow, streamOf } from "./packing.ts";
import { openAuthority, type TestAuthority } from "./timestamp-authority.ts";

let authority: TestAuthority;
let keys: { identity: string; recipient: string };
let inners: Inner[];
let trust: Trust;

beforeAll(async () => {
  authority = openAuthority();
  const identity = await generateX25519Identity();
  keys = { identity, recipient: await identityToRecipient(identity) };
  inners = await twoExhibits(authority);
  trust = { root: root.public, authorities: [authority.root], witnesses: [], now: Temporal.Now.instant() };
});
afterAll(() => authority.remove());

/** A delivery pack that its own seal is right for, whatever is in it: only what is inside can be wrong. */
async function outerOf(parts: readonly PackPart[]): Promise<Uint8Array> {
  const sealed = await sealedNow(parts, { exhibit: "D-1", packId: "99999999-6a59-4a5d-9b2b-1d2f3a4b5c6d" });
  return packed(sealed, await stamped(authority, sealed), keys.recipient, [...parts]);
}

async function wrongIn(parts: readonly PackPart[]) {
  const { findings } = await verifyPack(streamOf(await outerOf(parts)), keys.identity, trust);
  const bad = findings.filter(
    ({ state, check }) => state === "fails" || (state === "unchecked" && check !== "witnessed"),
  );
  return bad.map(({ exhibit, check, why, part }) => [exhibit, check, why, part]);
}

const replaced = (path: string, content: string | Uint8Array) => (part: PackPart) =>
  part.path === path ? partOf(path, content) : part;

test("every exhibit holds for itself, and a chat says how much of it is shown", async () => {
  const { findings, manifest } = await verifyPack(streamOf(await outerOf(await nested(inners))), keys.identity, trust);
  expect(findings.filter(({ state }) => state !== "holds").map(({ check }) => check)).toEqual(
    Array(3).fill("witnessed"),
  );
  const of = (number: number) => findings.filter(({ exhibit }) => exhibit === number).map(({ check }) => check);
  const checks = ["whole", "unchanged", "in-order", "signed", "vouched", "timed", "logged", "witnessed", "belongs"];
  expect([of(1), of(2)]).toEqual([checks, [...checks, "proved"]]);
  expect(manifest?.exhibit).toBe("D-1");
  const proved = findings.find(({ check }) => check === "proved");
  if (proved === undefined) throw new Error("no chat");
  expect(sayFinding(proved, "ko")).toMatch(/^맞음 · 증거 2: .*보이는 말 2개, 빼놓은 말 1개/);
  expect(sayFinding(proved, "en")).toMatch(/^holds · exhibit 2: .*2 messages shown, 1 left out/);
});

describe("what is wrong inside a pack whose own seal holds is named by its exhibit", () => {
  test("altered, cut, one too many, reordered", async () => {
    const parts = await nested(inners);
    expect(await wrongIn(parts.map(replaced("data/exhibits/1/record.json", "[]\n")))).toEqual([
      [1, "unchanged", "ALTERED", "data/exhibits/1/record.json"],
    ]);
    expect(await wrongIn(parts.filter(({ path }) => path !== "data/exhibits/1/capture.wacz"))).toEqual([
      [1, "whole", "MISSING", "data/exhibits/1/capture.wacz"],
    ]);
    expect(await wrongIn([...parts, partOf("data/exhibits/2/more.json", "{}")])).toEqual([
      [2, "whole", "UNLISTED", "data/exhibits/2/more.json"],
    ]);
    expect(await wrongIn([...parts.slice(0, 2).reverse(), ...parts.slice(2)])).toEqual([
      [1, "in-order", "OUT_OF_ORDER", "data/exhibits/1/record.json"],
    ]);
  });

  test("swapped with the files of another, and the same one twice", async () => {
    const [one, two] = inners;
    if (!one || !two) throw new Error("no exhibits");
    const other = await innerPack(authority, [partOf("data/chat.json", "{}")], {
      packId: "33333333-6a59-4a5d-9b2b-1d2f3a4b5c6d",
    });
    const swapped = await nested([one, { ...two, sealed: other.sealed, vouching: other.vouching }]);
    expect(await wrongIn(swapped)).toEqual([[2, "unchanged", "ALTERED", "data/exhibits/2/chat.json"]]);
    expect(await wrongIn(await nested([one, one]))).toEqual([
      [2, "belongs", "SAME_EXHIBIT", "data/exhibits/2/seal/manifest.json"],
    ]);
  });

  test("re-timed: another's stamp, none, a time after the pack's own", async () => {
    const [one, two] = inners;
    if (!one || !two) throw new Error("no exhibits");
    const foreign = { ...two, vouching: { ...two.vouching, timestamp: one.vouching.timestamp } };
    expect(await wrongIn(await nested([one, foreign]))).toEqual([
      [2, "timed", "TIMESTAMP_REFUSED", "data/exhibits/2/seal/timestamp.tsr"],
    ]);
    const none = { ...two, vouching: { ...two.vouching, timestamp: null } };
    expect(await wrongIn(await nested([one, none]))).toEqual([[2, "timed", "NO_TIMESTAMP", null]]);
    const sealedAt = new Date(Date.now() + 60_000).toISOString();
    const late = await innerPack(authority, two.parts, { packId: two.sealed.manifest.packId, sealedAt });
    expect(await wrongIn(await nested([one, late]))).toEqual([
      [2, "belongs", "TIME_DIFFERS", "data/exhibits/2/seal/manifest.json"],
    ]);
  });

  test("of another case, without a seal, with another's place in the log, with a manifest that was touched", async () => {
    const [one, two] = inners;
    if (!one || !two) throw new Error("no exhibits");
    const stranger = await innerPack(authority, two.parts, { packId: two.sealed.manifest.packId, case: "case-0008" });
    expect(await wrongIn(await nested([one, stranger]))).toEqual([
      [2, "belongs", "OTHER_CASE", "data/exhibits/2/seal/manifest.json"],
    ]);
    const parts = await nested(inners);
    expect(await wrongIn(parts.filter(({ path }) => !path.startsWith("data/exhibits/2/seal/")))).toEqual([
      [2, "signed", "MISSING", "data/exhibits/2/seal/manifest.json"],
    ]);
    const moved = { ...two, vouching: { ...two.vouching, log: one.vouching.log } };
    expect(await wrongIn(await nested([one, moved]))).toEqual([
      [2, "logged", "OTHER_ENTRY", "data/exhibits/2/seal/log-entry.json"],
    ]);
    const touched = two.sealed.text.replace("survivor's", "somebody's");
    expect(await wrongIn(parts.map(replaced("data/exhibits/2/seal/manifest.json", touched)))).toEqual([
      [2, "signed", "BAD_SIGNATURE", "data/exhibits/2/seal/manifest.sig"],
      [2, "logged", "OTHER_ENTRY", "data/exhibits/2/seal/log-entry.json"],
    ]);
  });

  test("a chat whose messages are not proved, or do not add up", async () => {
    const part = await chatPart();
    const [first, second] = part.shown;
    if (!first || !second) throw new Error("nothing shown");
    const chats = [
      { ...part, shown: [{ ...first, text: second.text }, second] },
      { ...part, leftOut: 0 },
      { ...part, shown: "none" },
    ];
    const found: unknown[] = [];
    for (const chat of chats) {
      const inner = await innerPack(authority, [partOf("data/chat.json", JSON.stringify(chat))], {});
      found.push((await wrongIn(await nested([inner])))[0]);
    }
    expect(found).toEqual([
      [1, "proved", "UNPROVED", "data/exhibits/1/chat.json"],
      [1, "proved", "COUNTS_DIFFER", "data/exhibits/1/chat.json"],
      [1, "proved", "MALFORMED", "data/exhibits/1/chat.json"],
    ]);
  });
});

test("a path of an exhibit leads back to where it came from; lists and exhibits within exhibits stay behind", () => {
  for (const path of ["data/page.txt", "data/chat/one.json", "seal/manifest.sig"])
    expect(exhibitOf(exhibitPath(7, path) ?? "")).toEqual({ number: 7, path });
  for (const path of ["README.txt", "manifest-sha256.txt", "data/exhibits/1/a.json", "data/seal/x"])
    expect(exhibitPath(7, path)).toBeNull();
  expect(() => exhibitPath(0, "data/page.txt")).toThrow(RangeError);
});

describe("a pack opened file by file", () => {
  test("gives each file with its bytes, in order, and says what it read", async () => {
    const pack = await outerOf(await nested(inners));
    const shown: Commitment[] = [];
    const opened = await openPack(streamOf(pack), keys.identity, async ({ path, bytes, read }) => {
      if (!path.endsWith("chat.json")) return;
      const content = Buffer.concat(await Array.fromAsync(read(), (part) => part.slice()));
      expect(content.length).toBe(bytes);
      const part = JSON.parse(content.toString());
      expect(isDisclosed(part.commitment, part.shown[0])).toBe(true);
      shown.push(part.commitment);
    });
    expect(shown).toHaveLength(1);
    expect("order" in opened && opened.order.filter((path) => path.endsWith("capture.wacz"))).toEqual([
      "data/exhibits/1/capture.wacz",
    ]);
  });

  test("reads past what the taker leaves, even half of a file", async () => {
    const pack = await outerOf(await nested(inners));
    const opened = await openPack(streamOf(pack), keys.identity, async ({ read }) => {
      for await (const _ of read()) break;
    });
    expect("digests" in opened && opened.digests.get("data/exhibits/1/capture.wacz")?.bytes).toBe(75_000);
  });

  test("tells a cut from the taker's own error", async () => {
    const pack = await outerOf(await nested(inners));
    const readAll = async ({ read }: { read(): AsyncIterable<Uint8Array> }) => void (await Array.fromAsync(read()));
    expect(await openPack(streamOf(pack.slice(0, -40)), keys.identity, readAll)).toEqual({ trouble: "CUT_OR_ALTERED" });
    const fault = new Error("the taker's own");
    await expect(openPack(streamOf(pack), keys.identity, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await openPack(streamOf(new Uint8Array(9)), keys.identity, readAll)).toEqual({ trouble: "NOT_A_PACK" });
  });
});
