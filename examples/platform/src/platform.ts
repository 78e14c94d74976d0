import type { AddressInfo } from "node:net";
import { createApp } from "./app.ts";
import { openBoard } from "./board.ts";
import { type Following, type Linked, startFollowing } from "./following.ts";
import { openMailbox } from "./mailbox.ts";
import { obeyNotice, scanBoard } from "./moderation.ts";
import { addSamples } from "./samples.ts";
import type { Settings } from "./settings.ts";

export type Platform = { readonly url: string; readonly smtp: string; readonly data: string; close(): Promise<void> };

type Log = (event: Record<string, unknown>) => void;

/** Starts the board, its mailbox, and its following of a centre. Resolves when all listen. */
export async function startPlatform(settings: Settings, log: Log): Promise<Platform> {
  const board = await openBoard(settings.data);
  if (settings.samples) await addSamples(board);
  let following: Following | null = null;
  const linked = (): Linked => following?.linked() ?? "starting";
  const app = await createApp({ board, reviewToken: settings.reviewToken, linked });
  await app.listen({ host: "127.0.0.1", port: settings.port });
  const url = settings.url ?? `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  following = await startFollowing({
    data: settings.data,
    settings: settings.centre,
    everyMs: settings.everyMs,
    onNotice: (notice) => obeyNotice(board, notice, (place) => postAt(place, url)),
    onChange: (centre) => scanBoard(board, centre),
    log,
  });
  const mailbox = await openMailbox({ port: settings.smtpPort, linked, log });
  return {
    url,
    smtp: `smtp://127.0.0.1:${mailbox.port}`,
    data: settings.data,
    async close() {
      await app.close();
      await mailbox.close();
      await following?.stop();
    },
  };
}

/** Which post a place of a notice is, or null when it is not on this board. */
export function postAt(place: string, boardUrl: string): string | null {
  if (!URL.canParse(place)) return null;
  const [at, board] = [new URL(place), new URL(boardUrl)];
  const nameOf = ({ hostname }: URL) => (hostname === "127.0.0.1" ? "localhost" : hostname);
  if (nameOf(at) !== nameOf(board) || at.port !== board.port) return null;
  return /^\/(?:p|media)\/([a-z0-9-]{1,40})\/?$/.exec(at.pathname)?.[1] ?? null;
}
