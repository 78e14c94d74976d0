import type { LookupAddress } from "node:dns";
import { lookup, Resolver } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";
import { openTunnel, ProxyDown } from "./tunnel.ts";

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** A name that its name server does not know, or gives only addresses that may not be reached. */
export class NameMissing extends Error {
  override readonly name = "NameMissing";
}

const systemResolve: Resolve = (host) => lookup(host, { all: true });

const NAME_MS = 4000;
const NAME_TRIES = 2;

/**
 * Asks one name server, so that a country that blocks by its name servers shows it. The question goes there from this machine, not
 * through the proxy. Throws as the system's resolver does; where one family of addresses failed and the other is missing, it failed.
 */
export function resolveAt(nameServer: string): Resolve {
  const resolver = new Resolver({ timeout: NAME_MS, tries: NAME_TRIES });
  resolver.setServers([nameServer]);
  return async (host) => {
    const asked = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = asked.flatMap((one, at) =>
      one.status === "fulfilled" ? one.value.map((address) => ({ address, family: at === 0 ? 4 : 6 })) : [],
    );
    const errors = asked.flatMap((one) => (one.status === "rejected" ? [one.reason as NodeJS.ErrnoException] : []));
    if (found.length === 0) throw errors.find((error) => !isMissing(error)) ?? new NameMissing();
    return found;
  };
}

/** A host one of whose addresses may not be reached. */
class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

const CONNECT_MS = 10_000;

export type Reach = {
  /** Which IP addresses may be reached: `isPublicAddress`, unless an operator allows more. */
  readonly isAllowed: (address: string) => boolean;
  readonly resolve?: Resolve;
  /** URL of a proxy through which everything goes; it is the operator's own and may have a private address. */
  readonly proxy?: string | null;
  /** Called when the proxy itself was not there, so that nobody looked. */
  readonly onDown?: () => void;
};

/**
 * The addresses of a host that may be reached, at least one.
 * @throws {NameMissing} when there is no such name, or none of its addresses may be reached: so answers a name server that blocks.
 * @throws {AddressRefused} when one of them may not: one private address among public ones is an attack or a mistake, and neither
 * is followed.
 */
export async function resolveAllowed(host: string, { isAllowed, resolve = systemResolve }: Reach) {
  // A literal address is never looked up. The host comes from the URL parser, so 0x7f.1 and 2130706433 are 127.0.0.1 here.
  const literal = host.replace(/^\[|\]$/g, "");
  const family = isIP(literal);
  const found = family === 0 ? await resolve(literal).catch(rethrowMissing) : [{ address: literal, family }];
  if (family === 0 && !found.some(({ address }) => isAllowed(address))) throw new NameMissing();
  const [first, ...more] = found;
  if (first === undefined || !found.every(({ address }) => isAllowed(address))) throw new AddressRefused();
  return [first, ...more] as const;
}

/** "No such name" and "no address of it"; a name server that fails or says nothing has other codes. */
function isMissing({ code }: NodeJS.ErrnoException): boolean {
  return code === "ENOTFOUND" || code === "ENODATA";
}

function rethrowMissing(error: NodeJS.ErrnoException): never {
  throw isMissing(error) ? new NameMissing() : error;
}

/**
 * A connection pool for one check. A name is resolved once, right before connecting, and the connection goes to the very address
 * that was looked at, also through a proxy: a second answer of the name server cannot lead elsewhere. No cookies, no state between
 * checks.
 */
export function openPool(reach: Reach): Agent {
  const lookupAllowed: LookupFunction = (host, options, done) => {
    void resolveAllowed(host, reach).then(
      (found) => (options.all ? done(null, [...found]) : done(null, found[0].address, found[0].family)),
      (error: NodeJS.ErrnoException) => done(error, "", 0),
    );
  };
  const connector = buildConnector({ timeout: CONNECT_MS, lookup: lookupAllowed } as buildConnector.BuildOptions);
  const { proxy = null } = reach;
  return new Agent({
    connect: (options, done) => {
      if (proxy !== null) return void throughProxy({ proxy, reach, connector }, options, done);
      const literal = options.hostname.replace(/^\[|\]$/g, "");
      if (isIP(literal) !== 0 && !reach.isAllowed(literal)) return done(new AddressRefused(), null);
      connector(options, done);
    },
    pipelining: 1,
    maxHeaderSize: 32 * 1024,
    headersTimeout: CONNECT_MS,
    bodyTimeout: CONNECT_MS,
  });
}

/** Names are still resolved here, and the tunnel is asked for by number; TLS is spoken with the host at its end. */
async function throughProxy(
  way: { readonly proxy: string; readonly reach: Reach; readonly connector: buildConnector.connector },
  options: buildConnector.Options,
  done: buildConnector.Callback,
): Promise<void> {
  const { proxy, reach, connector } = way;
  try {
    const found = await resolveAllowed(options.hostname, reach);
    // A proxy abroad is likelier to have IPv4 than IPv6.
    const { address } = found.find(({ family }) => family === 4) ?? found[0];
    const isTls = options.protocol === "https:";
    const httpSocket = await openTunnel(proxy, { address, port: Number(options.port || (isTls ? 443 : 80)) });
    if (isTls) connector({ ...options, httpSocket }, done);
    else done(null, httpSocket);
  } catch (error) {
    if (error instanceof ProxyDown) reach.onDown?.();
    done(error instanceof Error ? error : new AddressRefused(), null);
  }
}
