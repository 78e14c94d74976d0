/** `node setup/pack.mjs [PACKAGE]`: builds what is published, dist/ with JavaScript and types, ready for `npm publish`. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const published = ["fingerprint", "sdk"];
const wanted = process.argv[2] === undefined ? published : [process.argv[2]];

/** The package's description as an installed package needs it: paths within dist, nothing of the workshop. */
function description(folder) {
  const {
    scripts: _scripts,
    devDependencies: _tools,
    private: _private,
    ...rest
  } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const built = (path) => path.replace("./src/", "./").replace(/\.ts$/, "");
  const exports = Object.fromEntries(
    Object.entries(rest.exports).map(([name, path]) => [
      name,
      { types: `${built(path)}.d.ts`, default: `${built(path)}.js` },
    ]),
  );
  return { ...rest, exports, sideEffects: false };
}

/** Types name their neighbours by .ts, which is not there any more. */
function renameInTypes(dist) {
  for (const file of readdirSync(dist).filter((one) => one.endsWith(".d.ts"))) {
    const text = readFileSync(join(dist, file), "utf8");
    writeFileSync(join(dist, file), text.replace(/(["'])(\.\/[^"']+)\.ts\1/g, "$1$2.js$1"));
  }
}

for (const name of wanted) {
  const folder = join(root, "packages", name);
  if (!existsSync(join(folder, "tsconfig.pack.json"))) continue;
  const dist = join(folder, "dist");
  rmSync(dist, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", join(folder, "tsconfig.pack.json")],
    {
      stdio: "inherit",
    },
  );
  renameInTypes(dist);
  writeFileSync(join(dist, "package.json"), `${JSON.stringify(description(folder), null, 2)}\n`);
  for (const file of [join(folder, "README.md"), join(root, "LICENSE")])
    cpSync(file, join(dist, file.split("/").at(-1)));
  process.stderr.write(`packed packages/${name}/dist\n`);
}
