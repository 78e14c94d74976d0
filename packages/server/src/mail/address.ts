/** The bare address of a sender such as "가상 센터 <notices@centre.example>". */
export function bareAddress(from: string): string {
  return (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim();
}

/** `notices@centre.example` and a tag make `notices+tag@centre.example`, which reaches the same mailbox (RFC 5233). */
export function plusAddress(from: string, tag: string): string {
  const address = bareAddress(from);
  const at = address.lastIndexOf("@");
  return at < 1 ? address : `${address.slice(0, at)}+${tag}${address.slice(at)}`;
}

/** The same for every try: whoever gets a mail twice can tell (RFC 5322, 3.6.4). @param id  of the notice, or with ".N" of a later mail. */
export function messageIdOf(id: string, from: string): string {
  return `<${id}@${domainOf(from)}>`;
}

/** Of a mail to our own archive that is sent after one of which we do not know whether it left. @param tries  how often that was tried. */
export function probeIdOf(messageId: string, tries: number): string {
  return messageId.replace("@", `.probe${tries}@`);
}

function domainOf(from: string): string {
  return /@([\w.-]+)$/.exec(bareAddress(from))?.[1]?.toLowerCase() ?? "jikim.invalid";
}

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** A mail of ours by its Message-ID: the notice it is about, and its number among the mails about it. */
export type OwnMail = { readonly noticeId: string; readonly number: number };

export function readMessageId(messageId: string, from: string): OwnMail | null {
  const found = new RegExp(`^<?(${UUID})(?:\\.([1-9]))?(?:\\.probe\\d{1,2})?@([^<>@\\s]+)>?$`, "i").exec(
    messageId.trim(),
  );
  if (found === null || found[3]?.toLowerCase() !== domainOf(from)) return null;
  return { noticeId: (found[1] ?? "").toLowerCase(), number: Number(found[2] ?? 1) };
}

/** The notices whose plus addresses of ours stand in these headers, each once. */
export function readPlusTags(addresses: readonly string[], from: string): readonly string[] {
  const [local = "", domain = ""] = bareAddress(from).toLowerCase().split("@");
  const pattern = new RegExp(
    `(?<![\\w.+-])${escapePattern(local)}\\+(${UUID})@${escapePattern(domain)}(?![\\w.-])`,
    "g",
  );
  return [...new Set(addresses.flatMap((each) => [...each.toLowerCase().matchAll(pattern)].map(([, id = ""]) => id)))];
}

/** Everything in a text that may be a notice's id, each once. */
export function readIds(text: string): readonly string[] {
  const found = text.toLowerCase().matchAll(new RegExp(`(?<![0-9a-f-])${UUID}(?![0-9a-f-])`, "g"));
  return [...new Set([...found].map(([id]) => id))];
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
