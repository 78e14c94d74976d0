import type { CheckOutcome } from "@jikim/casework";
import type { Fingerprint } from "@jikim/fingerprint";
import type { Agent } from "undici";
import { openPool, type Reach } from "./connect.ts";
import { type Answered, type Fetched, look } from "./fetch.ts";
import { readPage } from "./page.ts";
import { type PictureSight, seePicture } from "./picture.ts";

/** What is looked at, and for what. */
export type Sought = {
  readonly address: string;
  readonly fingerprints: readonly Fingerprint[];
  /** False: no body is read, so that no picture of a child is ever fetched; only "gone" can be seen. */
  readonly mayFetchMedia: boolean;
};

const PAGE_BYTES = 5 << 20;
const PICTURE_BYTES = 25 << 20;
const MOST_PICTURES = 30;
const CHECK_MS = 120_000;

/**
 * Looks at a place once. Only what was seen counts: "removed" when the place itself says it is gone, or when everything on it
 * that could be looked at was looked at and none of it is the item; whatever stays open is "cannot-tell".
 */
export async function checkAddress(sought: Sought, reach: Reach): Promise<CheckOutcome> {
  const pool = openPool(reach);
  const glance = { pool, signal: AbortSignal.timeout(CHECK_MS) };
  try {
    const mostBytes = PICTURE_BYTES;
    const answer = await look(sought.address, { ...glance, mostBytes, readBody: sought.mayFetchMedia });
    return await judge(answer, sought, glance);
  } finally {
    await pool.destroy();
  }
}

type Glance = { readonly pool: Agent; readonly signal: AbortSignal };

async function judge(answer: Fetched, sought: Sought, glance: Glance): Promise<CheckOutcome> {
  if ("failed" in answer) return answer.failed === "block-page" && sought.mayFetchMedia ? "blocked" : "cannot-tell";
  const { status, moved } = answer;
  if ((status === 404 || status === 410) && !moved) return "removed";
  if (!sought.mayFetchMedia) return "cannot-tell";
  if (status === 451) return "blocked"; // RFC 7725
  if (status !== 200 || answer.body === null) return "cannot-tell";
  const sight = await seeAll(answer, answer.body, sought.fingerprints, glance);
  if (sight === "match") return "there";
  // Another page that answers in its stead (a front page, a sign-in) tells nothing about the one asked for.
  return sight === "no-match" && !moved ? "removed" : "cannot-tell";
}

async function seeAll(
  { type, url }: Answered,
  body: Buffer,
  wanted: readonly Fingerprint[],
  glance: Glance,
): Promise<PictureSight> {
  if (wanted.length === 0) return "cannot-look";
  if (type.startsWith("image/")) return seePicture(body, wanted);
  if (type !== "text/html" && type !== "application/xhtml+xml") return "cannot-look";
  if (body.length > PAGE_BYTES) return "cannot-look";
  const { pictures, opaque } = readPage(body.toString("utf8"));
  let complete = !opaque && pictures.length <= MOST_PICTURES;
  for (const address of pictures.slice(0, MOST_PICTURES)) {
    const sight = await seeAddress(address, url, wanted, glance);
    if (sight === "match") return "match";
    if (sight === "cannot-look") complete = false;
  }
  return complete ? "no-match" : "cannot-look";
}

async function seeAddress(
  address: string,
  page: URL,
  wanted: readonly Fingerprint[],
  glance: Glance,
): Promise<PictureSight> {
  if (/^data:/i.test(address)) return seeInline(address, wanted);
  if (!URL.canParse(address, page)) return "cannot-look";
  const answer = await look(new URL(address, page).href, { ...glance, mostBytes: PICTURE_BYTES, readBody: true });
  if ("failed" in answer) return "cannot-look";
  // A picture that its own server says is gone is not shown on the page either.
  if (answer.status === 404 || answer.status === 410) return "no-match";
  return answer.status === 200 && answer.body !== null ? seePicture(answer.body, wanted) : "cannot-look";
}

function seeInline(address: string, wanted: readonly Fingerprint[]): Promise<PictureSight> | PictureSight {
  const comma = address.indexOf(",");
  const data = address.slice(comma + 1);
  const isBase64 = /;base64$/i.test(address.slice(0, Math.max(0, comma)));
  try {
    return seePicture(Buffer.from(isBase64 ? data : decodeURIComponent(data), isBase64 ? "base64" : "utf8"), wanted);
  } catch {
    return "cannot-look";
  }
}
