import { benchList } from "../../sdk/bench/list.ts";
import type { portal } from "../src/contract.ts";
import { call } from "../src/demo/call.ts";
import type { SetUp } from "../src/demo/staff.ts";
import type { Hosted } from "./hosted.ts";
import { newPlatformKey } from "./platforms.ts";
import { printRow } from "./row.ts";

/** A platform's first day: every entry fetched, its signature checked, stored and in force. The baseline is its own restart. */
export async function benchListSync(host: Hosted, setUp: SetUp, entries: number): Promise<void> {
  await host.ask(`list ${entries}`);
  const { json: centre } = await call<portal.Centre>(host.origin, { path: "/api/centre" });
  const key = await newPlatformKey(host.origin, setUp, "벤치 목록");
  const result = await benchList({ url: host.origin, key, root: centre.root ?? "" });
  const name = `list-sync-${entries}`;
  printRow({ name, value: result.seconds, unit: "s", baseline: result.restartSeconds });
  printRow({
    name: `${name}-memory`,
    value: result.megabytes.most - result.megabytes.before,
    unit: "MB",
    baseline: null,
  });
}
