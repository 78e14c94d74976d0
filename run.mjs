/** `node run.mjs FILE …`: installs what is missing and runs a TypeScript file of this repository with Node 26. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, installPackages } from "./setup/install.mjs";
import { becomeNode26 } from "./setup/spawn.mjs";

const [file, ...args] = process.argv.slice(2);
if (file === undefined) fail("Usage: node run.mjs FILE [ARGUMENT …]");
installPackages();
// A workspace's script runs in its own folder; files are named from the root.
becomeNode26(resolve(dirname(fileURLToPath(import.meta.url)), file), args);
