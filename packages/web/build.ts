/** Builds portal and desk into dist/, with a compressed copy beside each file: `npm run build -w packages/web`. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";
import { buildVerifier } from "./verifier.ts";

/** Bytes from which the best compression takes longer than what it saves is worth. */
const LARGE = 2 ** 20;

await build({ configFile: new URL("vite.config.ts", import.meta.url).pathname });
const dist = new URL("dist", import.meta.url).pathname;
await buildVerifier(join(dist, "verify.html"));
for (const file of await readdir(dist, { recursive: true })) {
  if (!/\.(html|js|css|svg|wasm)$/.test(file)) continue;
  const path = join(dist, file);
  const content = await readFile(path);
  await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
  const quality = content.length > LARGE ? 9 : 11;
  await writeFile(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }));
}
