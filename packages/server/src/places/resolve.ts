import { lookup } from "node:dns/promises";
import { canaryOf } from "@jikim/casework";
import { getPublicSuffix } from "tldts";
import { isPublicAddress } from "../checks/address.ts";
import { openPool, type Resolve } from "../checks/connect.ts";
import type { Jikim } from "../jikim.ts";
import type { HostAnswer } from "../store/host-lookup.ts";
import { findRdapAnswer, pauseServer, type RdapFileName, saveRdapAnswer, takeTurn } from "../store/rdap.ts";
import { loadBootstrap } from "./bootstrap-file.ts";
import { byHandOfDomain } from "./by-hand.ts";
import type { Host } from "./host.ts";
import { type HostingPart, knownHosting, seekHosting, silent } from "./hosting.ts";
import { blockOf } from "./network.ts";
import type { Access } from "./rdap.ts";
import type { Sought } from "./recipient.ts";
import { type RegistrarPart, seekRegistrar } from "./registrar.ts";

/** What directories said of a host; `at`: when they want to be asked again, where something is still open. */
export type Resolved = { readonly answer: HostAnswer; readonly open: boolean; readonly at: Temporal.Instant | null };

const RESOLVE_MS = 60_000;
/** Days for which a directory's answer is kept. */
const KEPT_DAYS = 7;

/**
 * Asks directories who hosts a host and who registered its name.
 * @param resolve  how names are looked up; tests give their own.
 */
export async function resolveHost(jikim: Jikim, host: Host, resolve: Resolve = systemResolve): Promise<Resolved> {
  const isAllowed = jikim.config.allowPrivateAddresses ? () => true : isPublicAddress;
  const pool = openPool({ isAllowed, resolve });
  const search: Search = { jikim, resolve, isAllowed, access: openAccess(jikim, pool) };
  try {
    const [hosting, registrar] = await Promise.all([soughtHosting(host, search), soughtRegistrar(host, search)]);
    const both = [hosting, registrar].flatMap((one) => (one.kind === "unsettled" ? [one.at] : []));
    const { network, host: hostCard } = hosting.part;
    const open = [hosting.part.silent, registrar.part.silent].filter((one) => one !== null);
    return {
      answer: { network, host: hostCard, registrar: registrar.part.registrar, silent: open },
      open: both.length > 0,
      at: both.flatMap((at) => (at === null ? [] : [at])).toSorted(Temporal.Instant.compare)[0] ?? null,
    };
  } finally {
    await pool.destroy();
  }
}

const systemResolve: Resolve = (name) => lookup(name, { all: true });

type Search = {
  readonly jikim: Jikim;
  readonly access: Access;
  readonly resolve: Resolve;
  readonly isAllowed: (address: string) => boolean;
};

function openAccess({ db, vault, config, now }: Jikim, pool: Access["pool"]): Access {
  return {
    pool,
    protocols: config.allowPrivateAddresses ? ["https:", "http:"] : ["https:"],
    signal: AbortSignal.timeout(RESOLVE_MS),
    takeTurn: (server) => takeTurn(db, vault, server, now()),
    leaveAlone: async (server, seconds) => {
      const until = now().add({ seconds });
      await pauseServer(db, vault, server, until);
      return until;
    },
  };
}

async function soughtRegistrar(host: Host, search: Search): Promise<Sought<RegistrarPart>> {
  const domain = host.kind === "name" ? host.domain : null;
  if (domain === null) return { kind: "settled", part: { registrar: null, silent: null } };
  const subject = `domain ${domain}`;
  const kept = (await recall(search, subject)) as RegistrarPart | null;
  if (kept !== null) return { kind: "settled", part: kept };
  const bootstrap = await bootstrapOf("dns", search);
  if (bootstrap === null) {
    const open = { kind: "registrar", why: "cannot-tell", byHand: byHandOfDomain(domain) } as const;
    return { kind: "unsettled", part: { registrar: null, silent: open }, at: null };
  }
  const sought = await seekRegistrar(domain, bootstrap, search.access);
  if (sought.kind === "settled") await remember(search, subject, sought.part);
  return sought;
}

async function soughtHosting(host: Host, search: Search): Promise<Sought<HostingPart>> {
  if (mayBeHers(host)) return { kind: "settled", part: silent("may-be-hers") };
  const addresses = await addressesOf(host, search);
  if (addresses === null) return { kind: "unsettled", part: silent("unresolved"), at: null };
  if (addresses.length === 0 || !addresses.every(search.isAllowed))
    return { kind: "settled", part: silent(addresses.length === 0 ? "unresolved" : "not-public") };
  for (const address of addresses) {
    const known = knownHosting(address);
    if (known !== null) return { kind: "settled", part: known };
  }
  const firsts = [addresses.find(isIPv4), addresses.find((one) => !isIPv4(one))].filter((one) => one !== undefined);
  let last: Sought<HostingPart> = { kind: "settled", part: silent("unresolved") };
  for (const address of firsts) {
    last = await soughtAddress(address, search);
    if (last.part.host !== null || last.part.network !== null || last.kind === "unsettled") return last;
  }
  return last;
}

const isIPv4 = (address: string) => !address.includes(":");

async function soughtAddress(address: string, search: Search): Promise<Sought<HostingPart>> {
  const subjects = [`network ${address}`, `network ${blockOf(address)}`] as const;
  for (const subject of subjects) {
    const kept = (await recall(search, subject)) as HostingPart | null;
    if (kept !== null) return { kind: "settled", part: kept };
  }
  const bootstrap = await bootstrapOf(isIPv4(address) ? "ipv4" : "ipv6", search);
  if (bootstrap === null) return { kind: "unsettled", part: silent("cannot-tell"), at: null };
  const sought = await seekHosting(address, bootstrap, search.access);
  if (sought.kind === "settled") await remember(search, subjects[sought.wholeBlock ? 1 : 0], sought.part);
  return sought;
}

/** Asking a name server for a name that was made for one person tells its owner that she told somebody. */
function mayBeHers(host: Host): boolean {
  if (host.kind === "address" || host.name === host.domain) return false;
  // Names under a shared suffix, such as a delivery network's, are answered for by the network itself.
  const suffix = getPublicSuffix(host.name, { allowPrivateDomains: true });
  if (suffix !== getPublicSuffix(host.name, { allowPrivateDomains: false })) return false;
  return canaryOf({ kind: "url", text: `https://${host.name}/` }) !== null;
}

/** All addresses of a host; none when the name has none, null when nobody could tell. */
async function addressesOf(host: Host, { resolve }: Search): Promise<readonly string[] | null> {
  if (host.kind === "address") return [host.address];
  try {
    return (await resolve(host.name)).map(({ address }) => address);
  } catch (error) {
    return error instanceof Error && "code" in error && NO_NAME.has(String(error.code)) ? [] : null;
  }
}

/** Codes of node:dns for a name that is not there, or has no address. */
const NO_NAME: ReadonlySet<string> = new Set(["ENOTFOUND", "ENODATA"]);

function bootstrapOf(name: RdapFileName, { jikim, access }: Search) {
  return loadBootstrap(name, { db: jikim.db, access, base: jikim.config.rdapFiles, now: jikim.now() });
}

function recall({ jikim }: Search, subject: string): Promise<unknown> {
  return findRdapAnswer(jikim.db, jikim.vault, subject, jikim.now());
}

function remember({ jikim }: Search, subject: string, answer: unknown): Promise<void> {
  const expiresAt = jikim.now().add({ hours: 24 * KEPT_DAYS });
  return saveRdapAnswer(jikim.db, jikim.vault, subject, { answer, expiresAt });
}
