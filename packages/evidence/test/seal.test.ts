import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  certify,
  isSolved,
  keyFingerprint,
  keysOfReturnCode,
  newAgeIdentity,
  newCaseKey,
  newPassphrase,
  newRecoveryKey,
  newReturnCode,
  newSigningKey,
  newStaffKey,
  openSealed,
  paddedLength,
  publicStaffKey,
  readCertificate,
  readDocument,
  readPassphrase,
  readReceipt,
  readReceiptText,
  readReturnCode,
  readRootSecret,
  receiptCommitment,
  recipientOf,
  recoverIdentity,
  seal,
  showPassphrase,
  showReceipt,
  showReturnCode,
  showRootSecret,
  signReceipt,
  solve,
  unwrapCaseKey,
  unwrapWithPasskey,
  unwrapWithPassphrase,
  wrapCaseKey,
  wrapWithPasskey,
  wrapWithPassphrase,
  writeAsStaff,
} from "../src/index.ts";

describe("return code", () => {
  test("is 24 characters in six groups and survives how people type it", () => {
    const code = newReturnCode();
    expect(showReturnCode(code)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(
      readReturnCode(
        ` ${showReturnCode(code).toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `,
      ),
    ).toBe(code);
    expect(readReturnCode(code.slice(1))).toBeNull();
    expect(readReturnCode(`U${code.slice(1)}`)).toBeNull();
  });

  test("gives keys that tell nothing of one another, and always the same ones", () => {
    const code = readReturnCode("0123-4567-89AB-CDEF-GHJK-MNPQ");
    if (code === null) throw new Error("a good code was refused");
    const keys = keysOfReturnCode(code);
    expect(keysOfReturnCode(code)).toEqual(keys);
    expect(new Set([keys.token, keys.identity, keys.draftToken, keys.draftIdentity]).size).toBe(4);
    // Fixed so that a change of derivation, which would lock every survivor out, cannot pass unseen.
    expect(keys.token).toBe("vleicF8GljpmyrIHn8nZds4ISjtI4bM1OzKCrKs4R1s=");
  });
});

describe("seal", () => {
  test("opens for its recipient and for nobody else", async () => {
    const [hers, other] = [newAgeIdentity(), newAgeIdentity()];
    const sealed = await seal({ story: "이야기" }, [await recipientOf(hers)]);
    expect(await openSealed(sealed, hers)).toEqual({ story: "이야기" });
    await expect(openSealed(sealed, other)).rejects.toMatchObject({ code: "WRONG_KEY_OR_DAMAGED" });
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    await expect(openSealed(sealed, hers)).rejects.toMatchObject({ code: "WRONG_KEY_OR_DAMAGED" });
  });

  test("does not tell a short story from a longer one", async () => {
    const recipient = await recipientOf(newAgeIdentity());
    const short = await seal({ story: "a" }, [recipient]);
    const longer = await seal({ story: "a".repeat(900) }, [recipient]);
    expect(longer.length).toBe(short.length);
    fc.assert(
      fc.property(
        fc.nat(500_000),
        (length) => paddedLength(length) >= length && paddedLength(length) <= Math.max(1024, length * 2),
      ),
      { seed: 1 },
    );
  });

  test("refuses a recipient that is not a plain X25519 one", async () => {
    await expect(seal({}, ["age1pq1qqqq"])).rejects.toMatchObject({ code: "NOT_A_RECIPIENT" });
    await expect(seal({}, [])).rejects.toMatchObject({ code: "NOT_A_RECIPIENT" });
  });

  test("a wrapped case key comes back for its holder", async () => {
    const [hers, holder] = [newAgeIdentity(), newAgeIdentity()];
    const key = await newCaseKey(await recipientOf(hers));
    expect(await unwrapCaseKey(await wrapCaseKey(key, await recipientOf(holder)), holder)).toEqual(key);
  });
});

describe("certificate", () => {
  const root = newSigningKey();
  const now = Date.parse("2026-11-22T00:00:00Z");
  const made = async (notAfter: string, secret = root.secret) => {
    const key = newStaffKey();
    const certificate = certify(
      { kind: "staff", staffId: "s1", roles: ["intake"], ...(await publicStaffKey(key)), notAfter },
      secret,
    );
    return { key, certificate };
  };

  test("of the root is read; of another key, out of date, altered or of another kind it is not", async () => {
    const { certificate } = await made("2027-01-01T00:00:00Z");
    expect(readCertificate(certificate, "staff", root.public, now)?.staffId).toBe("s1");
    expect(readCertificate(certificate, "recovery", root.public, now)).toBeNull();
    expect(
      readCertificate({ ...certificate, payload: certificate.payload.replace("s1", "s2") }, "staff", root.public, now),
    ).toBeNull();
    expect(
      readCertificate(
        (await made("2027-01-01T00:00:00Z", newSigningKey().secret)).certificate,
        "staff",
        root.public,
        now,
      ),
    ).toBeNull();
    expect(readCertificate((await made("2026-01-01T00:00:00Z")).certificate, "staff", root.public, now)).toBeNull();
    expect(keyFingerprint(root.public)).toMatch(/^(\w{4}-){4}\w{4}$/);
  });

  test("a staff document is believed only with a certified signature for this case and kind", async () => {
    const { key, certificate } = await made("2027-01-01T00:00:00Z");
    const binding = { caseId: "c1", kind: "message" };
    const document = writeAsStaff({ text: "안녕하세요" }, binding, { certificate, signingSecret: key.signingSecret });
    expect(readDocument(document, binding, root.public)).toMatchObject({
      content: { text: "안녕하세요" },
      author: { staffId: "s1" },
    });
    expect(readDocument(document, { ...binding, caseId: "c2" }, root.public)).toBeNull();
    expect(readDocument(document, { ...binding, kind: "note" }, root.public)).toBeNull();
    expect(readDocument(document, binding, newSigningKey().public)).toBeNull();
    const forged = writeAsStaff({ text: "x" }, binding, { certificate, signingSecret: newSigningKey().secret });
    expect(readDocument(forged, binding, root.public)).toBeNull();
    expect(readDocument({ by: "survivor", content: 1 }, binding, root.public)).toEqual({ content: 1, author: null });
    const answer = { by: "recipient", content: 1 };
    expect(readDocument(answer, { ...binding, kind: "answer" }, root.public)).toEqual({ content: 1, author: null });
    expect(readDocument(answer, binding, root.public)).toBeNull();
    expect(readDocument({ by: "survivor", content: 1 }, { ...binding, kind: "answer" }, root.public)).toBeNull();
  });
});

test("a receipt proves the time under the service key and travels as one line", () => {
  const service = newSigningKey();
  const commitment = receiptCommitment(keysOfReturnCode(newReturnCode()).receiptSecret);
  const text = showReceipt(signReceipt({ receivedAt: "2026-11-22T01:02:03Z", commitment }, service.secret));
  const signed = readReceiptText(text);
  expect(signed && readReceipt(signed, service.public)).toEqual({ receivedAt: "2026-11-22T01:02:03Z", commitment });
  expect(signed && readReceipt(signed, newSigningKey().public)).toBeNull();
  expect(readReceiptText("no receipt")).toBeNull();
});

describe("staff key", () => {
  test("comes back from a passkey's output and not from another's", async () => {
    const key = newStaffKey();
    const prf = crypto.getRandomValues(new Uint8Array(32));
    const wrapped = await wrapWithPasskey(key, prf);
    expect(await unwrapWithPasskey(wrapped, prf)).toEqual(key);
    prf[0] = (prf[0] ?? 0) ^ 1;
    await expect(unwrapWithPasskey(wrapped, prf)).rejects.toMatchObject({ code: "WRONG_KEY_OR_DAMAGED" });
  });

  test("comes back from its passphrase, which has at least 77 bits", async () => {
    const [key, passphrase] = [newStaffKey(), newPassphrase()];
    expect(passphrase.length * 5).toBeGreaterThanOrEqual(77);
    expect(readPassphrase(showPassphrase(passphrase).toLowerCase())).toBe(passphrase);
    const wrapped = await wrapWithPassphrase(key, passphrase);
    expect(await unwrapWithPassphrase(wrapped, passphrase)).toEqual(key);
    await expect(unwrapWithPassphrase(wrapped, newPassphrase())).rejects.toMatchObject({
      code: "WRONG_KEY_OR_DAMAGED",
    });
  });
});

describe("recovery", () => {
  test("any three of five shares bring the key back, two do not, a misread one is refused", async () => {
    const { recipient, shares } = await newRecoveryKey();
    const identity = await recoverIdentity([shares[4] ?? "", shares[0] ?? "", shares[2] ?? ""], recipient);
    expect(identity === null ? null : await recipientOf(identity)).toBe(recipient);
    expect(await recoverIdentity(shares.slice(0, 2), recipient)).toBeNull();
    const [first = "", ...rest] = shares;
    const misread = first.replace(/^./, first.startsWith("7") ? "8" : "7");
    expect(await recoverIdentity([misread, ...rest.slice(0, 2)], recipient)).toBeNull();
  });

  test("the root's secret is read back from paper, and another root's is not", () => {
    const root = newSigningKey();
    expect(readRootSecret(showRootSecret(root.secret), root.public)).toBe(root.secret);
    expect(readRootSecret(showRootSecret(newSigningKey().secret), root.public)).toBeNull();
  });
});

test("a proof of work is accepted once solved, and not for another seed", () => {
  const challenge = { seed: "seed", bits: 6, parts: 4 };
  const solution = solve(challenge);
  expect(isSolved(challenge, solution)).toBe(true);
  expect(isSolved({ ...challenge, seed: "other" }, solution)).toBe(false);
  expect(isSolved(challenge, solution.slice(1))).toBe(false);
});

test("a proof of work of no bits is solved at once", () => {
  expect(solve({ seed: "seed", bits: 0, parts: 2 })).toEqual([0, 0]);
});
