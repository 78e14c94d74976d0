/** `npm run scan:setup -w packages/cli`: installs the embedded ClickHouse, 550 MB, for `jikim scan --clickhouse embedded`. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("scan-engine/", import.meta.url));
const { status } = spawnSync("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"], {
  cwd: folder,
  stdio: "inherit",
});
process.exit(status ?? 2);
