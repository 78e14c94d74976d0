/** A server for development on a free port and a temporary folder, with a seeded centre. Prints what is needed as one JSON line. */
import { rm } from "node:fs/promises";
import { showPassphrase, showRootSecret } from "@jikim/evidence";
import { startJikim } from "../src/index.ts";
import { temporaryFolder } from "../src/postgres/index.ts";
import { seedCentre } from "./seed.ts";

const folder = await temporaryFolder("jikim-development-");
const port = Number(process.env.JIKIM_PORT ?? 0);
const config = { port, effort: { bits: 4, parts: 4 }, allowPrivateAddresses: true, anonymousAMinute: 10_000 };
const tell = (line: string) => process.stderr.write(`${line}\n`);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const running = await startJikim({ folder, fsync: false, config, tell, say });
if (process.argv.includes("--empty")) {
  say({ ready: true, origin: running.origin, setup: `${running.origin}/desk/#/setup?token=${running.setupToken}` });
} else {
  const { root, recovery, admin, staff } = await seedCentre(running.jikim);
  const show = ({ pseudonym, passphrase }: typeof admin) => ({ pseudonym, passphrase: showPassphrase(passphrase) });
  const paper = { rootSecret: showRootSecret(root.secret), recoveryShares: recovery.shares };
  say({ ready: true, origin: running.origin, admin: show(admin), staff: show(staff), ...paper });
}
const stop = () => running.stop().then(() => rm(folder, { recursive: true, force: true }).then(() => process.exit(0)));
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
