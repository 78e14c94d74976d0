import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { Tls } from "./record.ts";

/** A site's certificates, from its own to the root that we trust. */
export function tlsOf(socket: TLSSocket): Tls {
  const chain: Tls["chain"] = [];
  const seen = new Set<string>();
  let each: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (each?.fingerprint256 && !seen.has(each.fingerprint256)) {
    seen.add(each.fingerprint256);
    const { fingerprint256 } = each;
    chain.push({ subject: nameOf(each.subject), issuer: nameOf(each.issuer), fingerprint256 });
    each = each.issuerCertificate;
  }
  return { protocol: socket.getProtocol() ?? "", chain };
}

function nameOf(name: object): string {
  return Object.entries(name)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(", ")
    .slice(0, 500);
}
