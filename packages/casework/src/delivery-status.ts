/** What a mail server says of one recipient of a mail (RFC 3464, 2.3). */
export type RecipientStatus = {
  /** The address it speaks of, lower case, without its type; null when it is not said. */
  readonly recipient: string | null;
  /** The address as we gave it, when it was forwarded since. */
  readonly original: string | null;
  /** hard: given up · soft: still being tried · delivered: handed on. */
  readonly kind: "hard" | "soft" | "delivered";
  /** Such as "5.1.1" (RFC 3463); null when it is not said. */
  readonly status: string | null;
};

/**
 * Statuses by which a mail server says that the address itself takes no mail: no such mailbox, system or address, moved, or a domain
 * that takes none (RFC 3463, 3.2: 5.1.1, 5.1.2, 5.1.3, 5.1.6; RFC 7505, 4.2: 5.1.10), or cannot be found (RFC 3463, 3.5: 5.4.4, which
 * Postfix gives for an unknown domain). 5.1.7 and 5.1.8 speak of the sender's address, 5.7.x of what we wrote: those are ours to mend.
 */
const DEAD: ReadonlySet<string> = new Set(["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"]);

/** Whether a status says that the address it speaks of takes no mail. */
export function isDeadAddress(status: string | null): status is string {
  return status !== null && DEAD.has(status);
}

/** Blocks of a report that are read: ours name one or two recipients. */
const MOST_BLOCKS = 50;

/**
 * Reads a message/delivery-status part: blocks of fields, the first about the report itself. Blocks that say nothing usable are
 * left out; text that is none gives none.
 */
export function readDeliveryStatus(text: string): readonly RecipientStatus[] {
  const blocks = text.replaceAll("\r\n", "\n").split(/\n[ \t]*\n/, MOST_BLOCKS);
  return blocks.flatMap((block) => readBlock(block) ?? []);
}

function readBlock(block: string): RecipientStatus | null {
  const fields = new Map<string, string>();
  // Lines that begin with a space go on from the line before (RFC 5322, 2.2.3).
  for (const line of block.replace(/\n[ \t]+/g, " ").split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name !== "" && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get("status") ?? "")?.[0] ?? null;
  const kind = kindOf(fields.get("action")?.toLowerCase() ?? "", status);
  if (kind === null) return null;
  const [recipient, original] = [addressIn(fields.get("final-recipient")), addressIn(fields.get("original-recipient"))];
  return recipient === null && original === null ? null : { recipient, original, kind, status };
}

/** The action decides; a server that gave up after trying says "failed" with a status of class 4 (RFC 3464, 2.3.3). */
function kindOf(action: string, status: string | null): RecipientStatus["kind"] | null {
  if (action === "failed") return "hard";
  if (action === "delayed") return "soft";
  if (action === "delivered" || action === "relayed" || action === "expanded") return "delivered";
  if (action !== "" || status === null) return null;
  return status.startsWith("5") ? "hard" : status.startsWith("4") ? "soft" : "delivered";
}

function addressIn(field: string | undefined): string | null {
  const address = field
    ?.slice(field.indexOf(";") + 1)
    .trim()
    .replace(/^<|>$/g, "")
    .toLowerCase();
  return address?.includes("@") ? address : null;
}
