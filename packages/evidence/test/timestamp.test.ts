import { X509Certificate } from "node:crypto";
import * as asn1 from "asn1js";
import fc from "fast-check";
import * as pki from "pkijs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { certificatesIn, checkTimestamp, requestTimestamp, type TimestampExpected } from "../src/timestamp.ts";
import { openAuthority, POLICY, type TestAuthority } from "./timestamp-authority.ts";

const data = new TextEncoder().encode("the text of a manifest");
const nonce = Uint8Array.from([200, 1, 2, 3, 4, 5, 6, 7]);
const now = () => Temporal.Now.instant();

let authority: TestAuthority;
let answer: Uint8Array;
let expected: TimestampExpected;
beforeAll(async () => {
  authority = openAuthority();
  answer = authority.answer(await requestTimestamp(data, nonce));
  expected = { data, nonce, policies: [POLICY], roots: [authority.root], now: now() };
});
afterAll(() => authority.remove());

test("an authority's answer says when, and OpenSSL believes it as well", async () => {
  const stamped = await checkTimestamp(answer, expected);
  expect(stamped).toMatchObject({
    policy: POLICY,
    authority: "Invented tsa",
    serial: expect.stringMatching(/^[0-9a-f]+$/),
  });
  expect("at" in stamped && Math.abs(stamped.at.epochMilliseconds - now().epochMilliseconds) < 60_000).toBe(true);
  expect(authority.believes(answer, data)).toBe(true);
});

describe("is not believed", () => {
  const trouble = async (changes: Partial<TimestampExpected>, given = answer) => {
    const checked = await checkTimestamp(given, { ...expected, ...changes });
    return "trouble" in checked ? checked.trouble : null;
  };

  test("about other bytes, for another request, under another policy or another root", async () => {
    expect(await trouble({ data: new TextEncoder().encode("another text") })).toBe("OTHER_DATA");
    expect(await trouble({ nonce: Uint8Array.from([...nonce].reverse()) })).toBe("OTHER_REQUEST");
    expect(await trouble({ policies: ["1.2.3"] })).toBe("OTHER_POLICY");
    const stranger = openAuthority();
    expect(await trouble({ roots: [stranger.root] })).toBe("SIGNATURE");
    stranger.remove();
    expect(await trouble({ roots: [] })).toBe("SIGNATURE");
  });

  test("when it comes from the future", async () => {
    expect(await trouble({ now: now().subtract({ hours: 1 }) })).toBe("FUTURE");
  });

  test("when the authority refused, or the answer is none at all", async () => {
    const refusal = new pki.TimeStampResp({ status: new pki.PKIStatusInfo({ status: 2 }) });
    expect(await trouble({}, new Uint8Array(refusal.toSchema().toBER(false)))).toBe("REJECTED");
    expect(await trouble({}, new Uint8Array())).toBe("MALFORMED");
    expect(await trouble({}, data)).toBe("MALFORMED");
  });

  test("with any one byte of the token changed", async () => {
    const signature = answer.length - 20;
    for (const at of [signature, answer.length - 200, Math.floor(answer.length / 2)]) {
      const changed = answer.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await trouble({}, changed)).not.toBeNull();
      if (at === signature) expect(authority.believes(changed, data)).toBe(false);
    }
  });

  test.each([
    ["a web server's", "extendedKeyUsage = critical, serverAuth"],
    ["one for more than timestamps", "extendedKeyUsage = critical, timeStamping, serverAuth"],
    ["one whose usage is not critical", "extendedKeyUsage = timeStamping"],
    ["one without a usage", "basicConstraints = CA:FALSE"],
  ])("when the certificate is %s, although signature and chain hold", async (_, usage) => {
    const other = authority.issue("other", usage);
    expect(await trouble({ policies: null }, await stampedBy(other, other.certificate))).toBe("NOT_AN_AUTHORITY");
  });

  test("when the token names another certificate than the one it brings", async () => {
    const usage = "extendedKeyUsage = critical, timeStamping";
    const [mine, other] = [authority.issue("mine", usage), authority.issue("another", usage)];
    expect(await trouble({ policies: null }, await stampedBy(mine, mine.certificate))).toBeNull();
    expect(await trouble({ policies: null }, await stampedBy(mine, other.certificate))).toBe("OTHER_CERTIFICATE");
    expect(await trouble({ policies: null }, await stampedBy(mine, null))).toBe("OTHER_CERTIFICATE");
  });
});

test("whatever is put in its place is refused without a crash", async () => {
  const noise = fc.array(fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) }), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(noise, fc.nat(), async (changes, cut) => {
      const changed = cut % 5 === 0 ? answer.slice(0, cut % answer.length) : answer.slice();
      for (const { at, to } of changes) if (changed.length > 0) changed[at % changed.length] = to;
      const checked = await checkTimestamp(changed, expected);
      // What is outside the signature (such as the status text) may change and still hold; the time may not.
      if ("at" in checked) expect(checked.at).toEqual(((await checkTimestamp(answer, expected)) as typeof checked).at);
    }),
    { numRuns: FUZZ_RUNS, seed: 1 },
  );
});

type Issued = { readonly key: string; readonly certificate: string };

/** A token made by hand, as `openssl ts` will not make it. @param named  the certificate whose hash the signed attributes hold. */
async function stampedBy({ key, certificate }: Issued, named: string | null): Promise<Uint8Array> {
  const [own] = certificatesIn(certificate);
  if (own === undefined) throw new Error("no certificate");
  const info = new pki.TSTInfo({
    version: 1,
    policy: POLICY,
    messageImprint: await pki.MessageImprint.create("SHA-256", data.slice().buffer),
    serialNumber: new asn1.Integer({ value: 7 }),
    genTime: new Date(),
    nonce: new asn1.Integer({ valueHex: Uint8Array.of(1, ...nonce).buffer }),
  });
  const content = info.toSchema().toBER(false);
  const attribute = (type: string, value: asn1.AsnType) => new pki.Attribute({ type, values: [value] });
  const octets = (hash: ArrayBuffer) => new asn1.OctetString({ valueHex: hash });
  const attributes = [
    attribute("1.2.840.113549.1.9.3", new asn1.ObjectIdentifier({ value: "1.2.840.113549.1.9.16.1.4" })),
    attribute("1.2.840.113549.1.9.4", octets(await crypto.subtle.digest("SHA-256", content))),
  ];
  if (named !== null) {
    const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(new X509Certificate(named).raw));
    const sequence = (value: asn1.AsnType) => new asn1.Sequence({ value: [value] });
    attributes.push(attribute("1.2.840.113549.1.9.16.2.47", sequence(sequence(sequence(octets(hash))))));
  }
  const signed = new pki.SignedData({
    version: 3,
    encapContentInfo: new pki.EncapsulatedContentInfo({
      eContentType: "1.2.840.113549.1.9.16.1.4",
      eContent: octets(content),
    }),
    signerInfos: [
      new pki.SignerInfo({
        version: 1,
        sid: new pki.IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
        signedAttrs: new pki.SignedAndUnsignedAttributes({ type: 0, attributes }),
      }),
    ],
    certificates: [own],
  });
  const der = Buffer.from(key.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const secret = await crypto.subtle.importKey("pkcs8", der, curve, true, ["sign"]);
  await signed.sign(secret, 0, "SHA-256");
  const token = new pki.ContentInfo({ contentType: "1.2.840.113549.1.7.2", content: signed.toSchema(true) });
  const response = new pki.TimeStampResp({ status: new pki.PKIStatusInfo({ status: 0 }), timeStampToken: token });
  return new Uint8Array(response.toSchema().toBER(false));
}
