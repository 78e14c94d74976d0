import { fromBER, Integer, Null, OctetString } from "asn1js";
import * as pki from "pkijs";

/** Object identifiers: RFC 5652 §5.1, RFC 3161 §2.4.2 and §2.3, RFC 5035 §3, RFC 8017 B.1. */
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TIMESTAMP_INFO = "1.2.840.113549.1.9.16.1.4";
const TIMESTAMPING = "1.3.6.1.5.5.7.3.8";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const DIGESTS: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
const SHA256 = "2.16.840.1.101.3.4.2.1";
/** An authority's clock and ours may differ by this much. */
const CLOCKS_APART_MS = 5 * 60_000;
const LONGEST = 100_000;

/** Why a timestamp is not believed. */
export const TIMESTAMP_TROUBLES = [
  "MALFORMED",
  "REJECTED",
  "OTHER_DATA",
  "OTHER_REQUEST",
  "OTHER_POLICY",
  "NOT_AN_AUTHORITY",
  "OTHER_CERTIFICATE",
  "SIGNATURE",
  "FUTURE",
] as const;
export type TimestampTrouble = (typeof TIMESTAMP_TROUBLES)[number];

/** What an authority vouches for: these bytes were there by then. */
export type Timestamped = {
  readonly at: Temporal.Instant;
  readonly policy: string;
  /** Hex. */
  readonly serial: string;
  /** Subject of the authority's certificate. */
  readonly authority: string;
};

/** A request for a timestamp (RFC 3161 §2.4.1) over the SHA-256 of some bytes, in DER. @param nonce  8 to 20 random bytes. */
export async function requestTimestamp(data: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> {
  const imprint = await crypto.subtle.digest("SHA-256", data.slice());
  const request = new pki.TimeStampReq({
    version: 1,
    messageImprint: new pki.MessageImprint({
      hashAlgorithm: new pki.AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: imprint }),
    }),
    nonce: new Integer({ valueHex: Uint8Array.of(1, ...nonce).buffer }),
    certReq: true,
  });
  return new Uint8Array(request.toSchema().toBER(false));
}

export type TimestampExpected = {
  readonly data: Uint8Array;
  /** The one of the request; null when the request is not at hand any more. */
  readonly nonce: Uint8Array | null;
  /** Policies that are good enough; null for any. */
  readonly policies: readonly string[] | null;
  /** Certificates of the authorities' roots that are trusted, in PEM. */
  readonly roots: readonly string[];
  readonly now: Temporal.Instant;
};

/**
 * Checks an authority's answer (RFC 3161 §2.4.2). Beside signature and chain it looks itself at what libraries leave out: that the
 * certificate is one for timestamping and nothing else, that the token names this very certificate, and that nonce, policy and imprint
 * are those asked for. The chain is checked as of the time in the token, so that it holds after certificates have run out.
 */
export async function checkTimestamp(
  answer: Uint8Array,
  expected: TimestampExpected,
): Promise<Timestamped | { readonly trouble: TimestampTrouble }> {
  try {
    return await check(answer, expected);
  } catch {
    return { trouble: "MALFORMED" };
  }
}

async function check(answer: Uint8Array, expected: TimestampExpected) {
  const trouble = (code: TimestampTrouble) => ({ trouble: code });
  if (answer.length > LONGEST || fromBER(answer.slice().buffer).offset !== answer.length) return trouble("MALFORMED");
  const response = pki.TimeStampResp.fromBER(answer.slice().buffer);
  if (response.status.status > 1 || response.timeStampToken === undefined) return trouble("REJECTED");
  if (response.timeStampToken.contentType !== SIGNED_DATA) return trouble("MALFORMED");
  const signed = new pki.SignedData({ schema: response.timeStampToken.content });
  const info = infoOf(signed);
  if (info === null) return trouble("MALFORMED");
  if (!(await isImprintOf(info, expected.data))) return trouble("OTHER_DATA");
  if (expected.nonce !== null && !isNonce(info, expected.nonce)) return trouble("OTHER_REQUEST");
  if (expected.policies !== null && !expected.policies.includes(info.policy)) return trouble("OTHER_POLICY");
  const certificate = signerOf(signed);
  if (certificate === null || !isForTimestampsOnly(certificate)) return trouble("NOT_AN_AUTHORITY");
  if (!(await isNamedIn(signed, certificate))) return trouble("OTHER_CERTIFICATE");
  if (!(await isSignedUnder(signed, info, expected))) return trouble("SIGNATURE");
  if (info.genTime.getTime() > expected.now.epochMilliseconds + CLOCKS_APART_MS) return trouble("FUTURE");
  return {
    at: Temporal.Instant.fromEpochMilliseconds(info.genTime.getTime()),
    policy: info.policy,
    serial: hexOf(info.serialNumber.valueBlock.valueHexView),
    authority: certificate.subject.typesAndValues.map(({ value }) => String(value.valueBlock.value)).join(", "),
  };
}

function infoOf(signed: pki.SignedData): pki.TSTInfo | null {
  const { eContentType, eContent } = signed.encapContentInfo;
  if (eContentType !== TIMESTAMP_INFO || eContent === undefined || signed.signerInfos.length !== 1) return null;
  return pki.TSTInfo.fromBER(eContent.getValue());
}

async function isImprintOf({ messageImprint }: pki.TSTInfo, data: Uint8Array): Promise<boolean> {
  const digest = DIGESTS[messageImprint.hashAlgorithm.algorithmId];
  if (digest === undefined) return false;
  return isSame(messageImprint.hashedMessage.valueBlock.valueHexView, await crypto.subtle.digest(digest, data.slice()));
}

function isNonce({ nonce }: pki.TSTInfo, asked: Uint8Array): boolean {
  return nonce !== undefined && isSame(nonce.valueBlock.valueHexView, Uint8Array.of(1, ...asked));
}

/** The certificate that the signature names by issuer and serial. */
function signerOf(signed: pki.SignedData): pki.Certificate | null {
  const sid = signed.signerInfos[0]?.sid;
  if (!(sid instanceof pki.IssuerAndSerialNumber)) return null;
  const found = signed.certificates?.find(
    (each): each is pki.Certificate =>
      each instanceof pki.Certificate && each.issuer.isEqual(sid.issuer) && each.serialNumber.isEqual(sid.serialNumber),
  );
  return found ?? null;
}

/** RFC 3161 §2.3: the extended key usage is critical and holds timestamping alone. */
function isForTimestampsOnly({ extensions = [] }: pki.Certificate): boolean {
  const usages = extensions.filter(({ extnID }) => extnID === EXTENDED_KEY_USAGE);
  const [usage] = usages;
  if (usages.length !== 1 || usage?.critical !== true || !(usage.parsedValue instanceof pki.ExtKeyUsage)) return false;
  return usage.parsedValue.keyPurposes.length === 1 && usage.parsedValue.keyPurposes[0] === TIMESTAMPING;
}

/** RFC 5035, RFC 5816: the signed attributes hold the hash of the certificate, so that no other can be put in its place. */
async function isNamedIn(signed: pki.SignedData, certificate: pki.Certificate): Promise<boolean> {
  const attributes = signed.signerInfos[0]?.signedAttrs?.attributes ?? [];
  const [value] = attributes.find(({ type }) => type === SIGNING_CERTIFICATE_V2)?.values ?? [];
  // SigningCertificateV2 ::= { certs { ESSCertIDv2 ::= { hashAlgorithm DEFAULT sha256, certHash, … } … } … }
  const [first] = value?.valueBlock?.value?.[0]?.valueBlock?.value ?? [];
  const parts = first?.valueBlock?.value ?? [];
  const named = parts[0] instanceof OctetString ? [null, parts[0]] : parts;
  const algorithm = named[0] === null ? SHA256 : named[0]?.valueBlock?.value?.[0]?.valueBlock?.toString();
  const [, hash] = named;
  const digest = DIGESTS[String(algorithm)];
  if (digest === undefined || !(hash instanceof OctetString)) return false;
  const bytes = new Uint8Array(certificate.toSchema(true).toBER(false));
  return isSame(hash.valueBlock.valueHexView, await crypto.subtle.digest(digest, bytes));
}

async function isSignedUnder(signed: pki.SignedData, info: pki.TSTInfo, expected: TimestampExpected): Promise<boolean> {
  const trustedCerts = expected.roots.flatMap(certificatesIn);
  try {
    return await signed.verify({
      ...{ signer: 0, data: expected.data.slice().buffer, trustedCerts },
      ...{ checkChain: true, checkDate: info.genTime },
    });
  } catch {
    return false;
  }
}

/** The certificates of a PEM text, in order. @throws when one is no certificate. */
export function certificatesIn(pem: string): pki.Certificate[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([\s\w+/=]+)-----END CERTIFICATE-----/g)].map(([, body = ""]) => {
    const bytes = Uint8Array.from(atob(body.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
    return new pki.Certificate({ schema: fromBER(bytes.buffer).result });
  });
}

function isSame(one: Uint8Array, other: ArrayBuffer | Uint8Array): boolean {
  const bytes = new Uint8Array(other);
  return one.length === bytes.length && one.every((byte, at) => byte === bytes[at]);
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
