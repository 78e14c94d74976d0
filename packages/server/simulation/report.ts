import type { portal } from "../src/contract.ts";
import { call } from "../src/demo/call.ts";
import { prepareReport } from "../src/demo/survivor.ts";
import type { Pages } from "./pages.ts";
import type { WorldCase } from "./world.ts";

/** A survivor reports over HTTP, sealed as the portal seals. */
export async function reportCase(origin: string, { number, places }: WorldCase, pages: Pages): Promise<void> {
  const { json: shown } = await call<portal.Centre>(origin, { path: "/api/centre" });
  const prepared = await prepareReport(shown, {
    language: "ko",
    codes: { danger: false, threat: false, ageBand: "20s", harms: ["synthesised", "circulated"] },
    items: [pages.item],
    places: places.map((place) => ({ kind: "url", text: pages.addressOf(place) })),
    consents: { remove: true, share: false, police: false, statistics: true },
    withdrawalPlan: "at-once",
    story: { story: "지어낸 이야기입니다", names: `가상인물 ${number}` },
    contact: { ways: "지어낸 주소", when: "저녁", where: "집", whatMayBeSaid: "주문 안내", safeContact: "가상의 친구" },
  });
  const { json } = await call<{ seed: string }>(origin, { method: "POST", path: "/api/challenges" });
  const effort = { seed: json.seed, solution: [0, 0] };
  await call(origin, { path: "/api/reports", body: { ...prepared.report, effort } });
}
