import {
  type CaseKey,
  openSealed,
  type ReadDocument,
  readDocument,
  seal,
  unwrapCaseKey,
  writeAsStaff,
} from "@jikim/evidence";
import { fromBase64url, toBase64url } from "../shared/base64url.ts";
import type { Case, StoredDocument } from "./contract.ts";
import type { Worker } from "./session-keys.ts";

/** A worker who can open cases. */
export type Opener = Extract<Worker["keys"], { state: "open" }> & { readonly staffId: string; readonly root: string };

/** The worker as one who opens cases, or null. */
export function openerOf(worker: Worker): Opener | null {
  return worker.keys.state === "open" && worker.root !== null
    ? { ...worker.keys, staffId: worker.staffId, root: worker.root }
    : null;
}

/**
 * A document of the case after opening. `read` is null when it could not be verified: it does not open, or staff are named as its
 * author and the root or the signature does not bear that out.
 */
export type OpenedDocument = Pick<StoredDocument, "id" | "kind" | "at" | "by"> & { readonly read: ReadDocument | null };

/** A case as opened in this browser. */
export type CaseFile = {
  readonly case: Case;
  readonly key: CaseKey;
  readonly documents: readonly OpenedDocument[];
};

/** Why a case cannot be opened with this worker's key. */
export class CaseRefusal extends Error {
  override readonly name = "CaseRefusal";
  readonly code: "NOT_A_HOLDER" | "KEY_NOT_OF_CASE" | "NOT_CERTIFIED";
  constructor(code: CaseRefusal["code"]) {
    super(code);
    this.code = code;
  }
}

/** Opens everything sealed to a case. @throws {CaseRefusal} */
export async function openCase(received: Case, opener: Opener): Promise<CaseFile> {
  const key = await unwrapCaseKey(fromBase64url(received.wrapped), opener.key.identity).catch(() => {
    throw new CaseRefusal("NOT_A_HOLDER");
  });
  const isOfCase = key.recipient === received.caseRecipient && key.survivorRecipient === received.survivorRecipient;
  if (!isOfCase) throw new CaseRefusal("KEY_NOT_OF_CASE");
  const documents = await Promise.all(
    received.documents.map((document) => openDocument(document, { caseId: received.id, key, root: opener.root })),
  );
  return { case: received, key, documents };
}

async function openDocument(
  document: StoredDocument,
  { caseId, key, root }: { readonly caseId: string; readonly key: CaseKey; readonly root: string },
): Promise<OpenedDocument> {
  const { id, kind, at, by } = document;
  const value = await openSealed(fromBase64url(document.sealed), key.identity).catch(() => null);
  const read = readDocument(value, { caseId, kind }, root);
  const isAsSaid = read !== null && (by === "staff") === (read.author !== null);
  return { id, kind, at, by, read: isAsSaid ? read : null };
}

/** What staff write into a case. */
export type Writing = {
  readonly id: string;
  readonly kind: "message" | "note" | "mandate";
  readonly content: unknown;
};

/** A writing signed by its author and sealed to the case, as it is posted. */
export async function sealWriting(
  writing: Writing,
  file: CaseFile,
  opener: Opener,
): Promise<{ readonly id: string; readonly keyVersion: number; readonly sealed: string }> {
  const { certificate, key } = opener;
  const binding = { caseId: file.case.id, kind: writing.kind };
  const document = writeAsStaff(writing.content, binding, { certificate, signingSecret: key.signingSecret });
  return {
    id: writing.id,
    keyVersion: file.case.keyVersion,
    sealed: toBase64url(await seal(document, [file.key.recipient])),
  };
}
