import { randomBytes, randomUUID } from "node:crypto";
import type { Centre, Match, Matched, PlatformAnswer, Uploaded, WireNotice } from "@jikim/sdk";
import type { Board, Post, PostState } from "./board.ts";
import type { Linked } from "./following.ts";
import { readPicture } from "./picture.ts";

/** What became of an upload. */
export type Outcome =
  | { readonly kind: "shown" | "held"; readonly id: string }
  | { readonly kind: "blocked"; readonly basis: Match["basis"] }
  | { readonly kind: "address-taken" }
  /** A centre is set up but its list was never read: nothing is published unmatched. */
  | { readonly kind: "not-ready" };

type Sent = { readonly bytes: Uint8Array; readonly title: string; readonly address: string };

/** Matches an upload before anyone sees it. @throws {FingerprintRefusal} when it is no picture the board takes. */
export async function takeUpload(board: Board, linked: Linked, { bytes, title, address }: Sent): Promise<Outcome> {
  const centre = centreOf(linked);
  if (linked === "starting" || centre?.status().number === null) return { kind: "not-ready" };
  const { uploaded, media } = await readPicture(bytes);
  const { verdict, matches } = matchAll(centre, uploaded);
  const upload = randomUUID();
  if (verdict === "block") {
    await answer(centre, matches, "blocked", upload);
    return { kind: "blocked", basis: basisOf(matches) };
  }
  const id = address === "" ? randomBytes(5).toString("hex") : address;
  const state: PostState =
    verdict === "hold" ? { kind: "held", matches, released: [] } : { kind: "shown", released: [] };
  const post: Post = { id, upload, title, at: new Date().toISOString(), uploaded, type: media.type, state };
  if (!(await board.add(post, media))) return { kind: "address-taken" };
  if (verdict === "hold") await answer(centre, matches, "held", upload);
  return { kind: state.kind, id };
}

/** Matches what is on the board with a list that has changed. */
export async function scanBoard(board: Board, centre: Centre): Promise<void> {
  for (const { id } of board.all()) {
    let found: readonly Match[] = [];
    const changed = await board.change(id, ({ state, uploaded }) => {
      if (state.kind !== "shown" && state.kind !== "held") return null;
      const { verdict, matches } = matchAll(centre, uploaded, state.released);
      found = matches;
      if (verdict === "block") return { kind: "blocked", basis: basisOf(matches) };
      // A held post whose entries have left the list stays held: a person decides, not the silence of the list.
      if (verdict === "clear" || sameEntries(state, matches)) return null;
      return { kind: "held", matches, released: state.released };
    });
    if (changed === null) continue;
    await answer(centre, found, changed.now.state.kind === "blocked" ? "blocked" : "held", changed.now.upload);
  }
}

/** A reviewer's decision on a held post. */
export async function review(
  board: Board,
  centre: Centre | null,
  id: string,
  decision: "release" | "refuse",
): Promise<void> {
  const changed = await board.change(id, ({ state }) => {
    if (state.kind !== "held") return null;
    if (decision === "refuse") return { kind: "blocked", basis: basisOf(state.matches) };
    return { kind: "shown", released: [...state.released, ...state.matches.map((match) => match.entryId)] };
  });
  if (changed?.before.state.kind !== "held") return;
  const did = decision === "release" ? "released" : "blocked";
  await answer(centre, changed.before.state.matches, did, changed.now.upload);
}

/** Removes what a notice names. @param idOf  the post at a place, or null when the place is not on this board. */
export async function obeyNotice(
  board: Board,
  notice: WireNotice,
  idOf: (place: string) => string | null,
): Promise<"removed" | "needs-information"> {
  const ids = notice.places.flatMap((place) => idOf(place) ?? []);
  for (const id of ids) {
    await board.change(id, ({ state }) =>
      state.kind === "shown" || state.kind === "held" ? { kind: "removed", noticeId: notice.id } : null,
    );
  }
  return ids.length === 0 ? "needs-information" : "removed";
}

/** The centre that is followed, if any. */
export function centreOf(linked: Linked): Centre | null {
  return typeof linked === "string" ? null : linked;
}

/** The strictest verdict over all frames. A reviewer's release outlasts new looks, but not an entry that blocks. */
function matchAll(
  centre: Centre | null,
  frames: readonly Uploaded[],
  released: readonly string[] = [],
): Pick<Matched, "verdict" | "matches"> {
  const best = new Map<string, Match>();
  for (const match of frames.flatMap((frame) => centre?.match(frame).matches ?? [])) {
    if (match.effect === "hold" && released.includes(match.entryId)) continue;
    if (match.bitsApart < (best.get(match.entryId)?.bitsApart ?? 256)) best.set(match.entryId, match);
  }
  const matches = [...best.values()];
  const verdict = matches.some((match) => match.effect === "block") ? "block" : matches.length > 0 ? "hold" : "clear";
  return { verdict, matches };
}

function basisOf(matches: readonly Match[]): Match["basis"] {
  return (matches.find((match) => match.effect === "block") ?? matches[0])?.basis ?? "platform-review";
}

function sameEntries(state: PostState, matches: readonly Match[]): boolean {
  if (state.kind !== "held") return false;
  const known = state.matches.map((match) => match.entryId);
  return matches.every((match) => known.includes(match.entryId));
}

/** Tells the centre what was done about each entry; nothing of who uploaded what. */
async function answer(
  centre: Centre | null,
  matches: readonly Match[],
  did: Exclude<PlatformAnswer["did"], "dropped">,
  upload: string,
): Promise<void> {
  for (const { entryId } of matches) await centre?.answer(entryId, did, upload);
}
