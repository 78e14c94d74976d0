import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import fc from "fast-check";
import { packTar } from "modern-tar";
import { expect, test } from "vitest";
import { FUZZ_RUNS, FUZZ_TIMEOUT } from "../../../setup/fuzz-runs.ts";
import { openPack, sayFinding, verifyPack } from "../src/pack/index.ts";
import { nested, twoExhibits } from "./exhibits.ts";
import { entriesOf, packed, root, sealedNow, streamOf } from "./packing.ts";
import { openAuthority } from "./timestamp-authority.ts";

const HEADER = 512;

/** Put in where something else stood: what parsers of packs stumble over. */
const TELLING = [
  "",
  "null",
  "{}",
  "[]",
  '{"version":1}',
  "\0",
  "../../x",
  "data/exhibits/1/seal/manifest.json",
  "9".repeat(40),
  "\n\n",
];

test(
  "two thousand packs with exhibits, damaged inside by who has the key, end in a verdict that does not hold",
  async () => {
    const authority = openAuthority();
    const [, chat] = await twoExhibits(authority);
    const parts = await nested(chat === undefined ? [] : [chat]);
    authority.remove();
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const whole = await packed(await sealedNow(parts), { timestamp: null, log: null }, recipient, parts);
    const entries = await entriesOf(whole, identity);
    // Timestamps have a test of their own.
    const trust = { root: root.public, authorities: [], witnesses: [], now: Temporal.Now.instant() };
    const encrypted = (bytes: Uint8Array) => {
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      return encrypter.encrypt(bytes);
    };

    const telling = fc.oneof(
      fc.constantFrom(...TELLING).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    );
    const change = fc.record({ which: fc.nat(), at: fc.nat(), cut: fc.nat(80), put: telling, header: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = entries.map((entry) => ({ ...entry }));
        for (const { which, at, cut, put } of changes) {
          const entry = changed[which % changed.length];
          if (entry === undefined) continue;
          const from = at % (entry.data.length + 1);
          entry.data = Buffer.concat([entry.data.subarray(0, from), put, entry.data.subarray(from + cut)]);
        }
        const files = changed.map(({ name, data }) => ({
          header: { name, size: data.length, type: "file" as const },
          body: data,
        }));
        const tar = new Uint8Array(await packTar(files));
        // One in ten has a header of the tar damaged as well, or its end cut.
        const [first] = changes;
        if (first?.header === 0) tar[first.at % HEADER] = first.cut;
        const plain = first?.header === 1 ? tar.slice(0, first.at % tar.length) : tar;
        const { holds, findings } = await verifyPack(streamOf(await encrypted(plain)), identity, trust);
        expect(holds).toBe(false);
        for (const finding of findings) expect(sayFinding(finding, "ko")).not.toMatch(/undefined|\[object/);
      }),
      { numRuns: FUZZ_RUNS, seed: 13 },
    );
  },
  FUZZ_TIMEOUT,
);

test(
  "bytes that are no pack at all, or one with its head damaged, are told as that",
  async () => {
    const identity = await generateX25519Identity();
    const pack = await packed(await sealedNow(), { timestamp: null, log: null }, await identityToRecipient(identity));
    const damaged = fc.tuple(fc.nat(400), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, bytes]) => {
      const copy = Uint8Array.from(pack.subarray(0, 3000));
      copy.set(bytes, at);
      return copy;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), async (bytes) => {
        expect(await openPack(streamOf(bytes), identity, () => undefined)).toHaveProperty("trouble");
      }),
      { numRuns: FUZZ_RUNS, seed: 14 },
    );
  },
  FUZZ_TIMEOUT,
);
