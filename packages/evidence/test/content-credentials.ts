import { sign } from "node:crypto";
import { WasmBuilder } from "@contentauth/c2pa-wasm";
import { blobOf } from "../src/provenance/blob.ts";
import { openAuthority } from "./timestamp-authority.ts";

const RESERVED = 2048;
/** What C2PA asks of a certificate that signs (specification 2.1, 14.5): no authority, signatures only, a purpose, and whose key signed it. */
const USAGE = [
  "basicConstraints = critical, CA:FALSE",
  "keyUsage = critical, digitalSignature",
  "extendedKeyUsage = emailProtection",
  "subjectKeyIdentifier = hash",
  "authorityKeyIdentifier = keyid",
].join("\n");

const SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

/**
 * A file with Content Credentials of an invented generator, under a chain that is made by openssl for this call. `hold`: the signature is
 * one that holds. `break`: it is a signature of zeros.
 */
export async function credentialed(
  file: Uint8Array,
  format: "image/png" | "video/mp4",
  signature: "hold" | "break",
): Promise<Uint8Array<ArrayBuffer>> {
  const authority = openAuthority();
  const { certificate, key } = authority.issue("signer", USAGE, "Invented house");
  authority.remove();
  const der = Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const actions = { actions: [{ action: "c2pa.created", digitalSourceType: SOURCE }] };
  const builder = WasmBuilder.fromJson(
    JSON.stringify({
      claim_generator_info: [{ name: "Invented generator" }],
      assertions: [{ label: "c2pa.actions", data: actions }],
    }),
    JSON.stringify({ verify: { verify_after_sign: false } }),
  );
  const signer = {
    alg: "es256",
    reserveSize: RESERVED,
    sign: async (claim: Uint8Array<ArrayBuffer>) => coseOf(der, claim, signature === "hold" ? key : null),
  };
  return new Uint8Array(await builder.sign(signer, format, blobOf(Uint8Array.from(file))));
}

/** CBOR byte string of more than 255 bytes or fewer. */
function bytesOf(body: Uint8Array): Buffer {
  const head = body.length < 24 ? [0x40 | body.length] : body.length < 256 ? [0x58, body.length] : null;
  return Buffer.concat([Buffer.from(head ?? [0x59, body.length >> 8, body.length & 255]), body]);
}

/** A COSE_Sign1 (RFC 9052, 4.2 and 4.4) over a claim that lies elsewhere, ES256, its certificate in x5chain (RFC 9360), padded to its place. */
function coseOf(der: Buffer, claim: Uint8Array, key: string | null): Uint8Array<ArrayBuffer> {
  const guarded = bytesOf(Buffer.concat([Buffer.from([0xa2, 0x01, 0x26, 0x18, 0x21]), bytesOf(der)]));
  const signed = Buffer.concat([
    Buffer.from("\x84\x6aSignature1", "latin1"),
    guarded,
    bytesOf(Buffer.alloc(0)),
    longBytes(claim),
  ]);
  const signature = key === null ? Buffer.alloc(64) : sign("sha256", signed, { key, dsaEncoding: "ieee-p1363" });
  const end = Buffer.concat([Buffer.from([0xf6]), bytesOf(signature)]);
  const start = Buffer.concat([Buffer.from([0xd2, 0x84]), guarded, Buffer.from("\xa1\x63pad", "latin1")]);
  return Uint8Array.from(Buffer.concat([start, bytesOf(Buffer.alloc(RESERVED - start.length - end.length - 3)), end]));
}

function longBytes(body: Uint8Array): Buffer {
  if (body.length < 65_536) return bytesOf(body);
  const head = Buffer.from([0x5a, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}
