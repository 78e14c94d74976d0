import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { node26, root } from "./install.mjs";
import { onceParentIsGone } from "./once-parent-is-gone.mjs";

const parentWatch = new URL("parent.mjs", import.meta.url).href;

/**
 * Runs a TypeScript file with Node 26 as this process's other half: same terminal, same signals, same exit code.
 * It has a process group of its own so that Ctrl-C, which the terminal sends to the whole group, reaches it once.
 */
export function becomeNode26(file, args) {
  const child = spawn(node26, ["--import", parentWatch, file, ...args], {
    cwd: callersFolder(),
    stdio: "inherit",
    detached: true,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // A signal to npm ends npm and its shell but does not reach us: that they are gone is all we notice.
  if (process.env.npm_lifecycle_event !== undefined) onceParentIsGone(() => child.kill("SIGTERM"));
  child.once("error", (error) => {
    process.stderr.write(`Node 26 could not be started: ${error.message}\n`);
    process.exit(2);
  });
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const handled of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(handled);
    process.kill(process.pid, signal);
  });
}

/** npm runs scripts in the root; file names on the command line are meant from where npm was called. */
function callersFolder() {
  const here = process.cwd();
  return here === realpathSync(root) ? (process.env.INIT_CWD ?? here) : here;
}
