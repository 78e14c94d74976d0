import { createHash, randomUUID } from "node:crypto";
import { newCaseKey, openSealed, seal, unwrapCaseKey } from "@jikim/evidence";
import { Decrypter, Encrypter } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { ServerRefusal } from "../src/refusal.ts";
import {
  dropSealedFiles,
  findSealedFile,
  forgetHalfFiles,
  newFileKey,
  readSealedFile,
  writeSealedFile,
} from "../src/store/sealed-file.ts";
import { makeRekey, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

const MOST = 8 * 1024 * 1024;
const CONTENT = Buffer.from(Array.from({ length: 2_500_000 }, (_, at) => (at * 7 + (at >> 9)) % 256));
const fileOf = (caseId: string, opener: Parameters<typeof writeSealedFile>[1]["opener"]) => ({
  ...{ id: randomUUID(), caseId, opener, at: server.jikim.now(), most: MOST },
});

async function encrypt(recipient: string, content = CONTENT): Promise<Buffer> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return Buffer.from(await encrypter.encrypt(content));
}

/** In pieces of odd lengths, as a network brings them. */
async function* inPieces(bytes: Buffer, length = 70_001): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const together = async (parts: AsyncIterable<Buffer>) => Buffer.concat(await Array.fromAsync(parts));

const refusalOf = (act: Promise<unknown>) =>
  act.then(
    () => null,
    (error: unknown) => (error instanceof ServerRefusal ? error.reason.code : error),
  );

const countParts = async (id: string) =>
  (await server.jikim.db.selectFrom("sealedFilePart").select("position").where("fileId", "=", id).execute()).length;

test("a sealed file comes back byte for byte, and opens with the case key by way of its own", async () => {
  const { caseId } = await openCase(server, centre);
  const { recipient, opener } = await newFileKey();
  const sealed = await encrypt(recipient);
  const file = fileOf(caseId, opener);
  const kept = await writeSealedFile(server.jikim.db, file, inPieces(sealed));
  expect(kept).toEqual({
    ...{ id: file.id, bytes: sealed.length },
    sha256: createHash("sha256").update(sealed).digest("hex"),
  });
  expect(await findSealedFile(server.jikim.db, file.id)).toMatchObject({ caseId, bytes: sealed.length });
  const read = await together(readSealedFile(server.jikim.db, file.id));
  expect(read.equals(sealed)).toBe(true);
  const held = await readCase(server.app, centre.staff, caseId);
  expect(await open(held, centre.staff.key.identity, read)).toEqual(CONTENT);
});

async function open(held: desk.Case, staffIdentity: string, sealed: Buffer): Promise<Buffer> {
  const key = await unwrapCaseKey(Buffer.from(held.wrapped, "base64url"), staffIdentity);
  const opened = await openSealed(Buffer.from(held.fileKeys[0]?.sealed ?? "", "base64url"), key.identity);
  const decrypter = new Decrypter();
  decrypter.addIdentity((opened as { fileIdentity: string }).fileIdentity);
  return Buffer.from(await decrypter.decrypt(sealed));
}

test("a new case key opens the file without the file being written anew; one that leaves a file's key out is refused", async () => {
  const { caseId } = await openCase(server, centre);
  const { recipient, opener } = await newFileKey();
  const sealed = await encrypt(recipient);
  await writeSealedFile(server.jikim.db, fileOf(caseId, opener), inPieces(sealed));
  const before = await readCase(server.app, centre.staff, caseId);
  const rekey = await makeRekey(before, centre.staff, [centre.staff], centre.recovery.recipient);
  const url = `/api/desk/cases/${caseId}/rekey`;
  const body = { assignTo: centre.staff.staffId, rekey };
  const without = { ...body, rekey: { ...rekey, fileKeys: [] } };
  expect(codeOf(await post(server.app, centre.staff, url, without))).toBe("DOCUMENTS_CHANGED");
  expect((await post(server.app, centre.staff, url, body)).statusCode).toBe(200);
  const after = await readCase(server.app, centre.staff, caseId);
  expect(after.fileKeys[0]?.sealed).not.toBe(before.fileKeys[0]?.sealed);
  expect(await open(after, centre.staff.key.identity, sealed)).toEqual(CONTENT);
});

test("a case key that changed while a file came is the one it opens with; a key from a browser must be of the case as it is", async () => {
  const { caseId } = await openCase(server, centre);
  const { recipient, opener } = await newFileKey();
  const sealed = await encrypt(recipient);
  const change = async () => {
    const held = await readCase(server.app, centre.staff, caseId);
    const rekey = await makeRekey(held, centre.staff, [centre.staff], centre.recovery.recipient);
    const body = { assignTo: centre.staff.staffId, rekey };
    expect((await post(server.app, centre.staff, `/api/desk/cases/${caseId}/rekey`, body)).statusCode).toBe(200);
  };
  const slowly = async function* () {
    yield sealed.subarray(0, 1_500_000);
    await change();
    yield sealed.subarray(1_500_000);
  };
  await writeSealedFile(server.jikim.db, fileOf(caseId, opener), slowly());
  const held = await readCase(server.app, centre.staff, caseId);
  expect(await open(held, centre.staff.key.identity, sealed)).toEqual(CONTENT);
  const { caseRecipient } = held;
  const theirs = {
    ...{ kind: "theirs" as const, keyVersion: held.keyVersion - 1 },
    sealed: Buffer.from(await seal({ fileIdentity: "AGE-SECRET-KEY-1" }, [caseRecipient])).toString("base64url"),
  };
  const late = fileOf(caseId, theirs);
  expect(await refusalOf(writeSealedFile(server.jikim.db, late, inPieces(sealed)))).toBe("KEY_CHANGED");
  expect(await countParts(late.id)).toBe(0);
});

test("what is not sealed, too large or broken off leaves nothing, and nobody reads half a file", async () => {
  const { caseId } = await openCase(server, centre);
  const { recipient } = await newCaseKey((await newFileKey()).recipient);
  const { db } = server.jikim;
  const outside = { kind: "outside" } as const;
  const plain = fileOf(caseId, outside);
  expect(await refusalOf(writeSealedFile(db, plain, inPieces(Buffer.from("\x89PNG a picture"))))).toBe("NOT_SEALED");
  expect(await refusalOf(writeSealedFile(db, plain, inPieces(Buffer.alloc(0))))).toBe("NOT_SEALED");
  const large = { ...fileOf(caseId, outside), most: 2_000_000 };
  const sealed = await encrypt(recipient);
  expect(await refusalOf(writeSealedFile(db, large, inPieces(sealed)))).toBe("TOO_LARGE");
  const broken = fileOf(caseId, outside);
  const breaks = async function* () {
    yield sealed.subarray(0, 1_200_000);
    expect(await findSealedFile(db, broken.id)).toBeNull();
    throw new Error("the line broke");
  };
  await expect(writeSealedFile(db, broken, breaks())).rejects.toThrow("the line broke");
  for (const { id } of [plain, large, broken]) expect(await countParts(id)).toBe(0);
});

test("a file that a killed server left half is erased a day later, and a whole one with its key when it is dropped", async () => {
  const { caseId } = await openCase(server, centre);
  const { db, now } = server.jikim;
  const half = randomUUID();
  await db.insertInto("sealedFile").values({ id: half, caseId, begunAt: now().toString() }).execute();
  await db
    .insertInto("sealedFilePart")
    .values({ fileId: half, position: 0, content: Buffer.alloc(5) })
    .execute();
  expect(await forgetHalfFiles(db, now())).toBe(0);
  expect(await forgetHalfFiles(db, now().add({ hours: 25 }))).toBe(1);
  expect(await countParts(half)).toBe(0);
  const { recipient, opener } = await newFileKey();
  const file = fileOf(caseId, opener);
  await writeSealedFile(db, file, inPieces(await encrypt(recipient)));
  await dropSealedFiles(db, [file.id]);
  expect(await findSealedFile(db, file.id)).toBeNull();
  expect(await countParts(file.id)).toBe(0);
});
