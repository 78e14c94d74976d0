/**
 * `npm start`: installs what is missing, builds the pages when they are not up to date, and starts the server;
 * `--demo` is for the server. With `--story` the whole story is played instead (`npm run demo`).
 * Stdout belongs to what is started: everything said here goes to stderr.
 */
import { join } from "node:path";
import { fail, installPackages, root } from "./setup/install.mjs";
import { becomeNode26 } from "./setup/spawn.mjs";
import { installSystemPackages, offerSystemPackages } from "./setup/system.mjs";
import { buildWeb, hasWeb } from "./setup/web.mjs";

const asked = process.argv.slice(2);
const story = asked.includes("--story");

installPackages();
if (story) await installSystemPackages("story");
else await offerSystemPackages("start");
if (hasWeb()) {
  const { ok, said } = await buildWeb();
  if (!ok) fail(`${said.trim()}\nThe pages could not be built; what the build said is above.`);
}
const main = story ? join(root, "story", "main.ts") : join(root, "packages", "server", "src", "main.ts");
becomeNode26(
  main,
  asked.filter((each) => each !== "--story"),
);
