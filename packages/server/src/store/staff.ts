import type { Role } from "@jikim/casework";
import { type Certified, readCertificate, type Signed } from "@jikim/evidence";
import type { Selectable } from "kysely";
import type { Database, Tables } from "../database.ts";

export type StaffRow = Selectable<Tables["staff"]>;

/** A person whose key the root vouches for. */
export type CertifiedStaff = {
  readonly staffId: string;
  readonly roles: readonly string[];
  readonly recipient: string;
  readonly certificate: Signed;
};

const KEY_ROLES: readonly Role[] = ["intake", "caseworker", "supervisor"];

/** Whether someone of these roles holds case keys. Admin, auditor and analyst never do. */
export function holdsKeys(roles: readonly Role[]): boolean {
  return roles.some((role) => KEY_ROLES.includes(role));
}

/** Active intake staff whose certificate holds now, in a steady order: everyone a report is sealed to. */
export async function findIntake(db: Database, root: string, now: Temporal.Instant): Promise<CertifiedStaff[]> {
  const rows = await db
    .selectFrom("staff")
    .selectAll()
    .where("state", "=", "active")
    .where((is) => is(is.val("intake"), "=", is.fn.any("roles")))
    .orderBy("createdAt")
    .orderBy("id")
    .execute();
  return rows.flatMap((row) => certifiedBy(row, root, now) ?? []);
}

/** The certificate of a person when the root signed it for her own key and it has not run out, else null. */
export function certifiedBy(row: StaffRow, root: string, now: Temporal.Instant): CertifiedStaff | null {
  if (row.certificate === null) return null;
  const certified = readOnce(row.certificate, root);
  if (certified === null || Date.parse(certified.notAfter) <= now.epochMilliseconds) return null;
  const own =
    certified.staffId === row.id && certified.recipient === row.recipient && certified.verifyKey === row.verifyKey;
  if (!own) return null;
  return { staffId: row.id, roles: row.roles, recipient: certified.recipient, certificate: row.certificate };
}

type StaffCertificate = Extract<Certified, { kind: "staff" }>;

const MOST_KNOWN = 1000;
const known = new Map<string, StaffCertificate | null>();

/** What a certificate says, whether or not it has run out. Every report needs the same few, so each signature is verified once. */
function readOnce(certificate: Signed, root: string): StaffCertificate | null {
  const key = [root, certificate.signature, certificate.payload].join("\n");
  const before = known.get(key);
  if (before !== undefined) return before;
  const certified = readCertificate(certificate, "staff", root, Number.NEGATIVE_INFINITY);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, certified);
  return certified;
}

export async function findStaff(db: Database, id: string): Promise<StaffRow | null> {
  return (await db.selectFrom("staff").selectAll().where("id", "=", id).executeTakeFirst()) ?? null;
}

/** Everyone, those who left too, in order of invitation. */
export async function listStaff(db: Database): Promise<StaffRow[]> {
  return db.selectFrom("staff").selectAll().orderBy("createdAt").orderBy("id").execute();
}
