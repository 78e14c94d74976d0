/** Takes the two pictures of the README, with the invented centre and cases: `node run.mjs story/readme-pictures.ts [DIR]`. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { boardPicture } from "../packages/server/src/demo/board.ts";
import { fillDemo } from "../packages/server/src/demo/fill.ts";
import { inventedCases } from "../packages/server/src/demo/invented.ts";
import { button, deskSaid, said, titled } from "./words.ts";
import { openWorld, type World } from "./world.ts";

async function takePortal({ phone, origin }: World, path: string): Promise<void> {
  const page = await phone.open();
  await page.goto(origin);
  await titled(page, said("welcome_title"));
  await page.screenshot({ path });
}

async function takeDesk({ computer, origin }: World, path: string, who: { pseudonym: string; passphrase: string }) {
  const page = await computer.open();
  await page.goto(`${origin}/desk/`);
  await page.getByText(deskSaid("desk_sign_in_passphrase")).click();
  await page.getByLabel(deskSaid("desk_pseudonym")).fill(who.pseudonym);
  await page.getByLabel(deskSaid("desk_passphrase"), { exact: true }).fill(who.passphrase);
  await button(page, deskSaid("desk_sign_in_go")).click();
  const first = button(page, deskSaid("desk_root_same"));
  await first.click();
  await page.locator("[data-row]").first().waitFor();
  await page.screenshot({ path });
}

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, "..", "docs"));
await mkdir(folder, { recursive: true });
const world = await openWorld();
try {
  const { board, origin, running } = world;
  const cases = inventedCases(board.url, boardPicture());
  const place = { origin, setupToken: running.setupToken ?? "", board: { url: board.url, folder: board.data } };
  const { setUp } = await fillDemo(place, cases);
  await takePortal(world, join(folder, "portal.png"));
  await takeDesk(world, join(folder, "desk.png"), setUp.intake);
} finally {
  await world.close();
}
