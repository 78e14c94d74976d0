import { between, type Chance } from "./chance.ts";

/** How somebody who can remove things deals with notices. */
export const MANNERS = ["prompt", "slow", "refusing", "bouncing", "silent", "re-uploading"] as const;
export type Manner = (typeof MANNERS)[number];

/** feed: reads the centre's feed and answers over HTTP · mail: is written to. */
export type Operator = {
  readonly key: string;
  readonly manner: Manner;
  readonly way: "feed" | "mail";
  readonly mail: string;
};

/** One site with the host name of its pages. `site`: who runs it; null: nobody knows, so its host is asked. */
export type Site = {
  readonly host: string;
  readonly site: Operator | null;
  readonly carrier: Operator | null;
  readonly registrar: Operator | null;
  /** What directories say its address is; a network of documentation (RFC 5737). */
  readonly address: string;
};

export type WorldPlace = {
  readonly number: number;
  readonly site: Site;
  /** Epoch milliseconds from when on it is not there, and from when on it is there again. */
  goneAt: number | null;
  backAt: number | null;
  /** When the first of it went, for the figures. */
  firstGoneAt: number | null;
};

export type WorldCase = { readonly number: number; readonly arrivesAt: number; readonly places: readonly WorldPlace[] };

export type World = {
  readonly sites: readonly Site[];
  readonly operators: ReadonlyMap<string, Operator>;
  readonly cases: readonly WorldCase[];
  readonly places: readonly WorldPlace[];
};

export type WorldOptions = {
  readonly cases: number;
  readonly days: number;
  /** Epoch milliseconds. */
  readonly from: number;
};

/** Korea's centre, 2024: 300,237 removals for 10,305 people (ministry's press release of 10 April 2025), so about 29 each. */
const MEAN_PLACES = 29;
const MOST_PLACES = 200;
/** Spread of the logarithm of places of a case: half of the cases have under 16, one in twenty over 95. Ours, no source. */
const SPREAD = 1.1;
/** What the cap at MOST_PLACES takes off the mean is given back. */
const CAP_LOSS = 1.06;
/** Share of the time in which reports come; the rest lets the last ones be followed. */
export const ARRIVALS = 0.8;

export const HOUR_MS = 3_600_000;

/** How the sites are run: the platforms first; each is used twice as often as the one after the next. Ours, no source. */
const PLATFORMS: readonly (readonly [Manner, Operator["way"]])[] = [
  ["prompt", "feed"],
  ["prompt", "feed"],
  ["slow", "mail"],
  ["prompt", "mail"],
  ["re-uploading", "feed"],
  ["slow", "feed"],
  ["silent", "mail"],
  ["refusing", "mail"],
  ["prompt", "feed"],
  ["re-uploading", "mail"],
  ["slow", "mail"],
  ["bouncing", "mail"],
];
/** Who carries the sites that nobody runs by name. */
const CARRIERS: readonly Manner[] = ["prompt", "slow", "refusing", "silent", "bouncing", "prompt"];
/** Of the places, the share that lies on such sites. Ours, no source. */
const UNLISTED_SHARE = 0.15;

export function makeWorld(chance: Chance, options: WorldOptions): World {
  const listed = PLATFORMS.map(([manner, way], at): Site => {
    const site = { key: `platform-${at}`, manner, way, mail: `safety@platform-${at}.example` };
    return { host: `platform-${at}.example`, site, carrier: null, registrar: null, address: `192.0.2.${at + 1}` };
  });
  const registrar: Operator = { key: "registrar", manner: "slow", way: "mail", mail: "abuse@names-registrar.example" };
  const unlisted = CARRIERS.map((manner, at): Site => {
    const carrier: Operator = { key: `carrier-${at}`, manner, way: "mail", mail: `abuse@carrier-${at}.example` };
    return { host: `board-${at}.example`, site: null, carrier, registrar, address: `198.51.100.${at + 1}` };
  });
  const sites = [...listed, ...unlisted];
  const operators = new Map(
    sites
      .flatMap(({ site, carrier, registrar: last }) => [site, carrier, last])
      .filter((one) => one !== null)
      .map((one) => [one.mail, one]),
  );
  const places: WorldPlace[] = [];
  const cases = Array.from({ length: options.cases }, (_, number): WorldCase => {
    const arrivesAt = Math.round(options.from + chance("arrives", number) * options.days * ARRIVALS * 24 * HOUR_MS);
    const of = sitesOf(chance, number, { listed, unlisted });
    const its = Array.from({ length: countPlaces(chance, number) }, (_each, at): WorldPlace => {
      const site = pick(of, chance("site", number, at));
      return { number: places.length + at, site, goneAt: null, backAt: null, firstGoneAt: null };
    });
    places.push(...its);
    return { number, arrivesAt, places: its };
  });
  return { sites, operators, cases: cases.toSorted((a, b) => a.arrivesAt - b.arrivesAt), places };
}

/** Logarithms are spread normally (Box and Muller). */
function countPlaces(chance: Chance, number: number): number {
  const normal =
    Math.sqrt(-2 * Math.log(1 - chance("count", number, 1))) * Math.cos(2 * Math.PI * chance("count", number, 2));
  const middle = Math.log(MEAN_PLACES * CAP_LOSS) - SPREAD ** 2 / 2;
  return Math.max(1, Math.min(MOST_PLACES, Math.round(Math.exp(middle + SPREAD * normal))));
}

/** A case is spread over two or three sites: who posts goes back to where it worked. Ours, no source. */
function sitesOf(
  chance: Chance,
  number: number,
  { listed, unlisted }: { readonly listed: readonly Site[]; readonly unlisted: readonly Site[] },
): readonly Site[] {
  const count = 2 + Math.floor(chance("sites", number) * 2);
  return Array.from({ length: count }, (_, at) => {
    const from = chance("listed", number, at) < UNLISTED_SHARE ? unlisted : listed;
    return pick(from, chance("which", number, at) ** 2);
  });
}

function pick<T>(from: readonly T[], chance: number): T {
  const found = from[Math.min(from.length - 1, Math.floor(chance * from.length))];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}

/** What an operator does about one place that it is asked about; hours count from the notice. */
export type Reaction = {
  readonly removesAfter: number | null;
  /** It is uploaded again so many hours after it went. */
  readonly backAfter: number | null;
};

/** Hours until it is removed, and how likely that is. Ours: the manners are to be told apart, no source. */
const REMOVALS: Readonly<Record<Manner, { readonly hours: readonly [number, number]; readonly share: number }>> = {
  prompt: { hours: [0.5, 8], share: 0.98 },
  slow: { hours: [24, 120], share: 0.9 },
  refusing: { hours: [0, 0], share: 0 },
  bouncing: { hours: [0, 0], share: 0 },
  silent: { hours: [48, 240], share: 0.3 },
  "re-uploading": { hours: [1, 12], share: 0.95 },
};
const BACK = { hours: [72, 240], share: 0.15 } as const;

/** The same for the same place and operator, whoever asks and however: by hand and by Jikim can be compared. */
export function reactionOf(chance: Chance, { key, manner }: Operator, place: number): Reaction {
  const { hours, share } = REMOVALS[manner];
  if (chance("removes", key, place) >= share) return { removesAfter: null, backAfter: null };
  const returns = manner === "re-uploading" && chance("returns", place) < BACK.share;
  return {
    removesAfter: between(chance("removes-after", key, place), hours),
    backAfter: returns ? between(chance("back-after", place), BACK.hours) : null,
  };
}

/** Whether a place can be seen at a moment. */
export function isThere({ goneAt, backAt }: WorldPlace, at: number): boolean {
  return goneAt === null || at < goneAt || (backAt !== null && at >= backAt);
}

/** An operator removes a place, unless somebody does so sooner. What came back and goes again is gone for good. */
export function removePlace(place: WorldPlace, { removesAfter, backAfter }: Reaction, at: number): void {
  if (removesAfter === null || !isThere(place, at)) return;
  const goneAt = Math.round(at + removesAfter * HOUR_MS);
  const again = place.backAt !== null;
  if (!again && place.goneAt !== null && place.goneAt <= goneAt) return;
  place.goneAt = goneAt;
  if (again) place.backAt = null;
  else {
    place.firstGoneAt = goneAt;
    place.backAt = backAfter === null ? null : Math.round(goneAt + backAfter * HOUR_MS);
  }
}
