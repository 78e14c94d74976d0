import type { Page } from "@playwright/test";
import { disguises } from "../pictures.ts";
import { POST } from "../planted.ts";
import { must, type Step, within } from "../step.ts";
import { button, deskSaid } from "../words.ts";
import type { World } from "../world.ts";
import { untilShown } from "./case-work.ts";

/** How soon a platform acts on a change of the list (issue: "within 5 s"). */
export const SOON_SECONDS = 5;

/** Both items go on the list: one as self-reported, which platforms hold; one at a request of the police, which they block. */
export async function listItems(world: World, step: Step, page: Page): Promise<void> {
  await step("list: an item goes on the list as self-reported", async () => {
    await listItem(page, 1, "self-reported");
    await page.locator('[data-item="1"]').getByText(deskSaid("desk_effect_hold")).waitFor();
    await world.look(page, "desk-listed");
  });
  await step("list: within 5 s the board holds it, and its copies however changed", () => isHeld(world));
  await step("list: an item goes on the list at a request of the police", async () => {
    await listItem(page, 2, "police");
    await page.locator('[data-item="2"]').getByText(deskSaid("desk_effect_block")).waitFor();
  });
  await step("list: the board blocks it, and says why", () => isBlocked(world));
  await step("list: what the board did shows at the desk", async () => {
    const did = (item: number, what: string) => page.locator(`[data-item="${item}"] .answers`).getByText(what);
    const isShown = async () =>
      (await did(1, `그림마당: ${deskSaid("desk_did_held")}`).count()) > 0 &&
      (await did(2, `그림마당: ${deskSaid("desk_did_blocked")}`).count()) > 0;
    await untilShown(page, SOON_SECONDS, "the board's answers", isShown);
    await world.look(page, "desk-answers");
  });
}

async function listItem(page: Page, number: number, basis: "self-reported" | "police"): Promise<void> {
  await page.locator(`[data-item="${number}"]`).getByRole("checkbox").check();
  const named = basis === "police" ? deskSaid("desk_basis_police") : deskSaid("desk_basis_self_reported");
  await page.locator("#items").getByRole("radio", { name: named }).check();
  if (basis === "police") await page.getByLabel(deskSaid("desk_reference")).fill("지어낸 문서 2026-1");
  await button(page, deskSaid("desk_list_go", { count: 1 })).click();
}

async function isHeld({ board, files }: World): Promise<void> {
  // What is on the board already tells when the list is in force there.
  await within(SOON_SECONDS, "the board holds the post", async () => (await board.open(POST)).status !== 200);
  must((await board.open(POST)).page.includes("검토를 기다리고 있습니다"), "the post is not held for review");
  for (const [how, copy] of Object.entries(await disguises(files[0].bytes))) {
    const { status, page } = await board.upload(copy, `copy-${how}`);
    must(status === 202 && page.includes("검토를 기다리고 있습니다"), `the ${how} copy was answered ${status}`);
    must((await board.open(`copy-${how}`)).status === 404, `the ${how} copy is shown`);
  }
}

async function isBlocked({ board, files }: World): Promise<void> {
  const copies = await disguises(files[1].bytes);
  let last = await board.upload(copies.same, "police-same");
  await within(SOON_SECONDS, "the board blocks", async () => {
    if (last.status === 303) last = await board.upload(copies.same, `police-${Date.now()}`);
    return last.status === 451;
  });
  for (const [how, copy] of Object.entries(copies)) {
    const { status, page } = await board.upload(copy, `police-${how}-again`);
    must(status === 451, `the ${how} copy was answered ${status}`);
    must(page.includes("경찰의 요청으로 막혀 있습니다"), "the uploader is not told why");
  }
}
