import { createHash, randomBytes } from "node:crypto";
import { readLogProof, readNote, writeCheckpoint, writeLogProof, writeNote } from "@jikim/casework";
import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { packTar } from "modern-tar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certify, newSigningKey, signBytes } from "../src/index.ts";
import {
  type PackPart,
  type SealedManifest,
  sealManifest,
  type Trust,
  type Vouching,
  verifyPack,
} from "../src/pack/index.ts";
import { requestTimestamp } from "../src/timestamp.ts";
import { innerPack, nested, twoExhibits } from "./exhibits.ts";
import {
  certificate,
  type Entry,
  entriesOf,
  FACTS,
  forged,
  logged,
  packed,
  partOf,
  root,
  service,
  streamOf,
} from "./packing.ts";
import { openAuthority, type TestAuthority } from "./timestamp-authority.ts";

// Whoever has the key can write every list anew: only what is signed, stamped and logged stands against them. Each pack is built once.

const act = (did: string, at: string) => `${JSON.stringify({ what: "custody", v: 1, did, role: "server", at })}\n`;
const CUSTODY = [act("captured", "2026-11-22T01:00:05Z"), act("sealed", "2026-11-22T01:00:06Z")];
type Signer = { readonly secret: string; readonly public: string; readonly certificate: typeof certificate };
type Whole = { readonly sealed: SealedManifest; readonly vouching: Vouching; readonly pack: Uint8Array };

let authority: TestAuthority;
let keys: { identity: string; recipient: string };
let trust: Trust;
let ours: Whole;
let entries: Entry[];
let theirs: ReadonlyMap<string, Uint8Array>;

const partsOf = async (inners: Parameters<typeof nested>[0], name: string): Promise<PackPart[]> => [
  ...(await nested(inners)),
  partOf("data/report/report-ko.pdf", `report of ${name}`),
  partOf("data/custody.jsonl", CUSTODY.join("") + act(`opened by ${name}`, "2026-11-22T02:00:00Z")),
  partOf("data/case.jsonld", `{"of":"${name}"}`),
];

async function wholeOf(packId: string, parts: readonly PackPart[], by: Signer): Promise<Whole> {
  const sealed = await sealManifest({ ...FACTS, packId, sealedAt: new Date().toISOString() }, parts, by);
  const timestamp = authority.answer(await requestTimestamp(sealed.signature, randomBytes(12)));
  const vouching = { timestamp, log: logged(sealed, by) };
  return { sealed, vouching, pack: await packed(sealed, vouching, keys.recipient, [...parts]) };
}

beforeAll(async () => {
  authority = openAuthority();
  const identity = await generateX25519Identity();
  keys = { identity, recipient: await identityToRecipient(identity) };
  trust = { root: root.public, authorities: [authority.root], witnesses: [], now: Temporal.Now.instant() };
  const [capture, chat] = await twoExhibits(authority);
  if (capture === undefined || chat === undefined) throw new Error("no exhibits");
  const parts = await partsOf([capture, chat], "ours");
  ours = await wholeOf("99999999-6a59-4a5d-9b2b-1d2f3a4b5c6d", parts, { ...service, certificate });
  // Of the same centre, by a later key of its service: what is swapped in is itself right.
  const later = newSigningKey();
  const certified = { kind: "service", verifyKey: later.public, notAfter: "2037-01-01T00:00:00Z" } as const;
  const other = [partOf("data/capture.wacz", "another\n"), partOf("data/record.json", '{"other":1}\n')];
  const inner = await innerPack(authority, other, { packId: "33333333-6a59-4a5d-9b2b-1d2f3a4b5c6d", exhibit: "B-3" });
  const chats = await innerPack(authority, [partOf("data/chat.json", "{}")], {
    ...{ packId: "44444444-6a59-4a5d-9b2b-1d2f3a4b5c6d", exhibit: "B-4" },
  });
  const by = { ...later, certificate: certify(certified, root.secret) };
  const alien = await wholeOf("88888888-6a59-4a5d-9b2b-1d2f3a4b5c6d", await partsOf([inner, chats], "theirs"), by);
  const taken = await entriesOf(alien.pack, keys.identity);
  theirs = new Map(taken.map((entry) => [pathOf(entry), entry.data]));
  entries = await entriesOf(ours.pack, keys.identity);
});
afterAll(() => authority.remove());

const pathOf = ({ name }: Entry) => name.slice(name.indexOf("/") + 1);
const digestOf = (name: string, data: Uint8Array) => createHash(name).update(data).digest("hex");

/** Every list of the bag written anew, over what is there now. */
function relisted(changed: readonly Entry[]): Entry[] {
  const over = (digest: string, wanted: (path: string) => boolean, among: readonly Entry[]) =>
    Buffer.from(
      among
        .filter((entry) => wanted(pathOf(entry)))
        .map((entry) => `${digestOf(digest, entry.data)}  ${pathOf(entry)}\n`)
        .join(""),
    );
  const list = (path: string, data: Buffer, among: readonly Entry[]) =>
    among.map((entry) => (pathOf(entry) === path ? { ...entry, data } : entry));
  const isTag = (path: string) => !path.startsWith("data/") && path !== "tagmanifest-sha256.txt";
  return list("tagmanifest-sha256.txt", over("sha256", isTag, changed), changed);
}

async function wrong(change: (all: Entry[]) => Entry[]): Promise<string[]> {
  const { holds, findings } = await verifyPack(streamOf(await forged(ours.pack, keys, change)), keys.identity, trust);
  const bad = findings.filter(({ state }) => state === "fails").map(({ why, part }) => `${why} ${part ?? ""}`.trim());
  expect([holds, bad.length > 0]).toEqual([false, true]);
  return bad;
}

const change = (path: string, data: (before: Uint8Array) => Uint8Array) => (all: Entry[]) =>
  relisted(all.map((entry) => (pathOf(entry) === path ? { ...entry, data: data(entry.data) } : entry)));
const rewrite = (path: string, text: (before: string) => string) =>
  change(path, (before) => Buffer.from(text(Buffer.from(before).toString())));
const add =
  (...paths: string[]) =>
  (all: Entry[]) => {
    const folder = all[0]?.name.split("/")[0];
    return relisted([...paths.map((path) => ({ name: `${folder}/${path}`, data: Buffer.from("I confess") })), ...all]);
  };
const remove = (path: string) => (all: Entry[]) => relisted(all.filter((entry) => pathOf(entry) !== path));

/** What names a file that is not the one that was sealed, by where it stands. */
function namesOf(path: string): string {
  const seal: Readonly<Record<string, string>> = {
    "seal/manifest.json": "BAD_SIGNATURE seal/manifest.sig",
    "seal/manifest.sig": "BAD_SIGNATURE seal/manifest.sig",
    "seal/key.pem": "BAD_SIGNATURE seal/manifest.sig",
    "seal/certificate.json": "NOT_VOUCHED seal/certificate.json",
    "seal/timestamp.tsr": "TIMESTAMP_REFUSED seal/timestamp.tsr",
    "seal/log-entry.json": "OTHER_ENTRY seal/log-entry.json",
    "seal/log-proof.txt": "NOT_IN_THE_LOG seal/log-proof.txt",
  };
  return seal[path] ?? `${/^(tag)?manifest-/.test(path) ? "LISTS_DIFFER" : "ALTERED"} ${path}`;
}

describe("of a whole pack with two exhibits, a report and a history", () => {
  test("nothing is wrong, also with every list written anew", async () => {
    const { findings } = await verifyPack(streamOf(await forged(ours.pack, keys, relisted)), keys.identity, trust);
    const bad = findings.filter(({ state }) => state !== "holds").map(({ check, why }) => [check, why]);
    expect(bad).toEqual(Array(3).fill(["witnessed", "NO_WITNESS_GIVEN"]));
  });

  test("every single file that is swapped for another pack's of the same centre is named", async () => {
    const swapped = entries.map(pathOf).filter((path) => {
      const [own, other] = [entries.find((entry) => pathOf(entry) === path)?.data, theirs.get(path)];
      return own !== undefined && other !== undefined && !Buffer.from(own).equals(other);
    });
    expect(swapped.length).toBe(entries.length - 5);
    for (const path of swapped) {
      const other = theirs.get(path) ?? new Uint8Array();
      // The list of lists is itself what is swapped.
      const put = (all: Entry[]) => all.map((entry) => (pathOf(entry) === path ? { ...entry, data: other } : entry));
      const isListOfLists = path === "tagmanifest-sha256.txt";
      expect(await wrong(isListOfLists ? put : (all) => relisted(put(all))), path).toContain(namesOf(path));
    }
  });

  test("every single file that lost its last byte, or all of them, is named, and so is one that is gone", async () => {
    const malformed = (path: string) =>
      new Set([namesOf(path), `MALFORMED ${path}`, "MALFORMED seal/log-proof.txt", `MISSING ${path}`]);
    for (const path of entries.map(pathOf).filter((each) => each !== "tagmanifest-sha256.txt"))
      for (const cut of [
        change(path, (before) => before.slice(0, -1)),
        change(path, () => new Uint8Array()),
        remove(path),
      ])
        expect(malformed(path).intersection(new Set(await wrongOrUnchecked(cut))).size, path).not.toBe(0);
  });

  test.each<[string, (all: Entry[]) => Entry[], readonly string[]]>([
    [
      "no list of lists",
      (all) => all.filter((entry) => pathOf(entry) !== "tagmanifest-sha256.txt"),
      ["MISSING tagmanifest-sha256.txt"],
    ],
    ["a second list of lists", add("tagmanifest-sha512.txt"), ["UNLISTED tagmanifest-sha512.txt"]],
    ["a list for fetching (RFC 8493, 2.2.3)", add("fetch.txt"), ["UNLISTED fetch.txt"]],
    [
      "a name in other letters",
      add("data/Custody.jsonl"),
      ["UNLISTED data/Custody.jsonl", "NAMES_COLLIDE data/Custody.jsonl"],
    ],
    ["a folder in other letters", add("SEAL/key.pem"), ["UNLISTED SEAL/key.pem", "NAMES_COLLIDE SEAL/key.pem"]],
    [
      "one name composed and decomposed",
      add("data/caf\u00e9", "data/cafe\u0301"),
      ["UNLISTED data/caf\u00e9", "NAMES_COLLIDE data/cafe\u0301"],
    ],
    [
      "Korean composed and decomposed",
      add("data/가", "data/\u1100\u1161"),
      ["UNLISTED data/가", "NAMES_COLLIDE data/\u1100\u1161"],
    ],
    ["a way up", add("../../etc/cron.d/x"), ["UNLISTED ../../etc/cron.d/x", "UNSAFE_NAME ../../etc/cron.d/x"]],
    ["a way up inside", add("data/../../x"), ["UNSAFE_NAME data/../../x"]],
    ["a way of Windows", add("data\\..\\x"), ["UNSAFE_NAME data\\..\\x"]],
    [
      "an extra exhibit",
      add("data/exhibits/3/page.txt"),
      ["UNLISTED data/exhibits/3/page.txt", "MISSING data/exhibits/3/seal/manifest.json"],
    ],
    ["an extra file in an exhibit", add("data/exhibits/1/more.txt"), ["UNLISTED data/exhibits/1/more.txt"]],
    ["a second signature beside the first", add("seal/manifest.sig.2"), ["UNLISTED seal/manifest.sig.2"]],
    [
      "a second signature behind the first",
      change("seal/manifest.sig", (one) => Buffer.concat([one, one])),
      ["BAD_SIGNATURE seal/manifest.sig"],
    ],
    ["a second key behind the first", rewrite("seal/key.pem", (pem) => `${pem}${pem}`), ["MALFORMED seal/key.pem"]],
    [
      "words before the key",
      rewrite("seal/key.pem", (pem) => `Call 010-0000-0000\n${pem}`),
      ["MALFORMED seal/key.pem"],
    ],
    [
      "words in the certificate",
      rewrite("seal/certificate.json", (json) => json.replace("{", '{"note":"call me",')),
      ["MALFORMED seal/certificate.json"],
    ],
    [
      "words in the entry of the log",
      rewrite("seal/log-entry.json", (json) => json.replace("{", '{"note":"call me",')),
      ["MALFORMED seal/log-entry.json"],
    ],
    [
      "bytes behind the timestamp",
      change("seal/timestamp.tsr", (tsr) => Buffer.concat([tsr, Buffer.from("call me")])),
      ["TIMESTAMP_REFUSED seal/timestamp.tsr"],
    ],
    [
      "the history in another order",
      rewrite("data/custody.jsonl", (lines) => lines.trim().split("\n").reverse().join("\n").concat("\n")),
      ["ALTERED data/custody.jsonl"],
    ],
    [
      "the history without its second act",
      rewrite("data/custody.jsonl", (lines) => lines.split("\n").toSpliced(1, 1).join("\n")),
      ["ALTERED data/custody.jsonl"],
    ],
    [
      "the proof of a place further on",
      rewrite("seal/log-proof.txt", (text) => text.replace("index 1", "index 2")),
      ["NOT_IN_THE_LOG seal/log-proof.txt"],
    ],
    [
      "the stamp of an exhibit for the pack's own",
      (all) =>
        change(
          "seal/timestamp.tsr",
          () => all.find((entry) => pathOf(entry) === "data/exhibits/1/seal/timestamp.tsr")?.data ?? new Uint8Array(),
        )(all),
      ["TIMESTAMP_REFUSED seal/timestamp.tsr"],
    ],
  ])("%s is named", async (_what, forge, expected) => {
    expect(await wrong(forge)).toEqual(expect.arrayContaining([...expected]));
  });

  test.each(["symlink", "link", "directory"] as const)("a %s in it is no file of a pack", async (type) => {
    const folder = entries[0]?.name.split("/")[0];
    const all = entries.map(({ name, data }) => ({
      header: { name, size: data.length, type: "file" as const },
      body: data,
    }));
    const linked = { header: { name: `${folder}/data/link`, size: 0, type, linkname: "/etc/passwd" } };
    const encrypter = new Encrypter();
    encrypter.addRecipient(keys.recipient);
    const pack = await encrypter.encrypt(await packTar([linked, ...all]));
    const { holds, findings } = await verifyPack(streamOf(pack), keys.identity, trust);
    expect([holds, findings.map(({ why }) => why)]).toEqual([false, ["NOT_A_PACK"]]);
  });

  test.each<[string, () => string]>([
    ["a checkpoint from before the entry", () => checkpointOf({ size: 1 })],
    ["a checkpoint of another tree", () => checkpointOf({ root: new Uint8Array(32) })],
    [
      "a checkpoint of another log, its signature that of ours",
      () => proofOf().replaceAll("centre.example/log", "other.example/log"),
    ],
  ])("%s proves nothing", async (_what, proof) => {
    const [first] = await wrong(rewrite("seal/log-proof.txt", proof));
    expect(["NOT_IN_THE_LOG seal/log-proof.txt", "MALFORMED seal/log-proof.txt"]).toContain(first);
  });
});

/** As `wrong`, with what cannot be checked any more: a stamp or an entry that is gone was perhaps never there. */
async function wrongOrUnchecked(forge: (all: Entry[]) => Entry[]): Promise<string[]> {
  const pack = await forged(ours.pack, keys, forge);
  const { holds, findings } = await verifyPack(streamOf(pack), keys.identity, trust);
  expect(holds).toBe(false);
  const gone: Readonly<Record<string, string>> = {
    NO_TIMESTAMP: "MISSING seal/timestamp.tsr",
    NO_LOG_ENTRY: "MISSING seal/log-proof.txt",
  };
  return findings
    .filter(({ state }) => state !== "holds")
    .map(({ why, part }) => gone[why ?? ""] ?? `${why} ${part ?? ""}`.trim());
}

const proofOf = () => ours.vouching.log?.proof ?? "";

/** The pack's proof under a checkpoint that the centre's own key signed, but that is another. */
function checkpointOf(changed: { readonly size?: number; readonly root?: Uint8Array }): string {
  const proof = readLogProof(proofOf());
  const note = proof && readNote(proof.checkpoint);
  const [signed] = note?.signatures ?? [];
  if (!proof || !note || !signed) throw new Error("no proof");
  const [origin = "", size = "", encoded = ""] = note.text.split("\n");
  const text = writeCheckpoint({
    ...{ origin, size: changed.size ?? Number(size) },
    root: changed.root ?? new Uint8Array(Buffer.from(encoded, "base64")),
  });
  const signature = { ...signed, signature: signBytes(new TextEncoder().encode(text), service.secret) };
  return writeLogProof({ ...proof, checkpoint: writeNote({ text, signatures: [signature] }) });
}
