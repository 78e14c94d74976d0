// Builds pdq.wasm from pdq.as.ts and embeds it in src/pdq-kernel.ts. `--check` compares with what is committed instead.
import { readFile, writeFile } from "node:fs/promises";
import asc from "assemblyscript/asc";

const folder = new URL("./", import.meta.url);
const check = process.argv.includes("--check");

const written = new Map();
const { error, stderr } = await asc.main(
  [
    "pdq.as.ts",
    "--outFile",
    "pdq.wasm",
    "--runtime",
    "stub",
    "--optimizeLevel",
    "3",
    "--shrinkLevel",
    "0",
    "--converge",
  ].concat(["--enable", "simd", "--enable", "bulk-memory", "--noAssert", "--use", "abort="]),
  {
    readFile: (name) => readFile(new URL(name, folder), "utf8").catch(() => null),
    writeFile: (name, data) => void written.set(name, data),
    listFiles: () => [],
  },
);
if (error) {
  process.stderr.write(`${stderr.toString()}\n`);
  throw error;
}

const wasm = Buffer.from(written.get("pdq.wasm"));
const lines = wasm.toString("base64").match(/.{1,108}/g);
const embedded = `// Made by kernel/build.mjs from kernel/pdq.as.ts: do not edit.
/** The PDQ kernel, ${wasm.length} bytes of WebAssembly in base64. */
export const PDQ_KERNEL =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`;
for (const [name, data] of [
  ["pdq.wasm", wasm],
  ["../src/pdq-kernel.ts", Buffer.from(embedded)],
]) {
  const file = new URL(name, folder);
  if (!check) await writeFile(file, data);
  else if (!data.equals(await readFile(file))) throw new Error(`${name} is not what its source builds`);
}
process.stdout.write(`${wasm.length} bytes\n`);
