// Builds each kernel from its .as.ts and embeds it in src/. `--check` compares with what is committed instead.
import { readFile, writeFile } from "node:fs/promises";
import asc from "assemblyscript/asc";

const COMMON = "--runtime stub --optimizeLevel 3 --shrinkLevel 0 --converge --enable simd --noAssert --use abort=";
const KERNELS = [
  { name: "pdq", what: "PDQ", flags: "--enable bulk-memory" },
  {
    name: "index",
    what: "index",
    flags: "--enable threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536",
  },
];

const folder = new URL("./", import.meta.url);
const check = process.argv.includes("--check");
for (const kernel of KERNELS) await build(kernel);

async function build({ name, what, flags }) {
  const wasm = await compile(name, `${COMMON} ${flags}`.split(" "));
  const lines = wasm.toString("base64").match(/.{1,108}/g);
  const embedded = `// Made by kernel/build.mjs from kernel/${name}.as.ts: do not edit.
/** The ${what} kernel, ${wasm.length} bytes of WebAssembly in base64. */
export const ${name.toUpperCase()}_KERNEL =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`;
  await settle(`${name}.wasm`, wasm);
  await settle(`../src/${name}-kernel.ts`, Buffer.from(embedded));
  process.stdout.write(`${name}: ${wasm.length} bytes\n`);
}

async function compile(name, flags) {
  const written = new Map();
  const { error, stderr } = await asc.main([`${name}.as.ts`, "--outFile", `${name}.wasm`, ...flags], {
    readFile: (file) => readFile(new URL(file, folder), "utf8").catch(() => null),
    writeFile: (file, data) => void written.set(file, data),
    listFiles: () => [],
  });
  if (error) {
    process.stderr.write(`${stderr.toString()}\n`);
    throw error;
  }
  return Buffer.from(written.get(`${name}.wasm`));
}

async function settle(name, data) {
  const file = new URL(name, folder);
  if (!check) await writeFile(file, data);
  else if (!data.equals(await readFile(file))) throw new Error(`${name} is not what its source builds`);
}
