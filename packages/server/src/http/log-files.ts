import { hashesOf, readTilePath, TILE_WIDTH, type Tile, writeBundle } from "@jikim/casework";
import { z } from "zod";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { findLeaves, findTile, findTree, type LogTree } from "../store/log.ts";
import type { Routes } from "./app-type.ts";
import { aMinute } from "./limits.ts";

const HASH_BYTES = 32;
const FOREVER = "public, max-age=31536000, immutable";
const pathSchema = z.object({ "*": z.string().max(60) });

/**
 * The log as C2SP tlog-tiles: `/log/checkpoint`, `/log/tile/…`; public, since leaves and tiles say nothing. Anyone may keep a copy, and a
 * log that was changed afterwards no longer fits it.
 */
export const logRoutes: Routes = (app, jikim) => {
  const limits = aMinute(jikim.config.anonymousAMinute * 10);
  app.get("/log/checkpoint", { ...limits, schema: { hide: true } }, async (_request, reply) => {
    const checkpoint = (await findTree(jikim.db))?.checkpoint;
    if (!checkpoint) throw new ServerRefusal({ code: "NOT_FOUND" });
    return reply.header("cache-control", "no-store").type("text/plain; charset=utf-8").send(checkpoint);
  });
  app.get("/log/tile/*", { ...limits, schema: { hide: true, params: pathSchema } }, async (request, reply) => {
    const path = readTilePath(`tile/${request.params["*"]}`);
    const tree = path === null ? null : await findTree(jikim.db);
    const bytes = path === null || tree === null ? null : await bytesOf(jikim, tree, path);
    if (bytes === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    return reply.header("cache-control", FOREVER).type("application/octet-stream").send(bytes);
  });
};

async function bytesOf({ db }: Jikim, { generation, size }: LogTree, tile: Tile & { readonly what: string }) {
  const { from, count } = hashesOf({ ...tile, level: 0 });
  // A tile that is not full yet exists in every width up to now.
  if (from + count > Math.floor(size / TILE_WIDTH ** tile.level)) return null;
  if (tile.what === "entries") return writeBundle(await findLeaves(db, { generation, from, count }));
  const stored = await findTile(db, { generation, level: tile.level, position: tile.index });
  return stored === null ? null : stored.subarray(0, tile.width * HASH_BYTES);
}
