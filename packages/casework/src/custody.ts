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
] as const;
export type CustodyAct = (typeof CUSTODY_ACTS)[number];
