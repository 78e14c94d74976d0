import fc from "fast-check";
import { expect, test } from "vitest";
import { nativeEd25519, PURE } from "../src/ed25519.ts";
import { newSigningKey } from "../src/index.ts";

test("both ways of signing give the same bytes and believe the same signatures", () => {
  const native = nativeEd25519();
  if (native === null) throw new Error("Node has its own Ed25519");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(63), (message, at) => {
      const key = newSigningKey();
      const signature = native.sign(message, key.secret);
      expect(PURE.sign(message, key.secret)).toEqual(signature);
      const altered = signature.with(at, (signature[at] ?? 0) ^ 1);
      for (const { verify } of [native, PURE]) {
        expect(verify(signature, message, key.public)).toBe(true);
        expect(verify(altered, message, key.public)).toBe(false);
        expect(verify(signature, message, newSigningKey().public)).toBe(false);
        expect(verify(signature.subarray(1), message, key.public)).toBe(false);
        expect(verify(signature, message, "not a key")).toBe(false);
      }
    }),
    { seed: 8, numRuns: 60 },
  );
});
