import {
  certify,
  keyFingerprint,
  newRecoveryKey,
  newSigningKey,
  type RecoveryKey,
  readBase32,
  type SigningKey,
  showRootSecret,
} from "@jikim/evidence";
import type { Setup, SetupKeys } from "./contract.ts";

/**
 * How long the root's signatures count, in years. A centre's own choice: staff come back to the root every other year, so that someone
 * forgotten in the list of staff falls out; the service and recovery keys live longer, since renewing them stops the centre.
 */
const YEARS = { staff: 2, service: 5, recovery: 10 } as const;
const YEAR_MS = 365.25 * 24 * 3_600_000;

/** The centre's two offline keys, in this page's memory only, until they are on paper. */
export type CentreKeys = { readonly root: SigningKey; readonly recovery: RecoveryKey };

export async function makeCentreKeys(): Promise<CentreKeys> {
  return { root: newSigningKey(), recovery: await newRecoveryKey() };
}

/** One sheet of paper: the root's secret, or one share of the recovery key. `groups` are four characters each. */
export type Sheet = { readonly what: "root" | "share"; readonly number: number; readonly groups: readonly string[] };

export function sheetsOf(keys: CentreKeys): readonly Sheet[] {
  const root: Sheet = { what: "root", number: 0, groups: showRootSecret(keys.root.secret).split("-") };
  const shares = keys.recovery.shares.map(
    (share, at): Sheet => ({ what: "share", number: at + 1, groups: share.split("-") }),
  );
  return [root, ...shares];
}

/**
 * Which group of each sheet she types back (0 is the first), so that a sheet nobody kept is noticed while it still can be. Only
 * whole groups: the last one can be shorter.
 */
export function groupsToProve(sheets: readonly Sheet[]): readonly number[] {
  const random = crypto.getRandomValues(new Uint8Array(sheets.length));
  return sheets.map(({ groups }, at) => (random[at] ?? 0) % groups.filter((group) => group.length === 4).length);
}

/** Whether what she typed is that group of the sheet, however she wrote it. */
export function provesKept(sheet: Sheet, group: number, typed: string): boolean {
  return readBase32(typed) === sheet.groups[group];
}

/** What the root signs about a colleague. */
export type StaffToCertify = {
  readonly staffId: string;
  readonly roles: readonly string[];
  readonly recipient: string;
  readonly verifyKey: string;
};

/** @param now  milliseconds since 1970. */
export function certifyStaff(
  staff: StaffToCertify,
  rootSecret: string,
  now: number,
): SetupKeys["certificates"]["intake"] {
  const { staffId, roles, recipient, verifyKey } = staff;
  const notAfter = yearsAfter(now, YEARS.staff);
  return certify({ kind: "staff", staffId, roles, recipient, verifyKey, notAfter }, rootSecret);
}

/** All that leaves this page at set-up: public halves and what the root signed. */
export function certifyCentre(keys: CentreKeys, setup: Setup, centre: SetupKeys["centre"], now: number): SetupKeys {
  if (setup.intake === null) throw new Error("the intake person has not enrolled");
  const { secret } = keys.root;
  return {
    root: keys.root.public,
    certificates: {
      service: certify(
        { kind: "service", verifyKey: setup.serviceKey, notAfter: yearsAfter(now, YEARS.service) },
        secret,
      ),
      recovery: certify(
        { kind: "recovery", recipient: keys.recovery.recipient, notAfter: yearsAfter(now, YEARS.recovery) },
        secret,
      ),
      intake: certifyStaff(setup.intake, secret, now),
    },
    centre,
  };
}

/** For the leaflet. */
export function rootFingerprint(keys: CentreKeys): string {
  return keyFingerprint(keys.root.public);
}

function yearsAfter(now: number, years: number): string {
  return new Date(now + years * YEAR_MS).toISOString();
}
