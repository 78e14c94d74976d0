import { INVENTED_CENTRE } from "../src/demo/invented.ts";
import { setUpCentre } from "../src/demo/staff.ts";
import { benchDirectories } from "./directories.ts";
import { startHost } from "./hosted.ts";
import { benchListSync } from "./list-sync.ts";
import { benchLog } from "./log.ts";
import { benchApprovalToBlocked } from "./platforms.ts";
import { benchPortalWeight } from "./portal-weight.ts";
import { benchReports } from "./reports.ts";
import { benchTakedown } from "./takedown.ts";

const quick = process.argv.includes("--quick");
const host = await startHost();
try {
  const setUp = await setUpCentre(host.origin, host.setupToken, INVENTED_CENTRE);
  await benchReports(host, setUp.intake.colleague.cookie, quick ? 500 : 3000);
  await benchApprovalToBlocked(host.origin, setUp, quick ? 3 : 9);
  await benchListSync(host, setUp, quick ? 10_000 : 100_000);
  await benchDirectories(host, quick ? 300 : 2000);
  await benchPortalWeight();
} finally {
  await host.stop();
}
await benchLog(quick ? 50_000 : 1_000_000);
await benchTakedown(quick ? { cases: 3, ledgerRows: 100_000 } : { cases: 10, ledgerRows: 1_000_000 });
