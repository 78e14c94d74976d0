import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprint } from "@jikim/fingerprint";
import { decodePictures } from "@jikim/fingerprint/decode";
import type { Entry } from "@jikim/sdk";
import { createTransport } from "nodemailer";
import { randomEntry, type TestCentre } from "../../../packages/sdk/test/centre.ts";
import { type Platform, startPlatform } from "../src/platform.ts";
import { drawLandscape } from "../src/samples.ts";
import type { CentreSettings, Settings } from "../src/settings.ts";

export const REVIEW_TOKEN = "a-review-token-for-tests";

export type TestBoard = {
  readonly data: string;
  readonly platform: Platform;
  readonly log: Record<string, unknown>[];
  readonly close: () => Promise<void>;
};

export async function startBoard(
  centre: CentreSettings | null,
  { kept, everyMs = 100 }: { kept?: string; everyMs?: number } = {},
): Promise<TestBoard> {
  const data = kept ?? (await mkdtemp(join(tmpdir(), "jikim-board-")));
  const log: Record<string, unknown>[] = [];
  const settings: Settings = {
    port: 0,
    smtpPort: 0,
    data,
    url: null,
    reviewToken: REVIEW_TOKEN,
    centre,
    samples: false,
    everyMs,
  };
  const platform = await startPlatform(settings, (event) => void log.push(event));
  return { data, platform, log, close: () => platform.close() };
}

export function settingsOf({ url, key, root }: TestCentre): CentreSettings {
  return { url, key, root };
}

export async function forget(data: string): Promise<void> {
  await rm(data, { recursive: true, force: true });
}

export function landscape(seed: number): Promise<Buffer> {
  return drawLandscape(seed, ["#f7d9b5", "#9cc3d8", "#3f6f5a", "#274b45", "#6fa6bd"]);
}

export async function entryOf(picture: Buffer, changes: Partial<Entry> = {}): Promise<Entry> {
  for await (const frame of decodePictures(picture)) {
    const { pdq, quality } = fingerprint(frame);
    return randomEntry({ fingerprints: [{ kind: "pdq", value: pdq, quality }], ...changes });
  }
  throw new Error("no frame");
}

export type Sent = { readonly title?: string; readonly address?: string; readonly language?: string };

export function upload(board: TestBoard, picture: Uint8Array, sent: Sent = {}): Promise<Response> {
  const form = new FormData();
  form.set("title", sent.title ?? "");
  form.set("address", sent.address ?? "");
  form.set("picture", new Blob([Uint8Array.from(picture)]), "holiday.jpg");
  const headers = { "accept-language": sent.language ?? "en" };
  return fetch(`${board.platform.url}/upload`, { method: "POST", body: form, headers, redirect: "manual" });
}

export async function statusOf(board: TestBoard, path: string): Promise<number> {
  const response = await fetch(board.platform.url + path);
  await response.arrayBuffer();
  return response.status;
}

export async function untilStatus(board: TestBoard, path: string, wanted: number): Promise<void> {
  const end = Date.now() + 5000;
  while ((await statusOf(board, path)) !== wanted) {
    if (Date.now() > end) throw new Error(`${path} did not become ${wanted} within five seconds`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Signed in as a reviewer. */
export async function reviewer(board: TestBoard) {
  const signIn = await fetch(`${board.platform.url}/review/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ token: REVIEW_TOKEN }),
    redirect: "manual",
  });
  const cookie = signIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const headers = { cookie, "accept-language": "en" };
  return {
    page: async () => (await fetch(`${board.platform.url}/review`, { headers })).text(),
    decide: (id: string, decision: string) =>
      fetch(`${board.platform.url}/review/${id}`, {
        method: "POST",
        headers,
        body: new URLSearchParams({ decision }),
        redirect: "manual",
      }),
  };
}

/** Sends a mail to the board's mailbox; rejects when it is refused. */
export async function sendMail(
  board: TestBoard,
  attachment: string | null,
  filename = "jikim-notice.json",
): Promise<void> {
  const { hostname, port } = new URL(board.platform.smtp);
  const transport = createTransport({ host: hostname, port: Number(port), secure: false, ignoreTLS: true });
  const attachments = attachment === null ? [] : [{ filename, content: attachment, contentType: "application/json" }];
  try {
    await transport.sendMail({
      from: "notices@centre.invalid",
      to: "abuse@board.invalid",
      subject: "Removal request",
      text: "Please remove.",
      attachments,
    });
  } finally {
    transport.close();
  }
}
