import { createHash, webcrypto } from "node:crypto";
import { Integer, Utf8String } from "asn1js";
import { AttributeTypeAndValue, Certificate, CryptoEngine, setEngine } from "pkijs";

/** What the proxy shows the browser in place of a site's own certificate; made for one capture and never written. */
export type OwnCertificate = { readonly cert: string; readonly key: string; readonly spki: string };

const COMMON_NAME = "2.5.4.3"; // RFC 5280, appendix A
const DAY_MS = 86_400_000;

/** `spki` is the base64 SHA-256 of the public key, as Chromium's `--ignore-certificate-errors-spki-list` takes it. */
export async function newCertificate(): Promise<OwnCertificate> {
  setEngine("node", new CryptoEngine({ name: "node", crypto: webcrypto as unknown as Crypto }));
  const pair = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new Integer({ value: 1 });
  for (const name of [certificate.subject, certificate.issuer])
    name.typesAndValues.push(
      new AttributeTypeAndValue({ type: COMMON_NAME, value: new Utf8String({ value: "Jikim capture" }) }),
    );
  certificate.notBefore.value = new Date(Date.now() - DAY_MS);
  certificate.notAfter.value = new Date(Date.now() + DAY_MS);
  await certificate.subjectPublicKeyInfo.importKey(pair.publicKey as unknown as CryptoKey);
  await certificate.sign(pair.privateKey as unknown as CryptoKey, "SHA-256");
  const spki = Buffer.from(await webcrypto.subtle.exportKey("spki", pair.publicKey));
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", pair.privateKey));
  return {
    cert: pem("CERTIFICATE", Buffer.from(certificate.toSchema(true).toBER())),
    key: pem("PRIVATE KEY", key),
    spki: createHash("sha256").update(spki).digest("base64"),
  };
}

function pem(kind: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${kind}-----\n${lines.join("\n")}\n-----END ${kind}-----\n`;
}
