/** `node run.mjs FILE …`: installs what is missing and runs a TypeScript file of this repository with Node 26. */
import { resolve } from "node:path";
import { fail, installPackages } from "./setup/install.mjs";
import { becomeNode26 } from "./setup/spawn.mjs";

const [file, ...args] = process.argv.slice(2);
if (file === undefined) fail("Usage: node run.mjs FILE [ARGUMENT …]");
installPackages();
becomeNode26(resolve(file), args);
