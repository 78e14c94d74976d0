import { certify, newSigningKey, sign } from "@jikim/evidence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uuidOf } from "../src/digest.ts";
import { isSignedBy, serviceKeyOf, verifyNatively, verifyPurely } from "../src/verify.ts";

describe("signatures", () => {
  const { secret, public: key } = newSigningKey();

  test("what evidence signs is read, for its use only", () => {
    const signed = sign("notice", { hello: "안녕" }, secret);
    expect(isSignedBy(key, "notice", signed)).toBe(true);
    expect(isSignedBy(key, "list-head", signed)).toBe(false);
    expect(isSignedBy(newSigningKey().public, "notice", signed)).toBe(false);
  });

  test("Node's own check and the pure one agree, on true and on bent signatures", () => {
    expect(verifyNatively).toBeDefined();
    fc.assert(
      fc.property(fc.string(), fc.nat(63), fc.nat(255), (text, at, bits) => {
        const signed = sign("notice", text, secret);
        const bent = Uint8Array.from(Buffer.from(signed.signature, "base64url"));
        bent[at] = (bent[at] ?? 0) ^ bits;
        const message = new TextEncoder().encode(`jikim/notice/v1\n${signed.payload}`);
        expect(verifyPurely(bent, message, key)).toBe(bits === 0);
        expect(verifyNatively?.(bent, message, key)).toBe(bits === 0);
      }),
      { seed: 20_251_122, numRuns: 60 },
    );
  });

  test("only a service certificate of the root counts", () => {
    const root = newSigningKey();
    const notAfter = "2030-01-01T00:00:00Z";
    const good = certify({ kind: "service", verifyKey: key, notAfter }, root.secret);
    const now = Date.parse("2029-01-01T00:00:00Z");
    expect(serviceKeyOf(good, root.public, now)).toBe(key);
    const staff = sign("certificate", { kind: "staff", verifyKey: key, notAfter }, root.secret);
    const self = certify({ kind: "service", verifyKey: key, notAfter }, secret);
    for (const bad of [staff, self]) expect(() => serviceKeyOf(bad, root.public, now)).toThrow("pinned root");
    expect(() => serviceKeyOf(good, root.public, Date.parse(notAfter))).toThrow("run out");
  });
});

test("a name made from a text is a UUID, and the same for the same text", () => {
  expect(uuidOf("a")).toBe(uuidOf("a"));
  expect(uuidOf("a")).not.toBe(uuidOf("b"));
  expect(uuidOf("a")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
