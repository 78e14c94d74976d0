import type { Statement } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import { type Ask, ask as askServer } from "../shared/api.ts";
import { language } from "../shared/language.svelte.ts";
import type {
  Assignment,
  Case,
  CaseLookup,
  Centre,
  CentreTexts,
  DocumentPost,
  Enrol,
  Enrolment,
  EntriesPost,
  Invited,
  Platform,
  PlatformCreated,
  PlatformPost,
  Queue,
  Session,
  Setup,
  SetupKeys,
  SignIn,
  SignInOptions,
  StaffMember,
} from "./contract.ts";

/** Every route the desk asks. Errors are those of `ask`. */

export type Lane = "queue" | "mine" | "set-aside" | "closed";

/** Says that our own page asks: another site cannot set this header (cross-site request forgery). */
export const HEADERS = { "x-jikim": "desk" } as const;

/** Asks in the language on screen, so that what the server says needs no translation. */
export function ask<T>(path: `/api/${string}`, asked: Ask = {}): Promise<T> {
  return askServer<T>(path, { ...asked, headers: { ...asked.headers, "accept-language": language() } });
}

export function post<T>(
  path: `/api/${string}`,
  body: unknown = {},
  headers: Readonly<Record<string, string>> = HEADERS,
) {
  return ask<T>(path, { method: "POST", body, headers });
}

export const readSetup = (token: string) => ask<Setup>("/api/setup", { headers: { authorization: `Setup ${token}` } });
export const sendSetupKeys = (token: string, keys: SetupKeys) =>
  post<unknown>("/api/setup/keys", keys, { ...HEADERS, authorization: `Setup ${token}` });
export const readEnrolment = (token: string) =>
  ask<Enrolment>("/api/enrolment", { headers: { authorization: `Enrolment ${token}` } });
export const sendEnrolment = (token: string, enrolled: Enrol) =>
  post<unknown>("/api/enrolment", enrolled, { ...HEADERS, authorization: `Enrolment ${token}` });

export const readCentre = () => ask<Centre>("/api/centre");
export const startSignIn = () => post<SignInOptions>("/api/desk/sign-in/options");
export const signIn = (answer: SignIn) => post<Session>("/api/desk/sign-in", answer);
export const signOut = () => ask<unknown>("/api/desk/session", { method: "DELETE", headers: HEADERS });

export function readQueue(lane: Lane, cursor: string | null): Promise<Queue> {
  const query = new URLSearchParams({ lane, limit: "50", ...(cursor === null ? {} : { cursor }) });
  return ask<Queue>(`/api/desk/cases?${query}`);
}
/** The case with this number among those whose key she holds. */
export const findCaseByNumber = async (number: number) =>
  (await ask<CaseLookup>(`/api/desk/cases/lookup?number=${number}`)).id;
export const readCase = (id: string) => ask<Case>(`/api/desk/cases/${id}`);
export const rekeyCase = (id: string, assignment: Assignment) =>
  post<unknown>(`/api/desk/cases/${id}/rekey`, assignment);
export const closeCase = (id: string) => post<unknown>(`/api/desk/cases/${id}/close`);
export const sendDocument = (id: string, document: DocumentPost) =>
  post<unknown>(`/api/desk/cases/${id}/documents`, document);
export type MandatePost = {
  readonly by: "talk" | "documents";
  readonly statements: readonly Statement[];
  readonly document: { readonly id: string; readonly keyVersion: number; readonly sealed: string };
};
export const recordMandate = (id: string, mandate: MandatePost) =>
  post<unknown>(`/api/desk/cases/${id}/mandate`, mandate);
export type LinkQuestion = { readonly places: readonly string[]; readonly document: MandatePost["document"] };
export const sendLinkQuestion = (id: string, question: LinkQuestion) =>
  post<unknown>(`/api/desk/cases/${id}/link-questions`, question);
/** What she stated later, or took back. A name comes with "name-may-be-given". */
export type StatementsPost = {
  readonly by: "talk" | "documents";
  readonly add: readonly Statement[];
  readonly retract: readonly Statement[];
  readonly name?: string;
};
export const recordStatements = (id: string, stated: StatementsPost) =>
  post<unknown>(`/api/desk/cases/${id}/statements`, stated);
export type Flags = {
  readonly danger?: boolean;
  readonly threat?: boolean;
  readonly policeHold?: boolean;
  readonly safeContactTold?: true;
};
export const setFlags = (id: string, flags: Flags) => post<unknown>(`/api/desk/cases/${id}/flags`, flags);
export const listItems = (id: string, entries: EntriesPost) => post<unknown>(`/api/desk/cases/${id}/entries`, entries);
export const changeEntry = (id: string, change: "withdraw" | "dispute" | "settle") =>
  post<unknown>(`/api/desk/entries/${id}`, { change });
export const addPlaces = (id: string, places: readonly { readonly kind: "url" | "room"; readonly text: string }[]) =>
  post<unknown>(`/api/desk/cases/${id}/places`, { places });
export const checkPlace = (id: string) => post<unknown>(`/api/desk/places/${id}/checks`);

export const readPlatforms = () => ask<readonly Platform[]>("/api/desk/platforms");
export const createPlatform = (platform: PlatformPost) => post<PlatformCreated>("/api/desk/platforms", platform);
export const changePlatform = (id: string, change: { readonly hostile?: boolean; readonly revokeKey?: true }) =>
  post<unknown>(`/api/desk/platforms/${id}`, change);

export const readStaff = () => ask<readonly StaffMember[]>("/api/desk/staff");
export const inviteStaff = (roles: readonly string[]) => post<Invited>("/api/desk/staff", { roles });
export type StaffChange =
  | { readonly change: "approve" }
  | { readonly change: "certify"; readonly certificate: Signed }
  | { readonly change: "leave" };
export const changeStaff = (id: string, change: StaffChange) => post<unknown>(`/api/desk/staff/${id}`, change);

export const readCentreTexts = () => ask<CentreTexts>("/api/desk/centre");
export const saveCentreTexts = (texts: CentreTexts) =>
  ask<unknown>("/api/desk/centre", { method: "PUT", body: texts, headers: HEADERS });
export const setGate = (gate: "open" | "closed") => post<unknown>("/api/desk/gate", { gate });
export type SetAside = {
  readonly change: "reopen" | "close" | "set-aside";
  readonly after: string;
  readonly before: string;
};
export const changeSetAside = (change: SetAside) => post<{ readonly changed: number }>("/api/desk/set-aside", change);
