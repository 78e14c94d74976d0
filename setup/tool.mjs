import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "./install.mjs";

const programs = join(root, "node_modules", ".bin");

/** The installed tools are scripts for `node`: with their folder first on the path that is Node 26. */
const environment = { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH ?? ""}` };

const running = new Set();

/** Runs an installed tool and collects what it says; with `show` it also goes to stderr at once. Never throws. */
export function runTool(name, args, folder = root, { show = false } = {}) {
  return new Promise((done) => {
    const tool = spawn(join(programs, name), args, {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const take = (text) => {
      said += text;
      if (show) process.stderr.write(text);
    };
    running.add(tool);
    tool.stdout.setEncoding("utf8").on("data", take);
    tool.stderr.setEncoding("utf8").on("data", take);
    tool.once("error", (error) => done({ ok: false, said: error.message }));
    tool.once("close", (code) => {
      running.delete(tool);
      done({ ok: code === 0, said });
    });
  });
}

/** When we are told to stop, the tools are told too, and we end when they have. */
export function stopToolsWithUs() {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ]) {
    process.once(signal, () => {
      for (const tool of running) {
        tool.removeAllListeners("close");
        tool.once("close", () => {
          running.delete(tool);
          if (running.size === 0) process.exit(code);
        });
        tool.kill(signal);
      }
      if (running.size === 0) process.exit(code);
    });
  }
}
