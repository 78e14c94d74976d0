import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A timestamp authority on this machine: `openssl ts`, under a root of its own. */
export type TestAuthority = {
  readonly folder: string;
  /** PEM. */
  readonly root: string;
  /** Stamps a request with one of its certificates; the answer in DER. */
  answer(request: Uint8Array, options?: { readonly policy?: string; readonly days?: number }): Uint8Array;
  /** Key and certificate under the root, by what the certificate may be used for, of an organisation where one is named. */
  issue(name: string, usage: string, organisation?: string): { readonly key: string; readonly certificate: string };
  /** Whether `openssl ts -verify` believes an answer about these bytes. */
  believes(answer: Uint8Array, data: Uint8Array): boolean;
  remove(): void;
};

export const POLICY = "1.3.6.1.4.1.99999.1";

const SETTINGS = `
[req]
distinguished_name = none
[none]
[tsa]
dir = .
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = root.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = ${POLICY}
other_policies = 1.3.6.1.4.1.99999.2
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;

export function openAuthority(): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), "jikim-tsa-"));
  const openssl = (...words: string[]) =>
    execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  writeFileSync(join(folder, "settings"), SETTINGS);
  writeFileSync(join(folder, "serial"), "01\n");
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const rootWords = ["-x509", "-days", "3650", "-subj", "/CN=Invented root", "-keyout", "root.key", "-out", "root.pem"];
  openssl("req", ...curve, ...rootWords);
  const issue = (name: string, usage: string, organisation?: string) => {
    const subject = `${organisation === undefined ? "" : `/O=${organisation}`}/CN=Invented ${name}`;
    writeFileSync(join(folder, `${name}.ext`), usage);
    openssl("req", ...curve, "-subj", subject, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    const signed = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "3650"];
    openssl("x509", "-req", "-in", `${name}.csr`, ...signed, "-extfile", `${name}.ext`, "-out", `${name}.pem`);
    const text = (end: string) => readFileSync(join(folder, `${name}.${end}`), "utf8");
    return { key: text("key"), certificate: text("pem") };
  };
  issue("tsa", "extendedKeyUsage = critical, timeStamping");
  return {
    folder,
    root: readFileSync(join(folder, "root.pem"), "utf8"),
    issue,
    answer(request, { policy } = {}) {
      writeFileSync(join(folder, "request"), request);
      const words = [
        "ts",
        "-reply",
        "-queryfile",
        "request",
        "-config",
        "settings",
        "-section",
        "tsa",
        "-out",
        "answer",
      ];
      openssl(...words, ...(policy === undefined ? [] : ["-tspolicy", policy]));
      return new Uint8Array(readFileSync(join(folder, "answer")));
    },
    believes(answer, data) {
      writeFileSync(join(folder, "given"), answer);
      writeFileSync(join(folder, "data"), data);
      try {
        openssl("ts", "-verify", "-in", "given", "-data", "data", "-CAfile", "root.pem");
        return true;
      } catch {
        return false;
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
