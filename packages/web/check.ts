/** Compiles the messages and checks every type of portal and desk: `npm run check -w packages/web`. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compile } from "@inlang/paraglide-js";
import { messages } from "./messages.ts";

await compile(messages);
const cwd = fileURLToPath(new URL(".", import.meta.url));
const program = fileURLToPath(import.meta.resolve("svelte-check/bin/svelte-check"));
const done = spawnSync(process.execPath, [program, "--tsconfig", "tsconfig.json", "--fail-on-warnings"], {
  cwd,
  stdio: "inherit",
});
process.exit(done.status ?? 2);
