import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCapture } from "./run.ts";

const own = mkdtempSync(join(tmpdir(), "jikim-tls-"));
const at = (name: string) => join(own, name);
let site: ReturnType<typeof createServer>;
let url: string;

beforeAll(async () => {
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", [...made, ...named, "-keyout", at("key.pem"), "-out", at("cert.pem")], { stdio: "ignore" });
  site = createServer({ key: readFileSync(at("key.pem")), cert: readFileSync(at("cert.pem")) }, (_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<p>words over TLS</p>");
  });
  await new Promise<void>((ready) => site.listen(0, "127.0.0.1", ready));
  url = `https://localhost:${(site.address() as AddressInfo).port}/`;
});
afterAll(() => {
  site.close();
  rmSync(own, { recursive: true, force: true });
});

async function captured(more: Readonly<Record<string, string>>) {
  const temp = mkdtempSync(join(tmpdir(), "jikim-tls-run-"));
  try {
    const { status, said, folder } = await runCapture(temp, { url, allowPrivate: true }, undefined, more);
    return {
      status,
      said,
      record: status === 0 ? JSON.parse(readFileSync(join(folder, "record.json"), "utf8")) : null,
    };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

test("of a site over TLS its own certificate is recorded, not the one that the browser was shown", async () => {
  const { status, record } = await captured({ NODE_EXTRA_CA_CERTS: at("cert.pem") });
  expect(status).toBe(0);
  const { fingerprint256 } = new X509Certificate(readFileSync(at("cert.pem")));
  expect(record.addresses).toMatchObject([
    { ip: "127.0.0.1", tls: { protocol: "TLSv1.3", chain: [{ fingerprint256 }] } },
  ]);
  expect(record.resources[0]).toMatchObject({ url, status: 200, kept: true });
});

test("a site whose certificate nobody vouches for is not captured", async () => {
  expect(await captured({})).toMatchObject({ status: 2, said: { error: { code: "NOTHING_CAME" } } });
});
