import { m } from "../../paraglide/messages.js";
import { sayRole } from "../words.ts";
import type { Custody } from "./evidence-work.ts";
import { OUTSIDE_ACTS, sayUnitKind, UNIT_KINDS } from "./words.ts";

/** What can be said of an act on the evidence, for a line of a list. */

/** What a log note calls a pack, a capture or a chat; null where it is none of this case. */
export type NameOf = (packId: string) => string | null;

/** What more there is to say; codes that say nothing to a person are left out. */
export function sayNote({ note, did, outside, role }: Custody, nameOf: NameOf): string {
  if (note === null) return "";
  const kind = UNIT_KINDS.find((each) => each === note);
  if (kind !== undefined) return m.ev_note_for({ who: sayUnitKind(kind) });
  if (note === "usb") return m.ev_note_usb();
  if (note === "not-uploaded") return m.ev_note_not_uploaded();
  const [, kept, count] = /^([\w-]{36}): (\d+),/.exec(note) ?? [];
  if (did === "kept-handed" && kept !== undefined)
    return m.ev_note_kept({ count: count ?? "", pack: nameOf(kept) ?? "" });
  const into = nameOf(note);
  if (into !== null) return m.ev_note_into({ pack: into });
  // Words that a person wrote down; those of the server are codes.
  const isWritten =
    outside !== null || (role !== "server" && role !== "unit" && OUTSIDE_ACTS.some((each) => each === did));
  return isWritten && !/^([\w-]{36}|chat-\w+)$/.test(note) ? `“${note}”` : "";
}

/** Who did it; where somebody outside says so, also who wrote that down. */
export function sayWho({ role, who, outside }: Custody): string {
  const writer = `${sayRole(role)} ${UNIT_KINDS.find((each) => each === who) === undefined ? who : ""}`.trim();
  return outside === null ? writer : m.ev_who_outside({ unit: sayUnitKind(outside.unit), writer });
}

/** Its place in the log. */
export function sayEntry({ entry }: Custody): string {
  return entry === null ? `○ ${m.ev_log_waits()}` : `✓ ${m.ev_log_entry({ number: entry })}`;
}
