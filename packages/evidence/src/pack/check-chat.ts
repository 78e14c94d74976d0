import { chatPartSchema, findUnproved } from "../chat/part.ts";
import { type Finding, failed, held, unchecked } from "./finding.ts";
import { jsonOf, type ReadPack } from "./read.ts";

const CHAT = "data/chat.json";
/** So many of the messages that are not proved are named. */
const NAMED = 20;

/** Whether the shown messages of a chat prove to have stood in it, and the left out ones to be all others. */
export function checkChats(pack: ReadPack): Finding[] {
  if (!pack.digests.has(CHAT)) return [];
  if (!pack.tags.has(CHAT)) return [{ ...unchecked("proved", "TOO_LARGE"), part: CHAT }];
  const read = chatPartSchema.safeParse(jsonOf(pack, CHAT));
  if (!read.success) return [failed("proved", "MALFORMED", CHAT)];
  const { shown, leftOut } = read.data;
  const messages = { shown: shown.length, leftOut };
  const unproved = findUnproved(read.data);
  if (unproved === null) return [{ ...failed("proved", "COUNTS_DIFFER", CHAT), messages }];
  if (unproved.length === 0) return [{ ...held("proved"), messages }];
  const places = `${unproved.slice(0, NAMED).join(" ")}${unproved.length > NAMED ? " …" : ""}`;
  return [{ ...failed("proved", "UNPROVED", CHAT, places), messages }];
}
