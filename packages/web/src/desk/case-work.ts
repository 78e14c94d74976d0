import { ApiRefusal } from "../shared/api.ts";
import { assignCase, type NewHolders } from "./assignment.ts";
import { type CaseFile, type Opener, openCase, sealWriting, type Writing } from "./case-file.ts";
import { type MandatePost, readCase, recordMandate, rekeyCase, sendDocument, sendLinkQuestion } from "./server.ts";

/** How often a case is opened anew when its key or its documents changed meanwhile. */
const MOST_TRIES = 3;

/** Opens a case of the server in this browser. @throws {ApiRefusal} @throws {CaseRefusal} */
export async function fetchCase(id: string, opener: Opener): Promise<CaseFile> {
  return openCase(await readCase(id), opener);
}

/**
 * Does something that was sealed under the case key as this browser knows it. When the key changed meanwhile (she replaced her
 * code, a colleague assigned the case), the case is opened anew and all is sealed again.
 */
async function underCurrentKey<T>(file: CaseFile, opener: Opener, act: (file: CaseFile) => Promise<T>): Promise<T> {
  let current = file;
  for (let tried = 1; ; tried++) {
    try {
      return await act(current);
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.status !== 409 || tried === MOST_TRIES) throw error;
      const before = current;
      current = await fetchCase(file.case.id, opener);
      if (!isChanged(before, current)) throw error;
    }
  }
}

/** A refusal of another kind than a change of key or documents would only be refused again. */
function isChanged(before: CaseFile, after: CaseFile): boolean {
  return (
    before.case.keyVersion !== after.case.keyVersion || before.case.documents.length !== after.case.documents.length
  );
}

/** Sends a message to her, or keeps a note for staff. The id makes a second try of the same writing one writing. */
export function write(writing: Writing & { readonly kind: "message" | "note" }, file: CaseFile, opener: Opener) {
  const { kind } = writing;
  return underCurrentKey(file, opener, async (current) =>
    sendDocument(current.case.id, { kind, ...(await sealWriting(writing, current, opener)) }),
  );
}

/**
 * Asks her, by a message in her language, whether links that may be unique to her may be opened; that counts as this caseworker's yes.
 * The id makes a second try of the same question one question.
 */
export function askAboutLinks(
  question: { readonly id: string; readonly text: string; readonly places: readonly string[] },
  file: CaseFile,
  opener: Opener,
) {
  const { id, text, places } = question;
  const writing = { id, kind: "message", content: { text } } as const;
  return underCurrentKey(file, opener, async (current) =>
    sendLinkQuestion(current.case.id, { places, document: await sealWriting(writing, current, opener) }),
  );
}

/** Records how entitlement was established, with her statement sealed. */
export function writeMandate(
  mandate: {
    readonly id: string;
    readonly by: MandatePost["by"];
    readonly statements: MandatePost["statements"];
    readonly statement: string;
  },
  file: CaseFile,
  opener: Opener,
) {
  const writing = { id: mandate.id, kind: "mandate", content: { statement: mandate.statement } } as const;
  return underCurrentKey(file, opener, async (current) =>
    recordMandate(current.case.id, {
      ...{ by: mandate.by, statements: mandate.statements },
      document: await sealWriting(writing, current, opener),
    }),
  );
}

/** Gives the case to a colleague under a new key. */
export function assign(file: CaseFile, holders: NewHolders, opener: Opener) {
  return underCurrentKey(file, opener, async (current) =>
    rekeyCase(current.case.id, await assignCase(current, holders)),
  );
}
