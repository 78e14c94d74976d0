import { takeCase } from "./chapters/case-work.ts";
import { lookAgain } from "./chapters/check.ts";
import { keepEvidence } from "./chapters/evidence.ts";
import { leaveAtOnce } from "./chapters/leave.ts";
import { listItems } from "./chapters/list.ts";
import { askForRemoval } from "./chapters/notice.ts";
import { report } from "./chapters/report.ts";
import { comeBackLater } from "./chapters/return.ts";
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
  await takeCase(world, step, seat);
  await keepEvidence(world, step, page);
  await listItems(world, step, page);
  await askForRemoval(world, step, page);
  await lookAgain(world, step, page);
  await comeBackLater(world, step, returnCode, page);
  await leaveAtOnce(world, step, returnCode);
  return { returnCode };
}
