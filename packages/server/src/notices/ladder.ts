import {
  type FoundRecipients,
  findEntry,
  findInRegistry,
  identityOf,
  JURISDICTIONS,
  type Jurisdiction,
  ladderOf,
  type PlaceAddress,
  type RecipientCard,
  type RegistryEntry,
  type RungReason,
  reachOf,
  type SilentRecipient,
} from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { findHosts, type KnownHost } from "../places/find.ts";
import { measuredByRecipient } from "../results/measured.ts";
import { findPlatformIds } from "../store/platform.ts";
import { findKept, findThreatKeys, findTold, keepRecipient, type Recipient } from "../store/recipient.ts";
import { reachedKeys } from "../store/recipient-card.ts";
import { ownerOf } from "./owner.ts";
import type { CaseFacts, Reach } from "./writing.ts";

/** One step of the way for one place. */
export type Step = { readonly recipientId: string; readonly afterHours: number; readonly why: RungReason };

/** Whom to ask about one place, soonest first. */
export type PlaceLadder = {
  readonly reach: Reach;
  readonly steps: readonly Step[];
  /** A host or a registrar that it should have and that is not known, with why. */
  readonly silent: readonly SilentRecipient[];
  /** Directories are still being asked. */
  readonly asking: boolean;
};

/**
 * The ladders of places: from the registry, from recipients told by hand, and from what directories said of their hosts. Whoever is
 * found is kept. Call it outside a transaction: what is not known is asked for.
 */
export async function findLadders(
  jikim: Jikim,
  facts: CaseFacts,
  addresses: readonly PlaceAddress[],
): Promise<readonly PlaceLadder[]> {
  const told = await whoWasTold(jikim);
  const isHostile = await hostility(jikim, told);
  const [keep, seek] = [keeper(jikim, facts.now, told), seeker(jikim, told)];
  const results = await measuredByRecipient(jikim);
  const ladders: PlaceLadder[] = [];
  for (const address of addresses) {
    const { found, silent, asking } = await seek(address);
    const rungs = ladderOf({
      ...{ address, minor: facts.minor, found, results, isHostile },
      jurisdictions: jurisdictionsOf(facts),
    });
    const steps: Step[] = [];
    for (const { card, afterHours, why } of rungs) steps.push({ recipientId: await keep(card), afterHours, why });
    ladders.push({ reach: reachOf(address), steps, silent, asking });
  }
  return ladders;
}

/** Recipients told by hand, and which of them take the list. */
type Told = { readonly recipients: readonly Recipient[]; readonly platforms: ReadonlySet<string> };

async function whoWasTold({ db, vault }: Jikim): Promise<Told> {
  return { recipients: await findTold(db, vault), platforms: await findPlatformIds(db) };
}

async function hostility({ db, vault }: Jikim, told: Told): Promise<(card: RecipientCard) => boolean> {
  const threats = await findThreatKeys(db);
  const marked = new Set(told.recipients.filter(({ hostile }) => hostile).map(({ card }) => card));
  return (card) =>
    marked.has(card) || reachedKeys(vault, { card, hosts: [] }).some((key) => threats.has(key.toString("hex")));
}

type Sought = Pick<PlaceLadder, "silent" | "asking"> & { readonly found: FoundRecipients };

const NO_HOST: KnownHost = { network: null, host: null, registrar: null, silent: [], asking: false };

/** Looks up each host once. A listed platform is asked alone, and no directory is told of a place on it. */
function seeker(jikim: Jikim, { recipients, platforms }: Told): (address: PlaceAddress) => Promise<Sought> {
  const hosts = new Map<string, KnownHost>();
  const hostOf = async (address: PlaceAddress) => {
    const key = URL.canParse(address.text) ? new URL(address.text).hostname : address.text;
    const known = hosts.get(key) ?? (await findHosts(jikim, address));
    hosts.set(key, known);
    return known;
  };
  return async (address) => {
    const own = ownerOf(address, recipients);
    const takesList = own !== null && !own.hostile && platforms.has(own.id);
    const platform = takesList ? entryOf(own) : findInRegistry(address);
    const listed = platform?.card.kind === "platform" || platform?.card.kind === "search";
    const { silent, asking, ...carriers } = listed ? NO_HOST : await hostOf(address);
    return { found: { platform, site: takesList ? null : (own?.card ?? null), ...carriers }, silent, asking };
  };
}

/** A platform that takes our list stands where the registry's row would. */
function entryOf({ id, card, hosts }: Recipient): RegistryEntry {
  return {
    ...{ key: id, hosts, paths: null, rooms: { closed: [], unknown: [] }, card, ways: [] },
    ...{ demands: [], besides: [] },
    source: { where: "told by hand", asOf: "", mark: "general" },
  };
}

/** The id of each recipient on a ladder; one that is new is kept. */
function keeper({ db, vault }: Jikim, now: Temporal.Instant, { recipients }: Told) {
  const told = new Map(recipients.map(({ card, id }) => [card, id]));
  const kept = new Map<string, string>();
  return async (card: RecipientCard): Promise<string> => {
    const identity = identityOf(card);
    const known = told.get(card) ?? kept.get(identity);
    if (known !== undefined) return known;
    const entry = card.registryKey === null ? null : findEntry(card.registryKey);
    const found = { card, hosts: entry?.hosts ?? [], foundBy: entry === null ? "rdap" : "registry" } as const;
    const id =
      (await findKept(db, vault, found)) ??
      (await db.transaction().execute((tx) => keepRecipient(tx, vault, found, now)));
    kept.set(identity, id);
    return id;
  };
}

/** Whose authorities she can turn to: the centre's, and where she said she lives. */
function jurisdictionsOf({ stated, home }: CaseFacts): readonly Jurisdiction[] {
  const said = new Set<string>(stated.statements.map(({ what }) => what));
  const hers = JURISDICTIONS.filter((jurisdiction) => said.has(`is-in-${jurisdiction}`));
  return [...new Set<Jurisdiction>([home, ...hers])];
}
