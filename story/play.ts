import { report } from "./chapters/report.ts";
import { linkBoard, openCentre } from "./chapters/set-up.ts";
import { plugInSecurityKeys } from "./people.ts";
import type { Step } from "./step.ts";
import type { World } from "./world.ts";

/** What a reader of the whole story knows at its end, and nobody else should. */
export type Ending = { readonly returnCode: string };

/** Plays the story from the first set-up to the last exit. @throws {StoryBroken} at the first step that does not hold. */
export async function playStory(world: World, step: Step): Promise<Ending> {
  const page = await world.computer.open();
  const seat = { page, keys: await plugInSecurityKeys(page) };
  await openCentre(world, step, seat);
  await linkBoard(world, step, seat);
  const returnCode = await report(world, step);
  return { returnCode };
}
