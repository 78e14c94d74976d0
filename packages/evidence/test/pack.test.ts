import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cosignedBytes,
  noteKey,
  readLogProof,
  readNote,
  writeCosignature,
  writeLogProof,
  writeNote,
} from "@jikim/casework";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certify, newSigningKey, signBytes } from "../src/index.ts";
import {
  type SealedManifest,
  sayFinding,
  type Trust,
  type Vouching,
  verifyPack,
  writePack,
} from "../src/pack/index.ts";
import { requestTimestamp } from "../src/timestamp.ts";
import { type Entry, FACTS, forged, logged, PARTS, packed, root, sealedNow, streamOf } from "./packing.ts";
import { openAuthority, type TestAuthority } from "./timestamp-authority.ts";

const folder = mkdtempSync(join(tmpdir(), "jikim-pack-"));
const witnessKey = newSigningKey();
const witness = noteKey(sha, "witness.example", "witness", new Uint8Array(Buffer.from(witnessKey.public, "hex")));
function sha(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

let authority: TestAuthority;
let keys: { identity: string; recipient: string };
let sealed: SealedManifest;
let vouching: Vouching;
let pack: Uint8Array;
let trust: Trust;

beforeAll(async () => {
  authority = openAuthority();
  const identity = await generateX25519Identity();
  keys = { identity, recipient: await identityToRecipient(identity) };
  sealed = await sealedNow();
  const timestamp = authority.answer(await requestTimestamp(sealed.signature, randomBytes(12)));
  vouching = { timestamp, log: witnessed(logged(sealed)) };
  pack = await packed(sealed, vouching, keys.recipient);
  trust = { root: root.public, authorities: [authority.root], witnesses: [witness], now: Temporal.Now.instant() };
});
afterAll(() => {
  authority.remove();
  rmSync(folder, { recursive: true });
});

function witnessed(
  log: NonNullable<Vouching["log"]>,
  seconds = Math.floor(Date.now() / 1000),
): NonNullable<Vouching["log"]> {
  const proof = readLogProof(log.proof);
  const note = proof && readNote(proof.checkpoint);
  if (!proof || !note) throw new Error("no proof");
  const signature = writeCosignature(seconds, signBytes(cosignedBytes(note.text, seconds), witnessKey.secret));
  const { name, id } = witness;
  const checkpoint = writeNote({ text: note.text, signatures: [...note.signatures, { name, id, signature }] });
  return { ...log, proof: writeLogProof({ ...proof, checkpoint }) };
}

async function verdictOf(given: Uint8Array, changes: Partial<Trust> = {}) {
  const { holds, findings } = await verifyPack(streamOf(given), keys.identity, { ...trust, ...changes });
  const bad = findings.filter(({ state }) => state !== "holds");
  return { holds, bad: bad.map(({ check, state, part, why }) => [check, state, why, part]) };
}

test("a whole pack holds in everything, and says so in both languages", async () => {
  const { holds, findings, manifest } = await verifyPack(streamOf(pack), keys.identity, trust);
  expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual(
    ["opened", "whole", "unchanged", "in-order", "signed", "vouched", "timed", "logged", "witnessed"].map(
      (check) => `${check} holds`,
    ),
  );
  expect(holds).toBe(true);
  expect(manifest?.exhibit).toBe("A-1");
  for (const language of ["ko", "en"] as const)
    for (const finding of findings)
      expect(sayFinding(finding, language)).toMatch(language === "ko" ? /^맞음 · / : /^holds · /);
});

describe("the tools that its README names say the same: age, tar, sha256sum, sha512sum, openssl, jq", () => {
  const shell = (script: string) =>
    execFileSync("bash", ["-ec", `set -o pipefail; ${script}`], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

  /** The README's own commands of one step, on a pack that was just opened; what fails throws. */
  function byHand(given: Uint8Array) {
    writeFileSync(join(folder, "key"), `${keys.identity}\n`);
    writeFileSync(join(folder, "pack"), given);
    writeFileSync(join(folder, "roots.pem"), authority.root);
    const inside = `jikim-pack-${sealed.manifest.packId}`;
    shell(`rm -rf ${inside}; age -d -i key pack | tar x`);
    const readme = readFileSync(join(folder, inside, "README.txt"), "utf8");
    return (step: number) => {
      const [, said = ""] = new RegExp(`^${step}\\. .*\\n((?: {3}.*\\n)+)`, "m").exec(readme) ?? [];
      const commands = said.match(/^ {3}(printf|openssl|jq|\(|sha\d+sum) ?.*/gm)?.join("\n") ?? "exit 1";
      const here = commands.replace(" ROOT ", ` ${root.public} `).replace("ROOTS.pem", "../roots.pem");
      return shell(`cd ${inside}; ${here.replaceAll("/tmp/", "../")}`);
    };
  }

  test("of a whole pack, that it is whole", () => {
    const step = byHand(pack);
    expect(step(2)).toMatch(/Verified Successfully\n[\s\S]*Verified Successfully\nSAME KEY/);
    expect(step(3)).toMatch(/data\/page.txt: OK\n[\s\S]*NO OTHER\n[\s\S]*data\/page.txt: OK/);
    expect(step(3)).not.toMatch(/FAILED/);
    expect(step(4)).toBeDefined();
  });

  const listedAnew = (change: (entries: Entry[]) => Entry[]) => (entries: Entry[]) => {
    const changed = change(entries);
    const data = changed.filter(({ name }) => name.includes("/data/"));
    const list = (digest: string) =>
      Buffer.from(data.map((each) => `${hashOf(digest, each)}  ${pathOf(each)}\n`).join(""));
    const lists = changed.map((entry) => {
      const [, digest] = /^manifest-(sha256|sha512)\.txt$/.exec(pathOf(entry)) ?? [];
      return digest === undefined ? entry : { ...entry, data: list(digest) };
    });
    return relisted(lists);
  };

  test("of a file that was swapped, with every list, that it is not the one that was signed", async () => {
    const swap = listedAnew((entries) =>
      entries.map((entry) => (pathOf(entry) === "data/page.txt" ? { ...entry, data: Buffer.from("x") } : entry)),
    );
    const step = byHand(await forged(pack, keys, swap));
    expect(step(2)).toMatch(/SAME KEY/);
    expect(shell(`cd jikim-pack-${sealed.manifest.packId}; sha256sum -c manifest-sha256.txt`)).toMatch(/page.txt: OK/);
    expect(() => step(3)).toThrow(/1 computed checksum did NOT match/);
  });

  test("of a file that was added, with every list, that nobody signed it", async () => {
    const add = listedAnew((entries) => withFile(entries, "data/report/confession.html"));
    const said = byHand(await forged(pack, keys, add))(3);
    expect(said).toContain("> data/report/confession.html");
    expect(said).not.toContain("NO OTHER");
  });

  test("of a stranger's key and signature, that it is not the centre's key", async () => {
    const stranger = newSigningKey();
    const signature = signBytes(new TextEncoder().encode(`jikim/pack/v1\n${sealed.text}`), stranger.secret);
    const foreign = { ...sealed, publicKey: stranger.public, signature };
    const strangers = byHand(await packed(foreign, vouching, keys.recipient));
    expect(() => strangers(2)).toThrow(expect.objectContaining({ stdout: expect.not.stringContaining("SAME KEY") }));
    const own = { kind: "service", verifyKey: stranger.public, notAfter: "2036-01-01T00:00:00Z" } as const;
    const certified = { ...foreign, certificate: certify(own, stranger.secret) };
    const vouchedByItself = byHand(await packed(certified, vouching, keys.recipient));
    expect(() => vouchedByItself(2)).toThrow(
      expect.objectContaining({ stdout: expect.stringMatching(/Verified Successfully\n[\s\S]*Verification Failure/) }),
    );
  });
});

describe("what a forger with the key changed is named", () => {
  const forge = async (change: (entries: Entry[]) => Entry[]) => verdictOf(await forged(pack, keys, change));
  const named = (end: string) => (entry: Entry) => entry.name.endsWith(`/${end}`);
  const edit = (end: string, change: (text: string) => string) => (entries: Entry[]) =>
    entries.map((entry) =>
      named(end)(entry)
        ? { ...entry, data: Buffer.from(change(Buffer.from(entry.data).toString("latin1")), "latin1") }
        : entry,
    );

  test("nothing, when nothing was", async () => {
    expect(await forge((entries) => entries)).toEqual({ holds: true, bad: [] });
  });

  test("an altered file, a missing one, one too many, one in another place", async () => {
    expect((await forge(edit("data/page.txt", (text) => text.replace("what", "that")))).bad).toEqual([
      ["unchanged", "fails", "ALTERED", "data/page.txt"],
    ]);
    expect((await forge((entries) => entries.filter((each) => !named("data/chat/one.json")(each)))).bad).toEqual([
      ["whole", "fails", "MISSING", "data/chat/one.json"],
    ]);
    const more = (entries: Entry[]) => [
      ...entries,
      { name: entries[0]?.name.replace(/[^/]+$/, "data/more.txt") ?? "", data: Buffer.from("x") },
    ];
    expect((await forge(more)).bad).toEqual([["whole", "fails", "UNLISTED", "data/more.txt"]]);
    const swapped = (entries: Entry[]) => [...entries.slice(0, -2), ...entries.slice(-2).reverse()];
    expect((await forge(swapped)).bad).toEqual([["in-order", "fails", "OUT_OF_ORDER", "data/chat/one.json"]]);
  });

  test("two files whose contents were swapped", async () => {
    const swap = (entries: Entry[]) => {
      const [page, chat] = entries.slice(-2);
      return page && chat
        ? [...entries.slice(0, -2), { ...page, data: chat.data }, { ...chat, data: page.data }]
        : entries;
    };
    expect((await forge(swap)).bad.map(([, , why, part]) => [why, part])).toEqual([
      ["ALTERED", "data/page.txt"],
      ["ALTERED", "data/chat/one.json"],
    ]);
  });

  test("a manifest rewritten to fit, with every list: the signature no longer holds, nor time, nor log", async () => {
    const redated = edit("seal/manifest.json", (text) => text.replace(FACTS.startedAt, "2026-11-21T01:00:00Z"));
    const { bad } = await forge((entries) => relisted(redated(entries)));
    expect(bad).toEqual([
      ["signed", "fails", "BAD_SIGNATURE", "seal/manifest.sig"],
      ["logged", "fails", "OTHER_ENTRY", "seal/log-entry.json"],
    ]);
  });

  test("a manifest signed anew by a stranger's key: the root does not vouch for it", async () => {
    const stranger = newSigningKey();
    const certificate = certify(
      { kind: "service", verifyKey: stranger.public, notAfter: "2036-01-01T00:00:00Z" },
      stranger.secret,
    );
    const other = {
      ...sealed,
      publicKey: stranger.public,
      certificate,
      signature: signBytes(new TextEncoder().encode(`jikim/pack/v1\n${sealed.text}`), stranger.secret),
    };
    const { bad } = await verdictOf(
      await packed(other, { ...vouching, log: witnessed(logged(sealed, stranger)) }, keys.recipient),
    );
    expect(bad).toEqual([
      ["vouched", "fails", "NOT_VOUCHED", "seal/certificate.json"],
      ["timed", "fails", "TIMESTAMP_REFUSED", "seal/timestamp.tsr"],
    ]);
  });

  test("a claim to have been sealed after it was stamped", async () => {
    const at = Date.now() + 3_600_000;
    const later = await sealedNow(PARTS, { sealedAt: new Date(at).toISOString() });
    const timestamp = authority.answer(await requestTimestamp(later.signature, randomBytes(12)));
    const { bad } = await verdictOf(
      await packed(
        later,
        { ...vouching, timestamp, log: witnessed(logged(later), Math.floor(at / 1000)) },
        keys.recipient,
      ),
    );
    expect(bad).toEqual([["timed", "fails", "TIME_DIFFERS", "seal/manifest.json"]]);
  });

  test.each([
    ["that ended before it began", { startedAt: "2027-01-01T00:00:00Z", endedAt: "2020-01-01T00:00:00Z" }],
    ["that was sealed before it ended", { endedAt: new Date(Date.now() + 3_600_000).toISOString() }],
  ])("a capture %s, signed as it is", async (_what, times) => {
    const other = await sealedNow(PARTS, times);
    const timestamp = authority.answer(await requestTimestamp(other.signature, randomBytes(12)));
    const { bad } = await verdictOf(await packed(other, { timestamp, log: witnessed(logged(other)) }, keys.recipient));
    expect(bad).toEqual([["timed", "fails", "TIMES_IMPOSSIBLE", "seal/manifest.json"]]);
  });

  test("a witness who saw it before it was sealed", async () => {
    const early = witnessed(logged(sealed), Math.floor(Date.now() / 1000) - 86_400);
    const { bad } = await verdictOf(await packed(sealed, { ...vouching, log: early }, keys.recipient));
    expect(bad).toEqual([["witnessed", "fails", "TIMES_IMPOSSIBLE", "seal/log-proof.txt"]]);
  });

  test("a proof of another leaf, and a log signed by another key", async () => {
    const moved = edit("seal/log-proof.txt", (text) => text.replace("index 1", "index 0"));
    expect((await forge((entries) => relisted(moved(entries)))).bad).toEqual([
      ["logged", "fails", "NOT_IN_THE_LOG", "seal/log-proof.txt"],
    ]);
    const stranger = newSigningKey();
    const foreign = await packed(sealed, { ...vouching, log: witnessed(logged(sealed, stranger)) }, keys.recipient);
    expect((await verdictOf(foreign)).bad).toEqual([["logged", "fails", "NOT_IN_THE_LOG", "seal/log-proof.txt"]]);
  });

  test.each(["data/report/confession.html", "REPORT.pdf", "seal/extra.txt", "seal/custody.jsonl"])(
    "%s was signed by nobody, and no list that a forger rewrites makes it belong",
    async (path) => {
      const { holds, bad } = await forge((entries) => relisted(withFile(entries, path), [path]));
      expect(holds).toBe(false);
      expect(bad.filter(([, , , part]) => part === path)).toEqual([["whole", "fails", "UNLISTED", path]]);
    },
  );

  test.each([
    ["data/Page.txt", "NAMES_COLLIDE"],
    ["README.TXT", "NAMES_COLLIDE"],
    ["seal/../data/page.txt", "UNSAFE_NAME"],
    ["data//page.txt", "UNSAFE_NAME"],
    ["./data/page.txt", "UNSAFE_NAME"],
    ["data\\page.txt", "UNSAFE_NAME"],
  ])("%s would lie over another file once it is unpacked", async (path, why) => {
    const { bad } = await forge((entries) => relisted(withFile(entries, path), [path]));
    expect(bad.filter(([, , , part]) => part === path)).toEqual([
      ["whole", "fails", "UNLISTED", path],
      ["whole", "fails", why, path],
    ]);
  });

  test("a folder of another name, which could be unpacked anywhere", async () => {
    for (const folder of ["..", "jikim-pack-1"]) {
      const { bad } = await forge((entries) =>
        entries.map((entry) => ({ ...entry, name: entry.name.replace(/^[^/]+/, folder) })),
      );
      expect(bad).toEqual([["whole", "fails", "UNSAFE_NAME", folder]]);
    }
  });

  test("what the bag says of itself, rewritten with its list", async () => {
    for (const path of ["README.txt", "bagit.txt", "bag-info.txt"]) {
      const rewritten = edit(path, (text) => `${text}Call 010-0000-0000 for the real pack.\n`);
      expect((await forge((entries) => relisted(rewritten(entries)))).bad).toEqual([
        ["unchanged", "fails", "ALTERED", path],
      ]);
      const gone = (entries: Entry[]) => relisted(entries.filter((entry) => !named(path)(entry)));
      expect((await forge(gone)).bad).toEqual([["whole", "fails", "MISSING", path]]);
    }
  });

  test("a list of the bag's own files that leaves one out, or tells another digest", async () => {
    const short = edit("tagmanifest-sha256.txt", (text) => text.replace(/.* {2}README\.txt\n/, ""));
    expect((await forge(short)).bad).toEqual([["whole", "fails", "LISTS_DIFFER", "tagmanifest-sha256.txt"]]);
    const other = edit("tagmanifest-sha256.txt", (text) => text.replace(/^./, (digit) => (digit === "0" ? "1" : "0")));
    expect((await forge(other)).bad).toEqual([["whole", "fails", "LISTS_DIFFER", "tagmanifest-sha256.txt"]]);
  });

  test("a list that contradicts the signed one, and a file that comes twice", async () => {
    const lists = edit("manifest-sha256.txt", (text) => text.replace(/^./, (digit) => (digit === "0" ? "1" : "0")));
    expect((await forge((entries) => relisted(lists(entries)))).bad).toEqual([
      ["whole", "fails", "LISTS_DIFFER", "manifest-sha256.txt"],
    ]);
    expect((await forge((entries) => [...entries, ...entries.slice(-1)])).bad).toEqual([
      ["opened", "fails", "TWICE", null],
    ]);
  });
});

test("a pack that was cut, altered, is for another or is none does not open", async () => {
  const other = await generateX25519Identity();
  expect((await verifyPack(streamOf(pack), other, trust)).findings.map(({ why }) => why)).toEqual(["WRONG_KEY"]);
  expect((await verifyPack(streamOf(pack), "nonsense", trust)).findings.map(({ why }) => why)).toEqual(["WRONG_KEY"]);
  expect((await verdictOf(pack.slice(0, 60))).bad).toEqual([["opened", "fails", "CUT_OR_ALTERED", null]]);
  expect((await verdictOf(pack.slice(0, -100))).bad).toEqual([["opened", "fails", "CUT_OR_ALTERED", null]]);
  const flipped = pack.slice();
  flipped[flipped.length - 5000] = (flipped[flipped.length - 5000] ?? 0) ^ 1;
  expect((await verdictOf(flipped)).bad).toEqual([["opened", "fails", "CUT_OR_ALTERED", null]]);
  expect((await verdictOf(new TextEncoder().encode("no pack"))).bad).toEqual([["opened", "fails", "NOT_A_PACK", null]]);
});

test("what could not be checked is never taken for good: no root, no authority, no witness, sealed without network", async () => {
  expect(await verdictOf(pack, { root: null })).toEqual({
    holds: false,
    bad: [["vouched", "unchecked", "NO_ROOT_GIVEN", null]],
  });
  expect(await verdictOf(pack, { authorities: [] })).toEqual({
    holds: false,
    bad: [["timed", "unchecked", "NO_AUTHORITY_GIVEN", null]],
  });
  expect(await verdictOf(pack, { witnesses: [] })).toEqual({
    holds: false,
    bad: [["witnessed", "unchecked", "NO_WITNESS_GIVEN", null]],
  });
  const early = await packed(sealed, { timestamp: null, log: null }, keys.recipient);
  expect(await verdictOf(early)).toEqual({
    holds: false,
    bad: [
      ["timed", "unchecked", "NO_TIMESTAMP", null],
      ["logged", "unchecked", "NO_LOG_ENTRY", null],
    ],
  });
  const stranger = noteKey(
    sha,
    "witness.example",
    "witness",
    new Uint8Array(Buffer.from(newSigningKey().public, "hex")),
  );
  expect((await verdictOf(pack, { witnesses: [stranger] })).bad).toEqual([
    ["witnessed", "fails", "NOT_WITNESSED", "seal/log-proof.txt"],
  ]);
});

test("it goes to recipients of age alone, and to at least one", async () => {
  for (const recipients of [[], ["age1pq1nonsense"], [keys.recipient, "someone"]])
    await expect(writePack(sealed, vouching, { parts: PARTS, recipients })).rejects.toThrow("NOT_A_RECIPIENT");
});

const pathOf = ({ name }: Entry) => name.slice(name.indexOf("/") + 1);
const hashOf = (digest: string, { data }: Entry) => createHash(digest).update(data).digest("hex");

/** A file that a forger puts where the order of a pack would have it. */
function withFile(entries: Entry[], path: string): Entry[] {
  const more = { name: `jikim-pack-${sealed.manifest.packId}/${path}`, data: Buffer.from("I confess\n") };
  return path.startsWith("data/") ? [...entries, more] : [more, ...entries];
}

/** The list of the bag's own files written anew, as a forger would. @param more  what else it shall name. */
function relisted(entries: Entry[], more: readonly string[] = []): Entry[] {
  const line = (entry: Entry) => `${hashOf("sha256", entry)}  ${pathOf(entry)}\n`;
  const isTag = (entry: Entry) =>
    more.includes(pathOf(entry)) || !/^(data\/|tagmanifest-sha256\.txt$)/.test(pathOf(entry));
  const list = Buffer.from(entries.filter(isTag).map(line).join(""));
  return entries.map((entry) => (pathOf(entry) === "tagmanifest-sha256.txt" ? { ...entry, data: list } : entry));
}
