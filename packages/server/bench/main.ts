import { INVENTED_CENTRE } from "../src/demo/invented.ts";
import { setUpCentre } from "../src/demo/staff.ts";
import { startHost } from "./hosted.ts";
import { benchPortalWeight } from "./portal-weight.ts";
import { benchReports } from "./reports.ts";

const quick = process.argv.includes("--quick");
const host = await startHost();
try {
  const setUp = await setUpCentre(host.origin, host.setupToken, INVENTED_CENTRE);
  await benchReports(host, setUp.intake.colleague.cookie, quick ? 500 : 3000);
  await benchPortalWeight();
} finally {
  await host.stop();
}
