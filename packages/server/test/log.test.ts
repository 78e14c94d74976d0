import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  bundlePath,
  commitTo,
  cosignedBytes,
  isConsistent,
  isIncluded,
  leafHash,
  type NoteKey,
  noteKey,
  readCheckpoint,
  readKey,
  readLogProof,
  readNote,
  signatureBy,
  tilePath,
  tilesOf,
  writeCosignature,
  writeKey,
  writeNote,
} from "@jikim/casework";
import { newSigningKey, signBytes, verifyBytes } from "@jikim/evidence";
import { type KyselyPlugin, sql } from "kysely";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { keepSequencing } from "../src/log/keep.ts";
import { logKeyOf } from "../src/log/key.ts";
import { openProving, proveEntry } from "../src/log/proof.ts";
import { prepareLog, sequenceLog } from "../src/log/sequence.ts";
import { cosign, isCosigned } from "../src/log/witness.ts";
import { readWitnesses } from "../src/log/witnesses.ts";
import { appendToLog, eraseEntries, findEntriesOf, findTree, sealPlainEntries, sha256 } from "../src/store/log.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { readBody } from "./log-body.ts";

/** Fails before a statement that begins so, as when the process is killed there. */
function killedBefore(words: string): KyselyPlugin {
  return {
    transformQuery({ node }) {
      if (node.kind === "RawNode" && node.sqlFragments[0]?.startsWith(words)) throw new Error("killed");
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

const CASE = "11111111-1111-4111-8111-111111111111";
const folder = mkdtempSync(join(tmpdir(), "jikim-log-"));
const program = join(folder, "verify");
let centre: TestJikim;

beforeAll(() => {
  const source = join(import.meta.dirname, "..", "..", "casework", "test", "go", "verify.go");
  const env = { ...process.env, GOPATH: "/usr/share/gocode", GO111MODULE: "off", GOCACHE: join(folder, "cache") };
  execFileSync("go", ["build", "-o", program, source], { env });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  centre = await openTestJikim();
  await prepareLog(centre.jikim);
});
afterEach(() => centre.close());

async function write(count: number, caseId: string | null = CASE): Promise<void> {
  const { db, vault, now } = centre.jikim;
  for (let at = 0; at < count; at++) await appendToLog(db, vault, { what: "custody", caseId, content: { at } }, now());
}

async function writeMany(count: number): Promise<void> {
  await sql`insert into log_entry (what, commitment, written_at)
    select 'custody', sha256(at::text::bytea), now() from generate_series(1, ${count}) as at`.execute(centre.jikim.db);
}

async function checkpoint() {
  const text = (await centre.app.inject("/log/checkpoint")).body;
  const read = readCheckpoint(readNote(text)?.text ?? "");
  if (read === null) throw new Error("no checkpoint");
  return { text, ...read };
}

/** Copies the log as anyone may: checkpoint, tiles, entries. */
async function copyLog(): Promise<string> {
  const at = mkdtempSync(join(folder, "copy-"));
  const { size, text } = await checkpoint();
  const fetched = async (path: string) => {
    const answer = await centre.app.inject(`/log/${path}`);
    expect(answer.statusCode).toBe(200);
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), answer.rawPayload);
  };
  for (const tile of tilesOf(size)) {
    await fetched(tilePath(tile));
    if (tile.level === 0) await fetched(bundlePath(tile));
  }
  writeFileSync(join(at, "checkpoint"), text);
  return at;
}

function verifiedByGo(at: string, old: string): string {
  writeFileSync(join(at, "old"), old);
  const key = writeKey(logKeyOf(centre.jikim.service.public, `localhost:${centre.jikim.config.port}/log`));
  const { stdout, stderr } = spawnSync(program, [at, key, join(at, "old")], { encoding: "utf8" });
  return stdout.trim() || stderr;
}

test("what the server gives out is verified by Go's sumdb code, over several rounds and full and partial tiles", async () => {
  await write(3);
  await sequenceLog(centre.jikim);
  const first = (await checkpoint()).text;
  for (const more of [252, 1, 1, 700]) {
    await writeMany(more);
    await sequenceLog(centre.jikim);
  }
  const before = (await checkpoint()).text;
  await writeMany(66_000);
  await sequenceLog(centre.jikim);
  expect((await checkpoint()).size).toBe(66_957);
  const copy = await copyLog();
  expect(verifiedByGo(copy, first)).toBe("verified");
  expect(verifiedByGo(copy, before)).toBe("verified");
}, 60_000);

test("an entry is proved by its salt and body alone; erased, it stands for nothing and the log still holds", async () => {
  await write(300);
  await sequenceLog(centre.jikim);
  const { db } = centre.jikim;
  const proving = await openProving(db);
  const [entry] = (await findEntriesOf(db, centre.jikim.vault, CASE)).entries.slice(257);
  if (proving === null || entry === undefined) throw new Error("nothing to prove");
  const proof = readLogProof((await proveEntry(db, proving, entry.position ?? -1)) ?? "");
  const signed = readCheckpoint(readNote(proof?.checkpoint ?? "")?.text ?? "");
  if (proof === null || signed === null) throw new Error("no proof");
  const leaf = leafHash(sha256, commitTo(sha256, entry.salt, entry.body));
  expect(isIncluded(sha256, { ...signed, index: proof.index, leaf }, proof.hashes)).toBe(true);
  const other = leafHash(sha256, commitTo(sha256, entry.salt, entry.body.replace("257", "258")));
  expect(isIncluded(sha256, { ...signed, index: proof.index, leaf: other }, proof.hashes)).toBe(false);
  expect(await proveEntry(db, proving, 300)).toBeNull();
  await db.transaction().execute((tx) => eraseEntries(tx, CASE));
  expect(await findEntriesOf(db, centre.jikim.vault, CASE)).toEqual({ entries: [], damaged: [] });
  await writeMany(10);
  await sequenceLog(centre.jikim);
  expect(verifiedByGo(await copyLog(), proving.checkpoint)).toBe("verified");
});

describe("what an entry says lies under the data key", () => {
  const stored = async () => {
    const { rows } = await sql<{ row: string }>`select log_entry::text as row from log_entry`.execute(centre.jikim.db);
    return rows.map(({ row }) => row).join("\n");
  };
  /** The table as it lies on the disk, with what was written over in it. */
  const onDisk = async () => {
    const { database } = centre.database.connection;
    const client = new pg.Client({ ...inject("postgresAdmin"), database });
    await client.connect();
    await client.query("checkpoint");
    const { rows } = await client.query<{ path: string }>(
      "select current_setting('data_directory') || '/' || pg_relation_filepath('log_entry') as path",
    );
    await client.end();
    return readFileSync(rows[0]?.path ?? "");
  };
  const said = { what: "custody", caseId: CASE, content: { note: "planted words" } } as const;
  const planted = [Buffer.from("planted"), Buffer.from(Buffer.from("planted").toString("hex"))];

  test("the database holds neither it nor its salt", async () => {
    const { db, vault, now } = centre.jikim;
    await appendToLog(db, vault, said, now());
    const [entry] = (await findEntriesOf(db, vault, CASE)).entries;
    expect(entry?.body).toContain("planted words");
    const row = Buffer.from(await stored());
    for (const words of [...planted, Buffer.from(entry?.salt.toString("hex") ?? "none")])
      expect(row.includes(words)).toBe(false);
  });

  test("one that was altered, or put in the place of another, is not read", async () => {
    const { db, vault, now } = centre.jikim;
    for (const note of ["one", "another"]) await appendToLog(db, vault, { ...said, content: { note } }, now());
    expect((await findEntriesOf(db, vault, CASE)).entries).toHaveLength(2);
    await sequenceLog(centre.jikim);
    await sql`update log_entry set sealed = (select sealed from log_entry order by id limit 1)`.execute(db);
    const { entries, damaged } = await findEntriesOf(db, vault, CASE);
    expect([entries.map(({ body }) => JSON.parse(body).note), damaged]).toEqual([["one"], [1]]);
  });

  test("what an earlier version wrote in plain is sealed as the server starts, and proves the same", async () => {
    const { db, vault } = centre.jikim;
    const body = JSON.stringify({ note: "planted words" });
    const salts = Array.from({ length: 1001 }, (_, at) => Buffer.alloc(16, at));
    for (const salt of salts)
      await sql`insert into log_entry (what, case_id, commitment, salt, body, written_at)
        values ('custody', ${CASE}, ${Buffer.from(commitTo(sha256, salt, body))}, ${salt}, ${body}, now())`.execute(db);
    await db.updateTable("logRewrite").set({ owed: true }).execute();
    expect((await onDisk()).includes("planted")).toBe(true);
    // Killed after the last entry was sealed, before the table was written anew.
    await expect(sealPlainEntries(db.withPlugin(killedBefore("vacuum")), vault)).rejects.toThrow("killed");
    expect(Buffer.from(await stored()).includes("planted")).toBe(false);
    expect((await onDisk()).includes("planted")).toBe(true);
    expect(await sealPlainEntries(db, vault)).toBe(0);
    expect((await onDisk()).includes("planted")).toBe(false);
    const { entries } = await findEntriesOf(db, vault, CASE);
    expect(entries.map(({ salt }) => salt)).toEqual(salts);
    expect(new Set(entries.map((entry) => entry.body))).toEqual(new Set([body]));
  });
});

test("two sequencers at once place every entry once, in one order", async () => {
  await writeMany(9000);
  const placed = await Promise.all([sequenceLog(centre.jikim), sequenceLog(centre.jikim), sequenceLog(centre.jikim)]);
  const rest = await sequenceLog(centre.jikim);
  expect(placed.reduce((sum, each) => sum + each, rest)).toBe(9000);
  const { rows } = await sql<{ places: number; last: number }>`select count(distinct position)::int as places,
    max(position)::int as last from log_entry`.execute(centre.jikim.db);
  expect(rows).toEqual([{ places: 9000, last: 8999 }]);
});

test("tiles that are not there yet, and paths of another form, are not found", async () => {
  await writeMany(300);
  await sequenceLog(centre.jikim);
  const paths = [
    "tile/0/001",
    "tile/0/001.p/45",
    "tile/1/000",
    "tile/2/000.p/1",
    "tile/0/0",
    "tile/0/000.p/256",
    "tile/entries/002",
  ];
  const answers = await Promise.all(paths.map((path) => centre.app.inject(`/log/${path}`)));
  expect(answers.map((answer) => answer.statusCode)).toEqual(paths.map(() => 404));
  expect((await centre.app.inject("/log/tile/0/001.p/44")).rawPayload.length).toBe(44 * 32);
});

describe("a witness", () => {
  let witness: Awaited<ReturnType<typeof openWitness>>;
  beforeEach(async () => {
    witness = await openWitness(() => centre.jikim.service.public);
  });
  afterEach(() => witness.close());
  const asked = () => cosign(centre.jikim, readWitnesses(`${witness.url}=${writeKey(witness.key)}`));

  test("signs each checkpoint that adds to what it saw; its signature stands in the note with its time", async () => {
    for (const count of [5, 600]) {
      await writeMany(count);
      await sequenceLog(centre.jikim);
      expect(await asked()).toEqual(["witness.example"]);
    }
    const note = readNote((await checkpoint()).text);
    expect(note?.signatures).toHaveLength(2);
    expect(note && signatureBy(note, witness.key)?.length).toBe(72);
    expect(witness.size()).toBe(605);
  });

  test("refuses a log that was rewound and grown another way, even by less than it saw: a new one begins and says so", async () => {
    await writeMany(600);
    await sequenceLog(centre.jikim);
    await asked();
    await rewind();
    await writeMany(700);
    await sql`update log_entry set commitment = sha256(commitment) where position is null`.execute(centre.jikim.db);
    await sequenceLog(centre.jikim);
    expect(await asked()).toEqual([]);
    expect(await findTree(centre.jikim.db)).toMatchObject({ generation: 2, size: 1 });
    expect(await asked()).toEqual(["witness.example"]);
  });

  test("that was silent is asked again though nothing new came, until it has signed", async () => {
    await writeMany(5);
    const witnesses = readWitnesses(`${witness.url}=${writeKey(witness.key)}`);
    witness.lie("silent");
    await sequenceLog(centre.jikim);
    expect(await cosign(centre.jikim, witnesses)).toEqual([]);
    expect(isCosigned((await checkpoint()).text, witnesses)).toBe(false);
    witness.lie(null);
    Object.assign(centre.jikim.config, { witnesses });
    const stop = keepSequencing(centre.jikim, () => undefined);
    await expect.poll(async () => isCosigned((await checkpoint()).text, witnesses), { timeout: 15_000 }).toBe(true);
    await stop();
    Object.assign(centre.jikim.config, { witnesses: [] });
  });

  test("that saw more than a restored database holds ends the log: a new one begins and says so", async () => {
    await writeMany(600);
    await sequenceLog(centre.jikim);
    await asked();
    await rewind();
    await writeMany(5);
    await sequenceLog(centre.jikim);
    expect(await asked()).toEqual([]);
    const tree = await findTree(centre.jikim.db);
    expect(tree).toMatchObject({ generation: 2, size: 1, origin: expect.stringMatching(/\/log\/2$/) });
    const begun = await centre.jikim.db
      .selectFrom("logEntry")
      .select(["commitment", "sealed"])
      .where("generation", "=", 2)
      .executeTakeFirstOrThrow();
    expect(readBody(centre.jikim.vault, begun)).toMatchObject({
      what: "begun",
      held: 5,
      seenByWitness: 600,
    });
    expect(await asked()).toEqual(["witness.example"]);
  });

  test("that answers without end is left when it has said more than a witness needs to", async () => {
    await writeMany(5);
    await sequenceLog(centre.jikim);
    let written = 0;
    const endless = createServer((_request, response) => {
      const more = () => {
        if (response.destroyed || written > 60 << 20) return response.end();
        written += 65_536;
        response.write(Buffer.alloc(65_536, "x"), () => setImmediate(more));
      };
      response.writeHead(200);
      more();
    });
    await new Promise<void>((ready) => endless.listen(0, "127.0.0.1", ready));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    expect(await cosign(centre.jikim, readWitnesses(`${url}=${writeKey(witness.key)}`))).toEqual([]);
    await new Promise((closed) => endless.close(closed));
    // What the machine's own buffers took before the connection was closed.
    expect(written).toBeLessThan(16 << 20);
  });

  test("that is silent, lies or signs with another key leaves the log as it is", async () => {
    await writeMany(5);
    await sequenceLog(centre.jikim);
    const { text } = await checkpoint();
    for (const lie of ["silent", "garbage", "other-key", "huge"] as const) {
      witness.lie(lie);
      expect(await asked()).toEqual([]);
      expect((await checkpoint()).text).toBe(text);
    }
    expect(() => readWitnesses("https://witness.example")).toThrow("Not a witness");
  });
});

/** As if the database were restored from a copy made before the log began. */
async function rewind(): Promise<void> {
  const { db, now } = centre.jikim;
  await sql`delete from log_entry`.execute(db);
  await sql`delete from log_tile`.execute(db);
  await sql`delete from log_tree`.execute(db);
  await prepareLog({ db, config: centre.jikim.config, now });
}

/** A witness after C2SP tlog-witness: remembers the largest tree of each log and signs only what adds to it. */
async function openWitness(logKey: () => string) {
  const signing = newSigningKey();
  const key: NoteKey = noteKey(
    sha256,
    "witness.example",
    "witness",
    new Uint8Array(Buffer.from(signing.public, "hex")),
  );
  const seen = new Map<string, { size: number; root: Uint8Array }>();
  let lying: "silent" | "garbage" | "other-key" | "huge" | null = null;
  const answer = (body: string): { status: number; text: string } => {
    if (lying === "garbage") return { status: 200, text: "— witness.example nonsense\n" };
    if (lying === "huge") return { status: 200, text: "— witness.example AAAA\n".repeat(5000) };
    const end = body.indexOf("\n\n");
    const [first = "", ...lines] = body.slice(0, end).split("\n");
    const note = readNote(body.slice(end + 2));
    const signed = note === null ? null : readCheckpoint(note.text);
    if (note === null || signed === null) return { status: 400, text: "" };
    const signature = signatureBy(note, logKeyOf(logKey(), signed.origin));
    if (signature === null || !verifyBytes(signature, new TextEncoder().encode(note.text), logKey()))
      return { status: 403, text: "" };
    const known = seen.get(signed.origin) ?? { size: 0, root: new Uint8Array() };
    if (Number(first.replace("old ", "")) !== known.size) return { status: 409, text: `${known.size}\n` };
    const proof = lines.map((line) => new Uint8Array(Buffer.from(line, "base64")));
    if (known.size > 0 && !isConsistent(sha256, known, signed, proof)) return { status: 422, text: "" };
    seen.set(signed.origin, signed);
    const seconds = Math.floor(Date.now() / 1000);
    const secret = lying === "other-key" ? newSigningKey().secret : signing.secret;
    const cosignature = writeCosignature(seconds, signBytes(cosignedBytes(note.text, seconds), secret));
    const written = writeNote({
      text: note.text,
      signatures: [{ name: key.name, id: key.id, signature: cosignature }],
    });
    return { status: 200, text: written.slice(note.text.length + 1) };
  };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      if (lying === "silent") return void request.socket.destroy();
      const { status, text } = request.url === "/add-checkpoint" ? answer(body) : { status: 404, text: "" };
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    key: readKey(sha256, writeKey(key)) ?? key,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    size: () => Math.max(0, ...[...seen.values()].map(({ size }) => size)),
    lie: (how: typeof lying) => {
      lying = how;
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}
