import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Operator, Site } from "./world.ts";

/** Invented directories of names and numbers on this machine (RFC 9083, RFC 9224), and IANA's files that lead to them. */
export type Directory = { readonly files: string; close(): Promise<void> };

export async function openDirectory(sites: readonly Site[]): Promise<Directory> {
  const server = createServer(({ url = "/" }, response) => {
    const found = say(url, sites, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    response.writeHead(found === null ? 404 : 200, { "content-type": "application/rdap+json" });
    response.end(JSON.stringify(found ?? { errorCode: 404 }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    files: `http://127.0.0.1:${port}/iana/`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function say(url: string, sites: readonly Site[], origin: string): object | null {
  const file = (keys: readonly string[], at: string) => ({
    ...{ version: "1.0", publication: "2026-01-01T00:00:00Z" },
    services: [[keys, [`${origin}${at}`]]],
  });
  if (url === "/iana/dns.json") return file(["example"], "/names/");
  if (url === "/iana/ipv4.json") return file(["192.0.2.0/24", "198.51.100.0/24"], "/numbers/");
  const [, kind, name] = /^\/(names\/domain|numbers\/ip)\/(.+)$/.exec(url) ?? [];
  const site = sites.find(({ host, address }) => name === host || name === address);
  if (kind === undefined || site === undefined) return null;
  if (kind === "names/domain")
    return (
      site.registrar && {
        objectClassName: "domain",
        ldhName: site.host,
        entities: [holder(site.registrar, "registrar")],
      }
    );
  return (
    site.carrier && {
      ...{ objectClassName: "ip network", startAddress: site.address, endAddress: site.address },
      ...{ name: "INVENTED", entities: [holder(site.carrier, "registrant")] },
    }
  );
}

function holder({ key, mail }: Operator, role: string): object {
  const card = (name: string, ...more: readonly unknown[]) => [
    "vcard",
    [["version", {}, "text", "4.0"], ["fn", {}, "text", name], ...more],
  ];
  const abuse = {
    ...{ objectClassName: "entity", roles: ["abuse"] },
    vcardArray: card("Abuse desk", ["email", {}, "text", mail]),
  };
  const country = ["adr", {}, "text", ["", "", "1 Road", "Town", "", "", "DE"]];
  return { objectClassName: "entity", roles: [role], vcardArray: card(`Invented ${key}`, country), entities: [abuse] };
}
