import { expect, test } from "vitest";
import { newAgeIdentity, recipientOf } from "../src/age-identity.ts";
import { decryptText, encryptText, newFileKey, unwrapFileKey, wrapFileKey } from "../src/file-key.ts";
import { paddedLength, SealRefusal, seal } from "../src/seal.ts";

const streamOf = (bytes: Uint8Array | string) =>
  new Response(Uint8Array.from(Buffer.from(bytes))).body ?? new ReadableStream();
const bytesOf = async (stream: ReadableStream) => new Uint8Array(await new Response(stream).arrayBuffer());
const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => null,
    (error: unknown) => (error instanceof SealRefusal ? error.code : error),
  );

test("a text comes back through the key of its file, which the case key opens", async () => {
  const caseIdentity = newAgeIdentity();
  const key = await newFileKey();
  const wrapped = await wrapFileKey(key, await recipientOf(caseIdentity));
  const sealed = await bytesOf(await encryptText(streamOf('{"지어낸":"말"}'), key.recipient));
  const identity = await unwrapFileKey(wrapped, caseIdentity);
  expect(await decryptText(streamOf(sealed), identity)).toBe('{"지어낸":"말"}');
});

test("texts of like length make files of the same length", async () => {
  const { recipient } = await newFileKey();
  const lengths = [];
  for (const length of [100_001, 120_000])
    lengths.push((await bytesOf(await encryptText(streamOf("x".repeat(length)), recipient))).length);
  expect(new Set(lengths).size).toBe(1);
  expect(lengths[0]).toBeGreaterThan(paddedLength(120_000));
});

test("another key, a cut file and what is no file key are refused", async () => {
  const caseIdentity = newAgeIdentity();
  const key = await newFileKey();
  const sealed = await bytesOf(await encryptText(streamOf("x".repeat(200_000)), key.recipient));
  expect(await codeOf(decryptText(streamOf(sealed), newAgeIdentity()))).toBe("WRONG_KEY_OR_DAMAGED");
  expect(await codeOf(decryptText(streamOf(sealed.subarray(0, -1)), key.identity))).toBe("WRONG_KEY_OR_DAMAGED");
  const other = await seal({ caseIdentity: "x" }, [await recipientOf(caseIdentity)]);
  expect(await codeOf(unwrapFileKey(other, caseIdentity))).toBe("NOT_OURS");
  expect(await codeOf(encryptText(streamOf(""), "nobody"))).toBe("NOT_A_RECIPIENT");
});
