import { createHash } from "node:crypto";
import { encryptText, newAgeIdentity, recipientOf } from "@jikim/evidence";
import { type PackPart, packMarks, sealManifest, signManifest, verifyPack, writePack } from "@jikim/evidence/pack";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chatPart } from "../../evidence/test/exhibits.ts";
import { FACTS, PARTS, partOf, service } from "../../evidence/test/packing.ts";
import { readCookies } from "../src/desk/evidence/cookies.ts";
import { marksFiles, openExhibit, tellOf, withSeal, writeDelivery } from "../src/desk/evidence/packing.ts";
import { readRecipient } from "../src/desk/evidence/recipient-text.ts";
import { readToken } from "../src/take/link.ts";

const OUTER = "33333333-6a59-4a5d-9b2b-1d2f3a4b5c6d";
const CHAT = { packId: "22222222-6a59-4a5d-9b2b-1d2f3a4b5c6d", mode: "export" as const };

const NONE = { timestamp: null, stamp: { state: "off" as const, at: null, trouble: null }, log: null };

/** A sealed capture; `packed` may be other parts than were signed. */
async function exhibitOf(packed: readonly PackPart[], signed = PARTS, changes: object = {}) {
  const identity = newAgeIdentity();
  const facts = { ...FACTS, sealedAt: FACTS.endedAt, ...changes };
  const sealed = await sealManifest(facts, signed, { ...service, certificate: null });
  const vouching = { timestamp: null, log: null };
  const pack = await writePack(sealed, vouching, { parts: packed, recipients: [await recipientOf(identity)] });
  const blob = await new Response(pack as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
  return { number: 3, kind: "capture" as const, sealed: blob, identity, kept: "left-out" as const };
}

test("an exhibit is opened with its own seal and told as its manifest tells it", async () => {
  const opened = await openExhibit(await exhibitOf(PARTS));
  expect(opened.files.map(({ path }) => path)).toEqual([
    ...["manifest.json", "manifest.sig", "key.pem"].map((name) => `data/exhibits/3/seal/${name}`),
    ...["page.txt", "chat/one.json"].map((name) => `data/exhibits/3/${name}`),
  ]);
  expect(await Promise.all(opened.contents.map(async (content) => content.size))).toEqual(
    opened.files.map(({ bytes }) => bytes),
  );
  const { startedAt, mode } = tellOf([opened], "2030-01-01T00:00:00Z");
  expect([startedAt, mode]).toEqual([FACTS.startedAt, "hash-and-discard"]);
});

test("an exhibit whose files are not those that were signed is not handed over, nor one of another key", async () => {
  const [first, ...others] = PARTS;
  const foreign = { ...(await exhibitOf(PARTS)), identity: newAgeIdentity() };
  await expect(openExhibit(foreign)).rejects.toMatchObject({ code: "EXHIBIT_LOCKED", number: 3 });
  // As long as the first part, so that only its digest can tell.
  const other = partOf(first?.path ?? "", "x".repeat("what the page said\n".length * 9000));
  await expect(openExhibit(await exhibitOf([other, ...others]))).rejects.toMatchObject({ code: "EXHIBIT_ALTERED" });
});

test("a capture and a chat go together into a pack that only the unit's key opens, and each is verified by its own seal", async () => {
  const by = { ...service, certificate: null };
  const text = JSON.stringify(await chatPart());
  const file = newAgeIdentity();
  const padded = await encryptText(new Blob([text]).stream(), await recipientOf(file));
  const chat = await openExhibit({
    ...{ number: 2, kind: "chat", identity: file, kept: "left-out" },
    sealed: await new Response(padded as ReadableStream<Uint8Array<ArrayBuffer>>).blob(),
  });
  const seal = await sealManifest({ ...FACTS, ...CHAT, sealedAt: FACTS.endedAt }, [partOf("data/chat.json", text)], by);
  const capture = await openExhibit({ ...(await exhibitOf(PARTS)), number: 1 });
  const at = FACTS.endedAt;
  const report = { marks: [], contentCredentials: null, camera: null, notChecked: [] };
  const marks = packMarks({ item: 1, sentAt: at, readAt: at, sha256: "ab".repeat(32), bytes: 9, report });
  const exhibits = [capture, withSeal(chat, NONE, seal), marksFiles([marks])];
  expect(exhibits[1]?.digest).toBe(createHash("sha256").update(seal.text).digest("hex"));
  const { files, mode } = tellOf(exhibits, FACTS.endedAt);
  const signed = signManifest({ ...FACTS, mode, packId: OUTER, sealedAt: FACTS.endedAt, files }, by);
  const signature = Buffer.from(signed.signature).toString("base64");
  const unit = newAgeIdentity();
  const sealed = { ...signed, packId: OUTER, signature, added: [] };
  const written = await writeDelivery(sealed, NONE, { exhibits, recipient: await recipientOf(unit) });
  expect(written.sha256).toBe(
    createHash("sha256")
      .update(await written.file.bytes())
      .digest("hex"),
  );
  const trust = { root: null, authorities: [], witnesses: [], now: Temporal.Now.instant() };
  const { findings } = await verifyPack(written.file.stream(), unit, trust);
  expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
  expect(findings.filter(({ state }) => state === "holds").map(({ check }) => check)).toEqual(
    expect.arrayContaining(["proved", "marks"]),
  );
  expect((await verifyPack(written.file.stream(), file, trust)).findings[0]?.why).toBe("WRONG_KEY");
});

test("what a capture kept stays behind and is told, or goes along with the key that opens it, never opened here", async () => {
  const identity = newAgeIdentity();
  const body = await encryptText(new Blob(["지어낸 몸"]).stream(), await recipientOf(identity));
  const ciphertext = await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).bytes();
  const parts = [...PARTS, { ...partOf("data/kept/1.age", ciphertext), type: "application/age" }];
  const capture = await exhibitOf(parts, parts, { mode: "keep-matching", minor: false });
  const exhibit = { ...capture, number: 1 };
  const left = await openExhibit(exhibit);
  expect(left.files.map(({ path }) => path)).not.toContain("data/exhibits/1/kept/1.age");
  expect(tellOf([left], FACTS.endedAt).leftOut).toMatchObject([{ exhibit: 1, path: "data/kept/1.age" }]);
  const along = await openExhibit({ ...exhibit, kept: "along" });
  expect(along.leftOut).toEqual([]);
  expect(along.files.map(({ path }) => path).slice(-2)).toEqual(["data/exhibits/1/kept/1.age", "data/kept-keys/1.txt"]);
  expect(await along.contents.at(-1)?.text()).toBe(`${exhibit.identity}\n`);
  // A file below `kept` that its own list does not name as kept is nothing that may be left out.
  const disguised = await exhibitOf(parts, parts, { mode: "hash-and-discard" });
  await expect(openExhibit(disguised)).rejects.toMatchObject({ code: "EXHIBIT_ALTERED" });

  for (const opened of [left, along]) {
    const { files, leftOut, mode } = tellOf([opened], FACTS.endedAt);
    const told = leftOut.length === 0 ? { keptUnder: "지어낸 영장" } : { leftOut };
    const facts = { ...FACTS, ...told, mode, minor: false, packId: OUTER, sealedAt: FACTS.endedAt, files };
    const signed = signManifest(facts, { ...service, certificate: null });
    const signature = Buffer.from(signed.signature).toString("base64");
    const unit = newAgeIdentity();
    const sealed = { ...signed, packId: OUTER, signature, added: [] };
    const written = await writeDelivery(sealed, NONE, { exhibits: [opened], recipient: await recipientOf(unit) });
    const trust = { root: null, authorities: [], witnesses: [], now: Temporal.Now.instant() };
    const { findings } = await verifyPack(written.file.stream(), unit, trust);
    expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
    expect(findings.filter(({ check }) => check === "kept-apart")).toHaveLength(leftOut.length);
  }
});

test("keys, links and cookie files are found in what people paste, and nothing else is taken for one", async () => {
  const recipient = await recipientOf(newAgeIdentity());
  expect(readRecipient(`# public key: ${recipient}\n`)).toBe(recipient);
  expect(readRecipient(newAgeIdentity())).toBeNull();
  expect(readToken("https://centre.example/take/#PKUrgDoO7sE2V3HgYigSKQ ")).toBe("PKUrgDoO7sE2V3HgYigSKQ");
  expect(readToken("#short")).toBeNull();
  const line = "#HttpOnly_.room.example\tTRUE\t/\tTRUE\t0\tsid\tabc";
  expect(readCookies(`# Netscape HTTP Cookie File\n${line}\n`)).toEqual([
    { name: "sid", value: "abc", domain: ".room.example", path: "/" },
  ]);
  expect(readCookies("no cookies here")).toBeNull();
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."\t\n\r#_aq1=./ 가\u0000-"), maxLength: 120 }), (text) => {
      const cookies = readCookies(text);
      expect(cookies === null || cookies.every(({ path }) => path?.startsWith("/"))).toBe(true);
      expect(readToken(text) ?? "PKUrgDoO7sE2V3HgYigSKQ").toMatch(/^[\w-]{22}$/);
      expect(readRecipient(text) ?? recipient).toMatch(/^age1/);
    }),
    { seed: 5, numRuns: 2000 },
  );
});
