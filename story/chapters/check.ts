import type { Page } from "@playwright/test";
import { POST } from "../planted.ts";
import { must, type Step } from "../step.ts";
import { button, deskSaid } from "../words.ts";
import type { World } from "../world.ts";

/** Only a look makes the place "removed"; the picture put back makes it "back". */
export async function lookAgain(world: World, step: Step, page: Page): Promise<void> {
  const place = page.locator('[data-place="1"]');
  await step("check: a look at the place, and only that, makes it removed", async () => {
    must((await place.getAttribute("data-state")) === "asked", "the place was removed before anyone looked");
    await button(page, deskSaid("desk_look_now_at", { number: 1 })).click();
    await page.locator('[data-place="1"][data-state="removed"]').waitFor();
    await world.look(page, "desk-removed");
  });
  await step("check: the picture is put back, let through by the board's reviewer", async () => {
    const { status } = await world.board.upload(world.files[0].bytes, POST);
    must(status === 202, `the board answered ${status} instead of holding it`);
    await world.board.release(POST);
    must((await world.board.open(POST)).status === 200, "the post is not shown again");
  });
  await step("check: the next look says back, and the place is open again", async () => {
    await button(page, deskSaid("desk_look_now_at", { number: 1 })).click();
    await page.locator('[data-place="1"][data-state="back"]').waitFor();
    await page.getByText(deskSaid("desk_next_approve_notices")).waitFor();
    await world.look(page, "desk-back");
  });
}
