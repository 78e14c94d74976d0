import { showReturnCode } from "@jikim/evidence";
import type { desk, portal } from "../contract.ts";
import { type DemoBoard, linkBoard } from "./board.ts";
import { call } from "./call.ts";
import { INVENTED_CENTRE, type InventedCase } from "./invented.ts";
import { type Colleague, type SetUp, setUpCentre, takeCase, writeInto } from "./staff.ts";
import { prepareReport, sendReport } from "./survivor.ts";

/** What the operator of a demo is told: how to sign in, and one return code to look at a case from the other side. */
export type DemoAccess = { readonly setUp: SetUp; readonly returnCode: string };

/** Where the demo is filled in; `board` is the example platform beside it, if it runs. */
export type DemoPlace = { readonly origin: string; readonly setupToken: string; readonly board: DemoBoard | null };

/** Sets up an invented centre and fills it with invented cases, through the same routes that people use. */
export async function fillDemo(
  { origin, setupToken, board }: DemoPlace,
  cases: readonly InventedCase[],
): Promise<DemoAccess> {
  const setUp = await setUpCentre(origin, setupToken, INVENTED_CENTRE);
  if (board !== null) await linkBoard(origin, setUp.admin.cookie, board);
  const { json: centre } = await call<portal.Centre>(origin, { path: "/api/centre" });
  let returnCode = "";
  for (const [at, invented] of cases.entries()) {
    const prepared = await prepareReport(centre, invented.told);
    await sendReport(origin, prepared);
    if (at === 0) returnCode = showReturnCode(prepared.code);
  }
  await workOn(setUp.intake.colleague, centre, cases);
  return { setUp, returnCode };
}

/** Brings each invented case as far as it says. Cases are told apart by their order of arrival. */
async function workOn(colleague: Colleague, centre: portal.Centre, cases: readonly InventedCase[]): Promise<void> {
  const { origin, cookie } = colleague;
  const { json: queue } = await call<{ rows: desk.QueueRow[] }>(origin, { path: "/api/desk/cases?limit=200", cookie });
  const rows = queue.rows.toSorted((a, b) => a.number - b.number);
  for (const [at, invented] of cases.entries()) {
    const row = rows[at];
    if (row === undefined || invented.progress === "new") continue;
    await takeCase(colleague, row.id, centre);
    await advance(colleague, row.id, invented);
  }
}

async function advance(colleague: Colleague, caseId: string, { progress, message }: InventedCase): Promise<void> {
  const { origin, cookie } = colleague;
  if (message !== null) await writeInto(colleague, caseId, "message", { text: message });
  if (progress === "taken") return;
  await writeInto(colleague, caseId, "mandate", {
    statement: "지어낸 위임: 전화로 본인과 이야기하고 위임을 받았습니다.",
  });
  if (progress === "mandate") return;
  const { json: held } = await call<desk.Case>(origin, { path: `/api/desk/cases/${caseId}`, cookie });
  const items = held.items.map((item) => item.id);
  await call(origin, {
    path: `/api/desk/cases/${caseId}/entries`,
    cookie,
    body: { items, basis: "self-reported", reference: null },
  });
  if (progress === "asked") await ask(colleague, held);
}

async function ask({ origin, cookie }: Colleague, held: desk.Case): Promise<void> {
  const { json } = await call<{ id: string }[]>(origin, { path: "/api/desk/platforms", cookie });
  const recipients = json.map((platform) => platform.id);
  const places = held.places.map((place) => place.id);
  if (recipients.length === 0 || places.length === 0) return;
  const path = `/api/desk/cases/${held.id}/notices`;
  const drafted = await call<{ notices: { id: string }[] }>(origin, { path, cookie, body: { places, recipients } });
  const notices = drafted.json.notices.map((notice) => notice.id);
  await call(origin, { path: "/api/desk/notices/approve", cookie, body: { notices, recipients } });
}
