/**
 * What sealed documents hold, inside evidence's `CaseDocument`. The server never sees these shapes: portal and desk check them
 * by hand, since what comes out of a seal was written by someone else.
 */

/** What happened in her own words, and names (hers, or of whoever did it) as she chose to give them. */
export type StoryContent = { readonly story: string; readonly names: string };

/**
 * How to reach her safely. `ways` names phone, mail or messenger; `safeContact` the person told of a delayed withdrawal.
 * `trustedAdult`, `guardianUnsafe` and `childRules` belong to the path for minors: an adult she trusts; whether the one who did it
 * is her guardian, who then must not be contacted; whether she was told what staff must pass on, and so was not asked.
 */
export type ContactContent = {
  readonly ways: string;
  readonly when: string;
  readonly where: string;
  readonly whatMayBeSaid: string;
  readonly safeContact: string;
  readonly trustedAdult: string;
  readonly guardianUnsafe: boolean;
  readonly childRules: boolean;
};

/** A message between her and the centre. */
export type MessageContent = { readonly text: string };

/** For staff only. */
export type NoteContent = { readonly text: string };

/** Her statement on which the authority to act rests, as staff wrote it down. */
export type MandateContent = { readonly statement: string };

/**
 * A recipient's mail, as the server read and sealed it. Nobody vouches for who wrote it. Of its files only type, length in bytes and
 * SHA-256 are left; `cut`: it was longer, or not all of it could be read.
 */
export type AnswerContent = {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** The words that gave it its class; empty when none did. */
  readonly phrase: string;
  readonly cut: boolean;
  readonly parts: readonly { readonly type: string; readonly bytes: number; readonly sha256: string }[];
};

type Texts<K extends string> = { readonly [key in K]: string };

/** An object of exactly these texts, or null. */
function readTexts<K extends string>(value: unknown, keys: readonly K[]): Texts<K> | null {
  if (typeof value !== "object" || value === null) return null;
  const held = value as Record<string, unknown>;
  const read: Record<string, string> = {};
  for (const key of keys) {
    const text = held[key];
    if (typeof text !== "string") return null;
    read[key] = text;
  }
  return read as Texts<K>;
}

export function readStory(value: unknown): StoryContent | null {
  return readTexts(value, ["story", "names"]);
}

export function readContact(value: unknown): ContactContent | null {
  const texts = readTexts(value, ["ways", "when", "where", "whatMayBeSaid", "safeContact"]);
  if (texts === null) return null;
  const { trustedAdult, guardianUnsafe, childRules } = value as Record<string, unknown>;
  return {
    ...texts,
    trustedAdult: typeof trustedAdult === "string" ? trustedAdult : "",
    guardianUnsafe: guardianUnsafe === true,
    childRules: childRules === true,
  };
}

export function readMessage(value: unknown): MessageContent | null {
  return readTexts(value, ["text"]);
}

export function readNote(value: unknown): NoteContent | null {
  return readTexts(value, ["text"]);
}

export function readAnswer(value: unknown): AnswerContent | null {
  const texts = readTexts(value, ["from", "subject", "text", "phrase"]);
  if (texts === null) return null;
  const { cut, parts } = value as Record<string, unknown>;
  const read = Array.isArray(parts) ? parts.flatMap((part: unknown) => readPart(part) ?? []) : [];
  return { ...texts, cut: cut === true, parts: read };
}

function readPart(value: unknown): AnswerContent["parts"][number] | null {
  const texts = readTexts(value, ["type", "sha256"]);
  const bytes = texts === null ? null : (value as Record<string, unknown>).bytes;
  return texts === null || typeof bytes !== "number" ? null : { ...texts, bytes };
}

export function readMandate(value: unknown): MandateContent | null {
  return readTexts(value, ["statement"]);
}
