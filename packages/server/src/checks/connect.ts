import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

const systemResolve: Resolve = (host) => lookup(host, { all: true });

/** A host one of whose addresses may not be reached. */
class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

const CONNECT_MS = 10_000;

export type Reach = {
  /** Which IP addresses may be reached: `isPublicAddress`, unless an operator allows more. */
  readonly isAllowed: (address: string) => boolean;
  readonly resolve?: Resolve;
};

/**
 * A connection pool for one check. A name is resolved once, right before connecting, and the connection goes to the very address
 * that was looked at: a second answer of the name server cannot lead elsewhere. No cookies, no state between checks.
 */
export function openPool({ isAllowed, resolve = systemResolve }: Reach): Agent {
  const lookupAllowed: LookupFunction = (host, options, done) => {
    void resolve(host).then(
      (found) => {
        const [first] = found;
        // One private address among public ones is an attack or a mistake: neither is followed.
        if (first === undefined || !found.every(({ address }) => isAllowed(address))) done(new AddressRefused(), "", 0);
        else if (options.all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, "", 0),
    );
  };
  const connector = buildConnector({ timeout: CONNECT_MS, lookup: lookupAllowed } as buildConnector.BuildOptions);
  return new Agent({
    connect: (options, done) => {
      // A literal address is never looked up. `hostname` comes from the URL parser, so 0x7f.1 and 2130706433 are 127.0.0.1 here.
      const literal = options.hostname.replace(/^\[|\]$/g, "");
      if (isIP(literal) !== 0 && !isAllowed(literal)) return done(new AddressRefused(), null);
      connector(options, done);
    },
    pipelining: 1,
    maxHeaderSize: 32 * 1024,
    headersTimeout: CONNECT_MS,
    bodyTimeout: CONNECT_MS,
  });
}
