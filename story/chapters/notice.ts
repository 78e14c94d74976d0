import type { Page } from "@playwright/test";
import { POST } from "../planted.ts";
import { must, type Step, within } from "../step.ts";
import { button, deskSaid } from "../words.ts";
import type { World } from "../world.ts";
import { untilShown } from "./case-work.ts";
import { SOON_SECONDS } from "./list.ts";

/** A notice for the place on the board: drafted, read, approved by naming its recipient, obeyed, answered. */
export async function askForRemoval(world: World, step: Step, page: Page): Promise<void> {
  await step("notice: drafted for the platform that answers for the place", async () => {
    // The mandate brought it: nobody asked for it, and nothing left.
    const draft = page.locator('[data-notice="draft"]').filter({ hasText: "그림마당" });
    await untilShown(page, SOON_SECONDS, "the draft", async () => (await draft.count()) === 1);
    await world.look(page, "desk-routes");
    must((await world.board.open(POST)).status !== 410, "a draft alone removed the post");
  });
  await step("notice: the letter is read, and approved by naming its recipient", () => approve(world, page));
  await step("notice: the platform removes the picture and says so", async () => {
    await within(SOON_SECONDS, "the post is removed", async () => (await world.board.open(POST)).status === 410);
    must((await world.board.open(POST)).page.includes("삭제된 그림입니다"), "the board does not say it was removed");
  });
  await step("notice: it came by API and by mail, and acted once", () => cameTwice(world));
  await step("notice: both deliveries and one answer stand in the ledger", async () => {
    const place = page.locator('[data-place="1"]');
    const lines = [
      deskSaid("desk_ledger_delivered", { who: "그림마당", way: deskSaid("desk_way_api") }),
      deskSaid("desk_ledger_delivered", { who: "그림마당", way: deskSaid("desk_way_mail") }),
      deskSaid("desk_ledger_answered", { who: "그림마당", answer: deskSaid("desk_answer_removed") }),
    ];
    const counts = () => Promise.all(lines.map((line) => place.getByText(line, { exact: true }).count()));
    const each = async () => (await counts()).every((count) => count === 1);
    await untilShown(page, 10, "the ledger", each);
    await place.locator("summary").click();
    await world.look(page, "desk-ledger");
    must((await place.getAttribute("data-state")) === "asked", "an answer alone made the place removed");
  });
}

async function approve(world: World, page: Page): Promise<void> {
  await button(page, deskSaid("desk_approve_all", { count: 1 })).click();
  const dialog = page.getByRole("dialog");
  const recipient = dialog.getByRole("checkbox", { name: /그림마당/ }).first();
  await recipient.uncheck();
  must(await dialog.locator("form button:not([type])").isDisabled(), "it could be sent without naming the recipient");
  await recipient.check();
  const go = button(dialog, deskSaid("desk_approve_send", { who: "그림마당" }));
  await dialog.getByText(deskSaid("desk_letter_read")).click();
  await dialog.locator(".letter").getByText(`/p/${POST}`).first().waitFor();
  await world.look(page, "desk-approve");
  await go.click();
  await dialog.waitFor({ state: "hidden" });
}

/** The board's mailbox takes only what the service key signed; the number of the notice is the same by either way. */
async function cameTwice({ board, mail, running }: World): Promise<void> {
  const taken = () => board.log().match(/"event":"mail-taken","noticeId":"([^"]+)"/g) ?? [];
  await within(15, "the mail is taken", async () => taken().length > 0);
  must(taken().length === 1, "more than one mail was taken");
  must(mail.sent().includes("jikim-notice.json"), "the mail holds no signed notice");
  must(!board.log().includes("mail-refused"), "the board refused a mail");
  const notices = await running.jikim.db.selectFrom("notice").select(["id", "state", "answer"]).execute();
  const [notice] = notices;
  must(notices.length === 1 && notice !== undefined, `${notices.length} notices instead of one`);
  must(taken()[0]?.includes(notice?.id ?? "-") === true, "the mail was of another notice");
}
