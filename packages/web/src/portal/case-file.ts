import {
  type CaseKey,
  keysOfReturnCode,
  newCaseKey,
  openSealed,
  type ReturnCode,
  readCertificate,
  readDocument,
  recipientOf,
  reseal,
  unwrapCaseKey,
} from "@jikim/evidence";
import type { portal } from "@jikim/server/contract";
import { fromBase64url, toBase64url } from "../shared/base64url.ts";
import { type ContactContent, readContact, readMessage, readStory, type StoryContent } from "../shared/documents.ts";
import { type ProvenanceContent, readProvenanceContent } from "../shared/provenance-content.ts";
import type { Holder, TrustedKeys } from "./centre.ts";
import { wrapFor } from "./submission.ts";

/** One message; `text` is null when it does not open, or when it claims to be of staff and its signature does not hold. */
export type Letter = {
  readonly id: string;
  readonly at: string;
  readonly by: "survivor" | "staff";
  readonly text: string | null;
};

/** Her case as her code opens it. */
export type CaseFile = {
  readonly code: ReturnCode;
  readonly key: CaseKey;
  readonly my: portal.MyCase;
  readonly story: StoryContent | null;
  readonly contact: ContactContent | null;
  /** Oldest first. */
  readonly letters: readonly Letter[];
  /** What files on her device said of where they come from, as she sent it; oldest first. */
  readonly marks: readonly { readonly id: string; readonly at: string; readonly content: ProvenanceContent }[];
  /** Staff who hold the case key now and whom the root vouches for today; null when the server shows one it never vouched for. */
  readonly holders: readonly Holder[] | null;
};

/**
 * Opens what she is shown of her case; notes, the mandate and what recipients wrote stay sealed.
 *
 * @throws {SealRefusal} when the case key does not open with this code.
 */
export async function openCase(my: portal.MyCase, code: ReturnCode, root: string): Promise<CaseFile> {
  const key = await unwrapCaseKey(fromBase64url(my.wrapped), keysOfReturnCode(code).identity);
  const opened = await Promise.all(
    my.documents.filter(isShown).map(async (document) => ({ ...document, value: await open(document, key) })),
  );
  const ofHers = (kind: "story" | "contact") => {
    const found = opened.find((document) => document.kind === kind);
    const read = found && readDocument(found.value, { caseId: my.id, kind }, root);
    return read?.author === null ? read.content : null;
  };
  const letters = opened
    .flatMap(({ id, kind, at, by, value }): Letter[] =>
      kind === "message" && by !== "recipient"
        ? [{ id, at, by, text: textOf(value, { caseId: my.id, by, root }) }]
        : [],
    )
    .sort((a, b) => a.at.localeCompare(b.at));
  const marks = opened.flatMap(({ id, kind, at, value }) => {
    const written = kind === "provenance" ? readDocument(value, { caseId: my.id, kind }, root) : null;
    const content = readProvenanceContent(written?.author === null ? written.content : null);
    return content === null ? [] : [{ id, at, content }];
  });
  return {
    code,
    key,
    my,
    marks,
    story: readStory(ofHers("story")),
    contact: readContact(ofHers("contact")),
    letters,
    holders: trustHolders(my.holders, root),
  };
}

function isShown({ kind }: portal.MyCase["documents"][number]): boolean {
  return kind !== "note" && kind !== "mandate" && kind !== "answer";
}

function open({ sealed }: { readonly sealed: string }, key: CaseKey): Promise<unknown> {
  return openSealed(fromBase64url(sealed), key.identity).catch(() => null);
}

type Claim = { readonly caseId: string; readonly by: "survivor" | "staff"; readonly root: string };

/** The words of a message, only when it was written by whom the server says. */
function textOf(value: unknown, { caseId, by, root }: Claim): string | null {
  const read = readDocument(value, { caseId, kind: "message" }, root);
  if (read === null || (read.author === null) !== (by === "survivor")) return null;
  return readMessage(read.content)?.text ?? null;
}

/** As with intake keys: one that has merely run out is passed over, and gets no new case key. */
function trustHolders(certificates: portal.MyCase["holders"], root: string): Holder[] | null {
  const holders: Holder[] = [];
  for (const certificate of certificates) {
    const staff = readCertificate(certificate, "staff", root, Number.NEGATIVE_INFINITY);
    if (staff === null) return null;
    if (Date.parse(staff.notAfter) > Date.now()) holders.push({ holder: staff.staffId, recipient: staff.recipient });
  }
  return holders;
}

type Sealed = { readonly id: string; readonly sealed: string };

export type Replacement = {
  readonly token: string;
  readonly survivorRecipient: string;
  readonly rekey: {
    readonly fromVersion: number;
    readonly caseRecipient: string;
    readonly wraps: readonly { readonly holder: string; readonly wrapped: string }[];
    readonly documents: readonly Sealed[];
    readonly fileKeys: readonly Sealed[];
  };
  readonly chats: readonly Sealed[];
};

/** A new code, and what of her chats only the old one opens. */
export type NewCode = { readonly code: ReturnCode; readonly hers: readonly Sealed[] };

/**
 * A new code and a new case key, with every document sealed again; the old code then opens nothing. What cannot be opened any
 * more is replaced by a mark, as when a case is assigned: else one damaged document would keep her from ever changing her code.
 *
 * @throws when a holder is not vouched for: then nothing is replaced.
 */
export async function replaceCode(file: CaseFile, keys: TrustedKeys, { code, hers }: NewCode): Promise<Replacement> {
  if (file.holders === null) throw new Error("a holder is not certified by the root");
  const own = keysOfReturnCode(code);
  const survivorRecipient = await recipientOf(own.identity);
  const key = await newCaseKey(survivorRecipient);
  const wraps = await wrapFor(key, [
    { holder: "survivor", recipient: survivorRecipient },
    keys.recovery,
    ...file.holders,
  ]);
  const documents = await resealAll(file.my.documents, file.key.identity, key.recipient);
  const fileKeys = await resealAll(file.my.fileKeys, file.key.identity, key.recipient);
  const rekey = { fromVersion: file.my.keyVersion, caseRecipient: key.recipient, wraps, documents, fileKeys };
  const chats = await resealAll(hers, keysOfReturnCode(file.code).identity, survivorRecipient);
  return { token: own.token, survivorRecipient, rekey, chats };
}

/** One after the other: an old phone has little memory. */
async function resealAll(all: readonly Sealed[], identity: string, recipient: string): Promise<Sealed[]> {
  const anew: Sealed[] = [];
  for (const { id, sealed } of all)
    anew.push({ id, sealed: toBase64url(await reseal(fromBase64url(sealed), identity, recipient)) });
  return anew;
}
