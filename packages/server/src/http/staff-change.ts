import { Refusal, type Role } from "@jikim/casework";
import { readCertificate, type Signed } from "@jikim/evidence";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { findCentre } from "../store/centre.ts";
import { refreshNext } from "../store/next.ts";
import type { SignedIn } from "../store/session.ts";
import { certifiedBy, holdsKeys, type StaffRow } from "../store/staff.ts";
import {
  activate,
  countActive,
  holdsAlone,
  leave,
  lockCasesOf,
  lockStaff,
  saveApproval,
} from "../store/staff-change.ts";

export type Decision = { readonly jikim: Jikim; readonly by: SignedIn; readonly id: string };

/** Supervisors who must approve an enrolment; all there are when there are fewer. */
const APPROVALS = 2;

/** Without these roles a centre stands still: their last person does not leave. */
const NEEDED: readonly Role[] = ["admin", "intake", "supervisor"];

/**
 * A supervisor vouches that this is the person who was invited. Roles without a key need nothing more. Nobody vouches for herself:
 * who waits is not active, and so passes no guard.
 */
export async function approve({ jikim, by, id }: Decision): Promise<void> {
  mustBe(by, "supervisor");
  await jikim.db.transaction().execute(async (tx) => {
    const staff = await find(tx, id, ["waiting"]);
    const approvedBy = [...new Set([...staff.approvedBy, by.staffId])];
    await saveApproval(tx, id, approvedBy);
    if (!holdsKeys(staff.roles) && (await isApproved(tx, { ...staff, approvedBy }))) await activate(tx, id, null);
  });
}

/** A supervisor brings what the root signed. @throws {ServerRefusal} `APPROVALS_MISSING`, `CERTIFICATE_REFUSED`. */
export async function certify({ jikim, by, id }: Decision, certificate: Signed): Promise<void> {
  mustBe(by, "supervisor");
  await jikim.db.transaction().execute(async (tx) => {
    const staff = await find(tx, id, ["waiting", "active"]);
    const { root } = await findCentre(tx);
    if (root === null || !isFor(staff, certificate, { root, now: jikim.now() }))
      throw new ServerRefusal({ code: "CERTIFICATE_REFUSED" });
    if (staff.state === "waiting" && !(await isApproved(tx, staff)))
      throw new ServerRefusal({ code: "APPROVALS_MISSING" });
    await activate(tx, id, certificate);
  });
}

/** The admin ends someone's access at once; her cases go back to the queue. @throws {ServerRefusal} `LAST_OF_ROLE`, `CASES_HELD_ALONE`. */
export async function dismiss({ jikim, by, id }: Decision): Promise<void> {
  mustBe(by, "admin");
  const now = jikim.now();
  await jikim.db.transaction().execute(async (tx) => {
    // Cases before people, as whoever gives a case away locks them.
    await lockCasesOf(tx, id);
    const staff = await find(tx, id, ["invited", "waiting", "active"]);
    const needed = staff.state === "active" ? NEEDED.filter((role) => staff.roles.includes(role)) : [];
    for (const role of needed)
      if ((await countActive(tx, role, id)) === 0) throw new ServerRefusal({ code: "LAST_OF_ROLE" });
    if (await holdsAlone(tx, id)) throw new ServerRefusal({ code: "CASES_HELD_ALONE" });
    for (const caseId of await leave(tx, id)) await refreshNext(tx, jikim.vault, caseId, now);
  });
}

/** @throws {Refusal} `ROLE_MISSING`. */
function mustBe(person: SignedIn, role: Role): void {
  if (!person.roles.includes(role)) throw new Refusal({ code: "ROLE_MISSING", role });
}

async function find(tx: InTransaction, id: string, states: readonly StaffRow["state"][]): Promise<StaffRow> {
  const staff = await lockStaff(tx, id);
  if (staff === null || !states.includes(staff.state)) throw new ServerRefusal({ code: "NOT_FOUND" });
  return staff;
}

async function isApproved(tx: InTransaction, staff: StaffRow): Promise<boolean> {
  const supervisors = await countActive(tx, "supervisor", staff.id);
  return staff.approvedBy.length >= Math.min(APPROVALS, supervisors);
}

/** The root's signature over this person's own key, and over exactly the roles she was invited to. */
function isFor(
  staff: StaffRow,
  certificate: Signed,
  { root, now }: { readonly root: string; readonly now: Temporal.Instant },
): boolean {
  if (certifiedBy({ ...staff, certificate }, root, now) === null) return false;
  const roles = new Set(readCertificate(certificate, "staff", root, now.epochMilliseconds)?.roles);
  return roles.size === staff.roles.length && staff.roles.every((role) => roles.has(role));
}
