import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fingerprint } from "@jikim/fingerprint";
import sharp from "sharp";
import { drawing } from "../src/demo/invented.ts";
import type { Told } from "../src/demo/survivor.ts";
import type { Clocks } from "./clocks.ts";
import { isThere, type WorldPlace } from "./world.ts";

/** All sites of the world on one port of this machine: pages with one generated drawing, until they are removed. */
export type Pages = {
  readonly port: number;
  /** What survivors report: the drawing's fingerprint. */
  readonly item: Told["items"][number];
  addressOf(place: WorldPlace): string;
  asked(): number;
  close(): Promise<void>;
};

const SEED = 41;

export type PagesOptions = {
  readonly places: readonly WorldPlace[];
  /** Epoch milliseconds of the world. */
  readonly now: () => number;
  readonly looked: Clocks["looked"];
};

export async function openPages({ places, now, looked }: PagesOptions): Promise<Pages> {
  const drawn = drawing(SEED);
  const { data, width, height, channels } = drawn;
  const small = { raw: { width, height, channels } };
  const picture = await sharp(Buffer.from(data), small).resize(160).png().toBuffer();
  const { pdq, quality } = fingerprint(drawn);
  let asked = 0;
  const server = createServer(({ url = "/", headers }, response) => {
    asked++;
    const [, kind, number] = /^\/(p|i)\/(\d+)$/.exec(url) ?? [];
    const place = number === undefined ? undefined : places[Number(number)];
    const there = place !== undefined && isThere(place, now());
    if (place !== undefined && kind === "p") looked(place.number, { at: now(), gone: !there });
    if (!there) return answer(response, 404);
    const etag = `"${kind}${number}"`;
    if (headers["if-none-match"] === etag) return answer(response, 304);
    if (kind === "i") return answer(response, 200, { type: "image/png", etag, body: picture });
    const body = `<!doctype html><title>invented</title><p>A generated drawing</p><img src="/i/${number}" alt="hills">`;
    answer(response, 200, { type: "text/html; charset=utf-8", etag, body });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    item: { kind: "picture", fingerprints: [{ kind: "pdq", value: pdq, quality }] },
    addressOf: ({ number, site }) => `http://${site.host}:${port}/p/${number}`,
    asked: () => asked,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

type Body = { readonly type: string; readonly etag: string; readonly body: string | Buffer };

function answer(response: ServerResponse, status: number, said?: Body): void {
  if (said === undefined) return void response.writeHead(status).end();
  response.writeHead(status, { "content-type": said.type, etag: said.etag }).end(said.body);
}

/** Number of the place at an address of the world; null when it is none. */
export function placeNumber(address: string): number | null {
  const [, number] = /\/p\/(\d+)$/.exec(address) ?? [];
  return number === undefined ? null : Number(number);
}
