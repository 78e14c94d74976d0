import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pixels } from "@jikim/fingerprint";
import sharp from "sharp";
import type { portal } from "../contract.ts";
import { call } from "./call.ts";
import { drawing, ON_BOARD } from "./invented.ts";

/** The example platform of the demo: where it is, and the folder in which it looks for the centre to follow. */
export type DemoBoard = { readonly url: string; readonly folder: string };

/** The picture of the first invented case, as it stands on the board. */
export const boardPicture = (): Pixels => drawing(0);

/** Puts the first case's picture on the board, registers the board as a platform, and hands it its key. */
export async function linkBoard(origin: string, cookie: string, board: DemoBoard): Promise<void> {
  await upload(board.url);
  const { json: centre } = await call<portal.Centre>(origin, { path: "/api/centre" });
  const body = {
    name: "가상 그림판",
    hosts: [new URL(board.url).host],
    mail: "notices@board.example",
    language: "ko",
    api: { expiresAt: new Date(Date.now() + 365 * 86_400_000).toISOString() },
  };
  const { json } = await call<{ key: string }>(origin, { path: "/api/desk/platforms", cookie, body });
  await writeFile(join(board.folder, "jikim.json"), JSON.stringify({ url: origin, key: json.key, root: centre.root }), {
    mode: 0o600,
  });
}

async function upload(url: string): Promise<void> {
  const { data, width, height, channels } = boardPicture();
  const jpeg = await sharp(Buffer.from(data), { raw: { width, height, channels } }).jpeg({ quality: 85 }).toBuffer();
  const form = new FormData();
  form.set("title", "지어낸 글: 언덕 그림");
  form.set("address", ON_BOARD);
  form.set("picture", new Blob([new Uint8Array(jpeg)], { type: "image/jpeg" }), "picture.jpg");
  const response = await fetch(`${url}/upload`, {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { origin: url },
  });
  await response.body?.cancel();
  if (response.status !== 303) throw new Error(`the example board did not take the picture: ${response.status}`);
}
