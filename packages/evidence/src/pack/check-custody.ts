import { z } from "../schema.ts";
import { type Finding, failed, held, unchecked } from "./finding.ts";
import { type ReadPack, textOf } from "./read.ts";

/** What was done with the evidence before it was packed, one JSON object to a line; it is signed with the pack. */
export const CUSTODY_PATH = "data/custody.jsonl";

/** An act as a line of the history, or the place of one that can no longer be read. */
const lineSchema = z.union([
  z.looseObject({ did: z.string().min(1) }),
  z.looseObject({ what: z.literal("unreadable") }),
]);

/** Whether the history of custody is one. That no act is missing nobody can see from the pack; the log of the centre says it. */
export function checkCustody(pack: ReadPack): Finding[] {
  if (!pack.digests.has(CUSTODY_PATH)) return [];
  if (!pack.tags.has(CUSTODY_PATH)) return [{ ...unchecked("custody", "TOO_LARGE"), part: CUSTODY_PATH }];
  const lines = (textOf(pack, CUSTODY_PATH) ?? "").split("\n");
  const isWhole = lines.pop() === "" && lines.length > 0 && lines.every(isAct);
  if (!isWhole) return [failed("custody", "MALFORMED", CUSTODY_PATH)];
  return [{ ...held("custody", String(lines.length)), part: CUSTODY_PATH }];
}

function isAct(line: string): boolean {
  try {
    return lineSchema.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
