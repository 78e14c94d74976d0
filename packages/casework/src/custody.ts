/** What can happen to a pack after it was made; each is an entry of the log. */
export const CUSTODY_ACTS = [
  "captured",
  "sealed",
  "stamped",
  "opened",
  "copied",
  "sent",
  "taken",
  "verified",
  "locked",
  "unlocked",
  "deleted",
  "withdrawn",
  /** Bodies that a capture kept went along to police or prosecutors. */
  "kept-handed",
  /** Somebody outside says that it destroyed its copy. */
  "destroyed",
] as const;
export type CustodyAct = (typeof CUSTODY_ACTS)[number];
