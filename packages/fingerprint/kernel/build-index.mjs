// Builds index.wasm from index.as.ts and embeds it in src/index-kernel.ts. `--check` compares with what is committed instead.
import { readFile, writeFile } from "node:fs/promises";
import asc from "assemblyscript/asc";

const folder = new URL("./", import.meta.url);
const check = process.argv.includes("--check");

const written = new Map();
const { error, stderr } = await asc.main(
  [
    "index.as.ts",
    "--outFile",
    "index.wasm",
    "--runtime",
    "stub",
    "--optimizeLevel",
    "3",
    "--shrinkLevel",
    "0",
    "--converge",
  ].concat(
    ["--enable", "simd", "--enable", "threads", "--noAssert", "--use", "abort="],
    ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
  ),
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

const wasm = Buffer.from(written.get("index.wasm"));
const lines = wasm.toString("base64").match(/.{1,108}/g);
const embedded = `// Made by kernel/build-index.mjs from kernel/index.as.ts: do not edit.
/** The index kernel, ${wasm.length} bytes of WebAssembly in base64. */
export const INDEX_KERNEL =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`;
for (const [name, data] of [
  ["index.wasm", wasm],
  ["../src/index-kernel.ts", Buffer.from(embedded)],
]) {
  const file = new URL(name, folder);
  if (!check) await writeFile(file, data);
  else if (!data.equals(await readFile(file))) throw new Error(`${name} is not what its source builds`);
}
process.stdout.write(`${wasm.length} bytes\n`);
