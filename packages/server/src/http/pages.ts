import { existsSync } from "node:fs";
import { join } from "node:path";
import files from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** Where the web package builds to: portal at `/`, desk at `/desk/`. */
const BUILT = join(import.meta.dirname, "..", "..", "..", "web", "dist");

/** Serves the built pages. File names under `assets/` carry a hash of their content, so they never change; pages are asked for anew. */
export async function servePages(app: FastifyInstance, folder = BUILT): Promise<void> {
  if (!existsSync(folder)) return;
  await app.register(files, {
    root: folder,
    redirect: true,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(join(folder, "assets"));
      reply.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-store");
    },
  });
}
