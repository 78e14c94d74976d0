import { KOREA_TARGET } from "./clock.ts";
import { LAWS } from "./laws/index.ts";
import type { Jurisdiction } from "./laws/law.ts";
import type { PlaceAddress } from "./place.ts";
import { identityOf, type RecipientCard } from "./recipient.ts";
import { findEntry, type RegistryEntry, reachOf } from "./registry/index.ts";
import { type RouteResult, worksBetter } from "./route-table.ts";

/** Who was found for one place: by the registry, by asking registries of names and numbers, or by hand. Null: nobody. */
export type FoundRecipients = {
  readonly platform: RegistryEntry | null;
  readonly site: RecipientCard | null;
  readonly network: RecipientCard | null;
  readonly host: RecipientCard | null;
  readonly registrar: RecipientCard | null;
};

/** Why a rung stands where it does; the words are the desk's. */
export const RUNG_REASONS = [
  "runs-the-place",
  "carries-the-place",
  "site-silent",
  "site-hostile",
  "last-resort",
  "stops-listing",
  "child-first",
  "after-its-period",
  "needs-nobody-first",
  "works-better",
] as const;
export type RungReason = (typeof RUNG_REASONS)[number];

/** One step of a ladder: whom, and how many hours after the first notice left when nothing came of it. 0: at once, in parallel. */
export type Rung = { readonly card: RecipientCard; readonly afterHours: number; readonly why: RungReason };

export type LadderFacts = {
  readonly address: PlaceAddress;
  /** Unknown age counts as minor. */
  readonly minor: boolean;
  readonly found: FoundRecipients;
  /** Results by recipient alone, as `routeResults(rows, ["recipient"])` gives them, keyed by `identityOf`. */
  readonly results: readonly RouteResult[];
  /** Whether a recipient is himself the threat, or reached through one who is. */
  readonly isHostile: (card: RecipientCard) => boolean;
  /** Whose authorities she can turn to: where the centre is, and where she said she lives. */
  readonly jurisdictions: readonly Jurisdiction[];
};

/** Hours between rungs where no law and nobody's target names any. Ours, no source; measured results shorten them. */
export const WAITS = { host: 24, registrar: 72, search: 24, regulator: 168 } as const;

/** Search engines in the order in which Korean survivors ask for them. */
const SEARCH_KEYS = ["google-search", "naver-search", "daum-search", "bing"] as const;

/**
 * Whom to ask about one place, in order: who runs it, then who carries it; search engines, which only stop listing it; and the
 * authorities. A closed room is asked of its platform alone: what nobody outside can open has no search results, and an order to
 * block what is open to the public does not reach it. Whoever is hostile stands on no ladder, and nobody stands on it twice.
 */
export function ladderOf(facts: LadderFacts): readonly Rung[] {
  const sources = sourcesOf(facts);
  const rungs = [...sources, ...searchesOf(facts, sources), ...authoritiesOf(facts, sources)];
  const seen = new Set<string>();
  const friendly = rungs.filter(({ card }) => {
    const identity = identityOf(card);
    return !facts.isHostile(card) && !seen.has(identity) && seen.add(identity);
  });
  return promote(friendly, facts.results).toSorted((one, other) => one.afterHours - other.afterHours);
}

/** Who can remove it at the source. A listed platform is asked alone: its host and registrar would not switch it off. */
function sourcesOf({ found, isHostile }: LadderFacts): readonly Rung[] {
  const { site, network, host, registrar } = found;
  const listed = found.platform?.card ?? null;
  if (listed?.kind === "platform") return [{ card: listed, afterHours: 0, why: "runs-the-place" }];
  if (listed?.kind === "search") return [{ card: listed, afterHours: 0, why: "stops-listing" }];
  const siteHostile = site !== null && isHostile(site);
  const siteAsked = site !== null && !siteHostile;
  const why = siteHostile ? "site-hostile" : "site-silent";
  const carriers = [listed, network].filter((card) => card !== null);
  return [
    ...(siteAsked ? [{ card: site, afterHours: 0, why: "runs-the-place" as const }] : []),
    ...carriers.map((card): Rung => ({ card, afterHours: 0, why: siteHostile ? why : "carries-the-place" })),
    ...(host === null ? [] : [{ card: host, afterHours: siteAsked ? WAITS.host : 0, why } as const]),
    ...(registrar === null ? [] : [{ card: registrar, afterHours: WAITS.registrar, why: "last-resort" } as const]),
  ];
}

/** At once where the site is nobody's known platform, since such sites seldom answer and searches lead to them. */
function searchesOf({ address, found }: LadderFacts, sources: readonly Rung[]): readonly Rung[] {
  if (reachOf(address) !== "public" || found.platform?.card.kind === "search") return [];
  const afterHours = found.platform === null || sources.length === 0 ? 0 : WAITS.search;
  return SEARCH_KEYS.flatMap((key) => {
    const card = findEntry(key)?.card;
    return card === undefined ? [] : [{ card, afterHours, why: "stops-listing" as const }];
  });
}

/** When an authority takes a complaint about a place, and how long whoever was asked first has before it. */
type Authority = {
  readonly key: string;
  readonly takes: (facts: LadderFacts, first: Jurisdiction | null) => boolean;
  readonly afterHours: (facts: LadderFacts) => number;
  readonly why: (facts: LadderFacts) => RungReason;
};

const livesIn = (country: Jurisdiction) => (facts: LadderFacts) => facts.jurisdictions.includes(country);
/** A bare handle is no place that anybody could look at until somebody says of which service it is. */
const isSomewhere = ({ address, found }: LadderFacts) => address.kind === "url" || found.platform !== null;
const afterItsPeriod = () => "after-its-period" as const;

const AUTHORITIES: readonly Authority[] = [
  {
    // Rules on what is open to the public only; a child's picture goes there at once, else after its own target for platforms.
    key: "kmcsc",
    takes: (facts) => livesIn("kr")(facts) && reachOf(facts.address) !== "closed" && isSomewhere(facts),
    afterHours: (facts) => (facts.minor ? 0 : KOREA_TARGET.hours),
    why: (facts) => (facts.minor ? "child-first" : "after-its-period"),
  },
  {
    // Online Safety Act 2021 s.77: for image abuse the platform need not be asked first.
    key: "esafety",
    takes: livesIn("au"),
    afterHours: () => 0,
    why: () => "needs-nobody-first",
  },
  {
    // Enforces the period of 47 USC 223a against platforms under that law.
    key: "ftc",
    takes: (_facts, first) => first === "us",
    afterHours: () => periodHours("us-tida-223a") ?? WAITS.regulator,
    why: afterItsPeriod,
  },
  {
    // Digital Services Act art. 53: for who is in the Union, about services under its law. It names no hours.
    key: "dsa-coordinator",
    takes: (facts, first) => livesIn("eu")(facts) && first === "eu",
    afterHours: () => WAITS.regulator,
    why: afterItsPeriod,
  },
  {
    // From when the 48-hour duty binds was not found, so that no period is waited out but ours.
    key: "ofcom",
    takes: livesIn("gb"),
    afterHours: () => WAITS.regulator,
    why: afterItsPeriod,
  },
];

/** The hours a ground gives, or null. */
function periodHours(groundId: string): number | null {
  const grounds = Object.values(LAWS).flatMap((table) => table.laws);
  const ground = grounds.find((law) => law.id === groundId);
  if (ground?.kind !== "ground" || ground.period.kind === "none" || ground.period.length !== "hours") return null;
  return ground.period.count;
}

function authoritiesOf(facts: LadderFacts, sources: readonly Rung[]): readonly Rung[] {
  const first = sources[0]?.card.jurisdiction ?? null;
  return AUTHORITIES.filter((authority) => authority.takes(facts, first)).flatMap((authority) => {
    const card = findEntry(authority.key)?.card;
    const afterHours = sources.length === 0 ? 0 : authority.afterHours(facts);
    return card === undefined ? [] : [{ card, afterHours, why: authority.why(facts) }];
  });
}

/**
 * Who can remove at the source and measurably does better than somebody asked before is asked together with that one. Search engines
 * and authorities stay where they are: what they do is not counted as removal.
 */
function promote(rungs: readonly Rung[], results: readonly RouteResult[]): readonly Rung[] {
  const resultOf = ({ card }: Rung) => results.find((result) => result.recipient === identityOf(card));
  const removes = ({ card }: Rung) => card.kind !== "search" && card.kind !== "regulator";
  return rungs.map((rung) => {
    if (!removes(rung)) return rung;
    const beaten = rungs.filter(
      (other) => removes(other) && other.afterHours < rung.afterHours && worksBetter(resultOf(rung), resultOf(other)),
    );
    if (beaten.length === 0) return rung;
    return { ...rung, afterHours: Math.min(...beaten.map((other) => other.afterHours)), why: "works-better" };
  });
}

/** What helps beside notices and needs none. */
export const BESIDES = ["police", "list", "preserve-evidence"] as const;
export type Beside = (typeof BESIDES)[number];

/**
 * What to think of beside the ladder, most pressing first. The police without delay ask provider and board themselves (Act on
 * Special Cases 23-2(1)) and reach closed rooms; the list of fingerprints reaches rooms nobody can point at.
 */
export function besidesOf(facts: Pick<LadderFacts, "address" | "minor">): readonly Beside[] {
  const open = reachOf(facts.address) === "public";
  if (open && !facts.minor) return ["list"];
  return open ? ["police", "list"] : ["police", "list", "preserve-evidence"];
}
