import { execFileSync, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  appendLeaf,
  bundlePath,
  cosignedBytes,
  hashesOf,
  isConsistent,
  isIncluded,
  leafHash,
  type NoteKey,
  noteKey,
  proveConsistency,
  proveInclusion,
  readBundle,
  readCheckpoint,
  readCosignature,
  readerOfTiles,
  readKey,
  readLogProof,
  readNote,
  readTilePath,
  rootHash,
  signatureBy,
  TILE_WIDTH,
  tilePath,
  tilesOf,
  writeBundle,
  writeCheckpoint,
  writeCosignature,
  writeKey,
  writeLogProof,
  writeNote,
} from "../src/index.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const ORIGIN = "centre.example/log";
const pair = generateKeyPairSync("ed25519");
const rawKey = (key: KeyObject) => new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(-32));
const key: NoteKey = noteKey(sha256, ORIGIN, "log", rawKey(pair.publicKey));

const folder = mkdtempSync(join(tmpdir(), "jikim-log-"));
const program = join(folder, "verify");
const goEnvironment = { ...process.env, GOPATH: "/usr/share/gocode", GO111MODULE: "off", GOFLAGS: "" };
beforeAll(() => {
  const source = join(import.meta.dirname, "go", "verify.go");
  execFileSync("go", ["build", "-o", program, source], { env: { ...goEnvironment, GOCACHE: join(folder, "cache") } });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A log in memory: leaves, and every complete subtree under its level and index. */
function logOf(size: number, seed = "") {
  const leaves = Array.from({ length: size }, (_, at) =>
    new TextEncoder().encode(`leaf ${at}${seed}`.repeat(1 + (at % 3))),
  );
  const stored = new Map<string, Uint8Array>();
  const readHash = (level: number, index: number) => stored.get(`${level}/${index}`) ?? new Uint8Array();
  for (const [at, leaf] of leaves.entries())
    for (const { level, index, hash } of appendLeaf(sha256, readHash, at, leaf)) stored.set(`${level}/${index}`, hash);
  return { leaves, readHash, size, root: rootHash(sha256, readHash, size) };
}
type Log = ReturnType<typeof logOf>;

function tileBytes(log: Log, tile: Parameters<typeof hashesOf>[0]): Uint8Array {
  const { level, from, count } = hashesOf(tile);
  return Uint8Array.from(Array.from({ length: count }, (_, at) => [...log.readHash(level, from + at)]).flat());
}

function signedCheckpoint({ size, root }: Log, secret = pair.privateKey): string {
  const text = writeCheckpoint({ origin: ORIGIN, size, root });
  return writeNote({
    text,
    signatures: [{ ...key, signature: new Uint8Array(sign(null, Buffer.from(text), secret)) }],
  });
}

/** Writes a log as the files that a web server would give out. */
function publish(log: Log): string {
  const at = mkdtempSync(join(folder, "published-"));
  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), content);
  };
  for (const tile of tilesOf(log.size)) {
    put(tilePath(tile), tileBytes(log, tile));
    const first = tile.index * TILE_WIDTH;
    if (tile.level === 0) put(bundlePath(tile), writeBundle(log.leaves.slice(first, first + tile.width)));
  }
  put("checkpoint", signedCheckpoint(log));
  return at;
}

function verifiedByGo(at: string, old: string): string {
  const file = join(at, "old");
  writeFileSync(file, old);
  const { stdout, stderr } = spawnSync(program, [at, writeKey(key), file], { encoding: "utf8" });
  return stdout.trim() || stderr;
}

describe("Go's own sumdb code", () => {
  test.each([1, 255, 256, 257, 1000, 66_000])(
    "verifies a log of %i leaves: signature, tiles, entries, and the step from an older one",
    (size) => {
      const log = logOf(size);
      expect(verifiedByGo(publish(log), signedCheckpoint(logOf(Math.ceil(size / 2))))).toBe("verified");
    },
    60_000,
  );

  test("refuses an altered tile, an altered entry, a fork and a signature of another key", () => {
    const log = logOf(600);
    const old = signedCheckpoint(logOf(300));
    const other = generateKeyPairSync("ed25519").privateKey;
    for (const [path, at] of [
      ["tile/0/001", 40],
      ["tile/entries/000", 10],
      ["checkpoint", 30],
    ] as const) {
      const published = publish(log);
      const bytes = readFileSync(join(published, path));
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(join(published, path), bytes);
      expect(verifiedByGo(published, old)).toMatch(/^refused/);
    }
    expect(verifiedByGo(publish(log), signedCheckpoint(logOf(300, "forked")))).toMatch(/^refused/);
    expect(verifiedByGo(publish(log), signedCheckpoint(logOf(300), other))).toMatch(/^refused/);
  });
});

test("hashes are read back out of tiles, also those between the levels that tiles hold; proofs made so hold", () => {
  const log = logOf(70_000);
  const readHash = readerOfTiles(sha256, (tile) => tileBytes(log, tile), log.size);
  expect(rootHash(sha256, readHash, log.size)).toEqual(log.root);
  for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
    const leaf = leafHash(sha256, log.leaves[index] ?? new Uint8Array());
    const proof = proveInclusion(sha256, readHash, index, log.size);
    expect(isIncluded(sha256, { index, size: log.size, root: log.root, leaf }, proof)).toBe(true);
  }
  const earlier = { size: 65_537, root: rootHash(sha256, log.readHash, 65_537) };
  const step = proveConsistency(sha256, readHash, earlier.size, log.size);
  expect(isConsistent(sha256, earlier, log, step)).toBe(true);
  const short = readerOfTiles(sha256, (tile) => tileBytes(log, tile).subarray(32), log.size);
  expect(() => rootHash(sha256, short, log.size)).toThrow("cut short");
});

describe("paths", () => {
  test("are those of the standard, and only its own way of writing one is read", () => {
    expect(tilePath({ level: 1, index: 1_234_067, width: 256 })).toBe("tile/1/x001/x234/067");
    expect(tilePath({ level: 0, index: 0, width: 70 })).toBe("tile/0/000.p/70");
    expect(bundlePath({ index: 5, width: 256 })).toBe("tile/entries/005");
    for (const path of ["tile/1/x001/x234/067", "tile/0/000.p/70", "tile/entries/005.p/1"])
      expect(readTilePath(path)).not.toBeNull();
    const wrong = [
      "tile/01/000",
      "tile/0/x000/001",
      "tile/0/1",
      "tile/0/000.p/0",
      "tile/0/000.p/256",
      "tile/64/000",
      "tile/0/../000",
    ];
    expect(wrong.map(readTilePath)).toEqual(wrong.map(() => null));
  });
});

describe("what is read back", () => {
  const log = logOf(3);
  const written = signedCheckpoint(log);

  test("a note gives its text and the signature of a known key; a name or an id alone is somebody else's", () => {
    const note = readNote(written);
    expect(note && readCheckpoint(note.text)).toEqual({ origin: ORIGIN, size: 3, root: log.root });
    expect(note && signatureBy(note, key)?.length).toBe(64);
    expect(note && signatureBy(note, { ...key, id: "00000000" })).toBeNull();
    expect(note && signatureBy(note, { ...key, name: "another" })).toBeNull();
  });

  test("what is no note, key, checkpoint, bundle or proof is null and nothing worse", () => {
    const broken = [
      "",
      "text",
      "text\n",
      "text\n\n",
      written.slice(0, -1),
      `${written}more\n`,
      written.replace("— ", "- "),
      written.replace("\n3\n", "\n3\t\n"),
    ];
    expect(broken.map(readNote)).toEqual(broken.map(() => null));
    expect(readKey(sha256, writeKey(key))).toEqual(key);
    expect(readKey(sha256, writeKey({ ...key, id: "00000000" }))).toBeNull();
    expect(["", "a\nb\nc\n", `a\n01\n${"A".repeat(43)}=\n`, "a\n1\nAA==\n"].map(readCheckpoint)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(readBundle(Uint8Array.of(0, 3, 1, 2))).toBeNull();
    expect(readBundle(writeBundle(log.leaves))).toEqual(log.leaves);
    const proof = { index: 2, hashes: proveInclusion(sha256, log.readHash, 2, 3), checkpoint: written };
    expect(readLogProof(writeLogProof(proof))).toEqual(proof);
    expect(readLogProof(writeLogProof(proof).replace("index 2", "extra AAAA\nindex 2"))).toEqual(proof);
    expect(
      ["", "c2sp.org/tlog-proof@v1\nindex 02\n\n", "c2sp.org/tlog-proof@v2\nindex 2\n\n"].map(readLogProof),
    ).toEqual([null, null, null]);
  });

  test("a witness's signature carries its time, and its key can never pass for a log's", () => {
    const witness = noteKey(sha256, "witness.example", "witness", key.publicKey);
    expect(readKey(sha256, writeKey(witness))?.signer).toBe("witness");
    expect(witness.id).not.toBe(noteKey(sha256, "witness.example", "log", key.publicKey).id);
    const signature = new Uint8Array(64).fill(7);
    expect(readCosignature(writeCosignature(1_795_000_000, signature))).toEqual({ seconds: 1_795_000_000, signature });
    expect(readCosignature(signature)).toBeNull();
    expect(new TextDecoder().decode(cosignedBytes("a\n", 5))).toBe("cosignature/v1\ntime 5\na\n");
  });
});
