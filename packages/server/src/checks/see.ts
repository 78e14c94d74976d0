import { createHash } from "node:crypto";
import type { Sight } from "@jikim/casework";
import type { Fingerprint } from "@jikim/fingerprint";
import type { Agent } from "undici";
import type { Browse, Browsed } from "./browser/browse.ts";
import { openPool, type Reach } from "./connect.ts";
import type { Decoder } from "./decoder/process.ts";
import type { Answers } from "./decoder/wire.ts";
import { type Answered, type FetchFailure, look } from "./fetch.ts";
import { type MediaSight, matchMedia } from "./match.ts";
import { conclude, type Found, type Memory, type Seen, seeGone } from "./memory.ts";
import { seeResults } from "./results.ts";

/** What is looked at, and for what. */
export type Sought = {
  readonly address: string;
  /** The fingerprints of each item. */
  readonly families: readonly (readonly Fingerprint[])[];
  /** False: no body is asked for, so that no picture of a child is ever sent to us; only "gone" can be seen. */
  readonly mayFetchMedia: boolean;
  /** The links that search results are looked through for, when the place is such a page; else null. */
  readonly targets: readonly string[] | null;
};

/** What a look works with. `sights` holds what the same bytes showed before, so that vantages do not decode them again. */
export type Tools = {
  readonly decoder: Decoder;
  readonly sights: Map<string, MediaSight>;
  readonly memory: Memory | null;
  /** null: this machine has no browser. */
  readonly browse: Browse | null;
};

const PAGE_BYTES = 5 << 20;
const PICTURE_BYTES = 25 << 20;
const FILM_BYTES = 96 << 20;
const MOST_PICTURES = 30;
const MOST_FILMS = 3;
const LOOK_MS = 120_000;

type Glance = {
  readonly pool: Agent;
  readonly reach: Reach;
  readonly signal: AbortSignal;
  readonly sought: Sought;
  readonly tools: Tools;
};

/**
 * Looks at a place once, from one vantage. Only what was seen counts: "gone" when the place itself says so, or when the item was seen
 * there before and now everything on it was looked at and none of it is the item; whatever stays open is "unclear".
 */
export async function seeFrom(sought: Sought, reach: Reach, tools: Tools): Promise<Seen> {
  let isDown = false;
  const onDown = () => {
    isDown = true;
  };
  const way = { ...reach, onDown };
  const pool = openPool(way);
  const glance = { pool, reach: way, signal: AbortSignal.timeout(LOOK_MS), sought, tools };
  try {
    const seen = (await seeAgain(glance)) ?? (await seeAnew(glance));
    // What stayed open while our own way was down is open for that reason, and what was known of the place stays known.
    const isOpen = seen.saw === "unclear" || seen.saw === "unreached" || seen.saw === "no-answer";
    return isDown && isOpen ? { saw: "no-answer", memory: tools.memory } : seen;
  } finally {
    await pool.destroy();
  }
}

/** Asks only what changed since the item was seen; null when that does not settle it. */
async function seeAgain(glance: Glance): Promise<Seen | null> {
  const { sought, tools } = glance;
  const { memory } = tools;
  if (memory?.by !== "answer" || memory.page === null || !sought.mayFetchMedia) return null;
  const page = await look(sought.address, { ...errandOf(glance), method: "HEAD", since: memory.page });
  if ("failed" in page || page.status !== 304) return null;
  const { found } = memory;
  if (found === null) return { saw: "there", memory };
  const picture = await look(found.address, { ...errandOf(glance), since: found.validators });
  if ("failed" in picture) return null;
  if (picture.status === 304) return { saw: "there", memory };
  if (picture.status !== 200 || picture.body === null) return null;
  return (await seeMedia(picture.body, glance)) === "match" ? { saw: "there", memory } : null;
}

function errandOf({ pool, signal }: Glance) {
  return { pool, signal, mostBytes: PICTURE_BYTES, mostFilmBytes: FILM_BYTES, method: "GET" as const };
}

const UNSEEN: Readonly<Record<Exclude<FetchFailure, "block-page">, Sight>> = {
  "no-name": "no-name",
  unreachable: "unreached",
  "no-way": "no-answer",
  "not-web": "unclear",
  "too-many-redirects": "unclear",
  "too-large": "unclear",
  unwelcome: "unclear",
};

async function seeAnew(glance: Glance): Promise<Seen> {
  const before = glance.tools.memory;
  const seen = (saw: Sight): Seen => ({ saw, memory: before });
  const { address, mayFetchMedia, targets } = glance.sought;
  const answer = await look(address, { ...errandOf(glance), method: mayFetchMedia ? "GET" : "HEAD" });
  if ("failed" in answer) {
    if (answer.failed === "block-page") return seen(mayFetchMedia ? "blocked" : "unclear");
    return seen(UNSEEN[answer.failed]);
  }
  const { status, moved } = answer;
  // Search results that cannot be found say nothing of what they led to.
  if ((status === 404 || status === 410) && !moved && targets === null) return seeGone(before);
  if (!mayFetchMedia) return seen("unclear");
  if (status === 451) return seen("blocked"); // RFC 7725
  if (status !== 200 || answer.body === null) return seen("unclear");
  return seeBody(answer, answer.body, glance);
}

async function seeBody(answer: Answered, body: Buffer, glance: Glance): Promise<Seen> {
  const { type, moved, validators } = answer;
  const { memory: before } = glance.tools;
  const unclear: Seen = { saw: "unclear", memory: before };
  if (type.startsWith("image/") || type.startsWith("video/")) {
    const sight = await seeMedia(body, glance);
    const memory = { by: "answer" as const, asks: [], page: validators, found: null };
    return conclude({ sight, asks: [], moved, memory }, before);
  }
  if (type !== "text/html" && type !== "application/xhtml+xml") return unclear;
  if (body.length > PAGE_BYTES) return unclear;
  const page = await glance.tools.decoder.decode({ kind: "page" }, body, glance.signal).catch(() => null);
  if (page === null) return unclear;
  const { targets, families } = glance.sought;
  if (targets !== null) {
    const saw = seeResults(page, { at: answer.url, targets });
    if (saw !== "unclear") return { saw, memory: before };
  }
  return families.flat().length === 0 ? unclear : seeWhole(answer, page, glance);
}

/** Looks at a page as it was written, and with a browser where its scripts may show more. */
async function seeWhole(answer: Answered, page: Answers["page"], glance: Glance): Promise<Seen> {
  const { memory: before } = glance.tools;
  const isResults = glance.sought.targets !== null;
  const { sight, found } = await seePage(page, answer.url, glance);
  const wasBrowsed = before?.by === "browser";
  const needsBrowser = page.shell || ((page.scripted || wasBrowsed) && sight === "no-match");
  const browsed = needsBrowser && !isResults ? await seeInBrowser(glance) : null;
  const asks = [...new Set([...page.asks, ...(browsed?.asks ?? [])])];
  if (browsed?.sight === "match") return { saw: "there", memory: { by: "browser", asks } };
  const memory = { by: "answer" as const, asks, page: found && answer.validators, found };
  const moved = answer.moved || isResults;
  if (sight === "match") return conclude({ sight, asks, moved, memory }, before);
  // What only a browser saw is missed only by a browser; a page that a script fills may as well show nothing yet.
  const absence = wasBrowsed ? (browsed?.sight ?? "cannot-look") : page.shell ? "cannot-look" : sight;
  return conclude({ sight: absence, asks, moved, memory }, before);
}

/** Looks at the place with a browser; null without one. */
async function seeInBrowser(glance: Glance): Promise<Pick<Browsed, "sight" | "asks"> | null> {
  const { sought, tools, reach, signal } = glance;
  if (tools.browse === null) return null;
  const see = (bytes: Buffer) => seeMedia(bytes, glance);
  const { sight, films, asks } = await tools.browse(sought.address, { reach, see, signal });
  if (sight === "match" || films.length === 0) return { sight, asks };
  const base = new URL(sought.address);
  const ofFilms = await Promise.all(films.slice(0, MOST_FILMS).map((film) => seeAddress(film, base, glance)));
  if (ofFilms.some((one) => one.sight === "match")) return { sight: "match", asks };
  const isComplete = films.length <= MOST_FILMS && ofFilms.every((one) => one.sight === "no-match");
  return { sight: isComplete ? sight : "cannot-look", asks };
}

type PageSight = { readonly sight: MediaSight; readonly found: Found };

async function seePage(page: Answers["page"], base: URL, glance: Glance): Promise<PageSight> {
  const { pictures, films, opaque } = page;
  let isComplete = !opaque && pictures.length <= MOST_PICTURES && films.length <= MOST_FILMS;
  for (const address of [...pictures.slice(0, MOST_PICTURES), ...films.slice(0, MOST_FILMS)]) {
    const { sight, found } = await seeAddress(address, base, glance);
    if (sight === "match") return { sight, found };
    if (sight === "cannot-look") isComplete = false;
  }
  return { sight: isComplete ? "no-match" : "cannot-look", found: null };
}

async function seeAddress(address: string, page: URL, glance: Glance): Promise<PageSight> {
  if (/^data:/i.test(address)) {
    const bytes = inlineBytes(address);
    return { sight: bytes === null ? "cannot-look" : await seeMedia(bytes, glance), found: null };
  }
  if (!URL.canParse(address, page)) return { sight: "cannot-look", found: null };
  const { href } = new URL(address, page);
  const answer = await look(href, errandOf(glance));
  if ("failed" in answer) return { sight: "cannot-look", found: null };
  // A picture that its own server says is gone is not shown on the page either.
  if (answer.status === 404 || answer.status === 410) return { sight: "no-match", found: null };
  if (answer.status !== 200 || answer.body === null) return { sight: "cannot-look", found: null };
  return { sight: await seeMedia(answer.body, glance), found: { address: href, validators: answer.validators } };
}

async function seeMedia(bytes: Buffer, { sought, tools, signal }: Glance): Promise<MediaSight> {
  if (sought.families.flat().length === 0) return "cannot-look";
  const name = createHash("sha256").update(bytes).digest("base64");
  const known = tools.sights.get(name);
  if (known !== undefined) return known;
  const media = await tools.decoder.decode({ kind: "media" }, bytes, signal).catch(() => null);
  const sight = media === null ? "cannot-look" : matchMedia(media, sought.families);
  tools.sights.set(name, sight);
  return sight;
}

/** The bytes of a `data:` address; null when it is malformed. */
function inlineBytes(address: string): Buffer | null {
  const comma = address.indexOf(",");
  const data = address.slice(comma + 1);
  const isBase64 = /;base64$/i.test(address.slice(0, Math.max(0, comma)));
  try {
    return Buffer.from(isBase64 ? data : decodeURIComponent(data), isBase64 ? "base64" : "utf8");
  } catch {
    return null;
  }
}
