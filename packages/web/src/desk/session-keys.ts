import {
  type Passphrase,
  publicStaffKey,
  readCertificate,
  type Signed,
  type StaffKey,
  unwrapWithPasskey,
  unwrapWithPassphrase,
} from "@jikim/evidence";
import { fromBase64url } from "../shared/base64url.ts";
import type { Session } from "./contract.ts";

/** Who works at this desk now. Lives in memory only: a reload or the lock forgets it. */
export type Worker = {
  readonly staffId: string;
  readonly pseudonym: string;
  readonly roles: Session["roles"];
  /** null until set-up is finished. */
  readonly root: string | null;
  readonly keys: WorkerKeys;
};

/**
 * none: a role without a key (admin, auditor, analyst) · locked: the passkey used here cannot open it · waiting: the root has not
 * signed the key yet · refused: a certificate that the root did not sign, or that has run out · open: cases can be opened.
 */
export type WorkerKeys =
  | { readonly state: "none" | "locked" | "waiting" | "refused" }
  | { readonly state: "open"; readonly key: StaffKey; readonly certificate: Signed; readonly recipient: string };

/** What opens the staff key: the passkey's PRF output, or the passphrase. */
export type WayIn =
  | { readonly by: "passkey"; readonly prf: Uint8Array | null }
  | { readonly by: "passphrase"; readonly passphrase: Passphrase };

/**
 * Unwraps the staff key and checks that the root vouches for exactly this key and this person.
 * @throws {SealRefusal} when the wrap does not open.
 */
export async function openWorker(session: Session, way: WayIn, now: number): Promise<Worker> {
  const { staffId, pseudonym, roles, root } = session;
  return { staffId, pseudonym, roles, root, keys: await openKeys(session, way, now) };
}

async function openKeys(session: Session, way: WayIn, now: number): Promise<WorkerKeys> {
  if (session.wrapped === null) return { state: needsKey(session.roles) ? "locked" : "none" };
  if (way.by === "passkey" && way.prf === null) return { state: "locked" };
  const wrapped = fromBase64url(session.wrapped);
  const key =
    way.by === "passphrase"
      ? await unwrapWithPassphrase(wrapped, way.passphrase)
      : await unwrapWithPasskey(wrapped, way.prf ?? new Uint8Array());
  if (session.certificate === null || session.root === null) return { state: "waiting" };
  const certified = readCertificate(session.certificate, "staff", session.root, now);
  const own = await publicStaffKey(key);
  const isOwn =
    certified?.staffId === session.staffId &&
    certified.recipient === own.recipient &&
    certified.verifyKey === own.verifyKey;
  return isOwn
    ? { state: "open", key, certificate: session.certificate, recipient: own.recipient }
    : { state: "refused" };
}

/** Admin, auditor and analyst hold no case keys. */
export function needsKey(roles: readonly string[]): boolean {
  return roles.some((role) => role === "intake" || role === "caseworker" || role === "supervisor");
}
