import { keyFingerprint, readCertificate } from "@jikim/evidence";
import type { portal } from "@jikim/server/contract";

/** A holder of the case key: a staff id or `recovery`, and the age recipient that the root vouches for. */
export type Holder = { readonly holder: string; readonly recipient: string };

/** The centre's keys, each signed by its root. Only through these is anything sealed or believed. */
export type TrustedKeys = {
  readonly root: string;
  /** Ed25519, hex: signs receipts. */
  readonly serviceKey: string;
  readonly recovery: Holder;
  readonly intake: readonly Holder[];
};

/**
 * Checks every certificate that the server shows against the root. A key that the root signed and that has merely run out is
 * passed over; one that it did not sign means someone put it there, and then nothing is sealed to anyone.
 *
 * @param now  milliseconds since 1970.
 * @returns null when the keys must not be trusted, or too few are left.
 */
export function trustKeys(centre: portal.Centre, now: number): TrustedKeys | null {
  const { root, certificates } = centre;
  if (root === null || certificates.service === null || certificates.recovery === null) return null;
  const service = readCertificate(certificates.service, "service", root, now);
  const recovery = readCertificate(certificates.recovery, "recovery", root, now);
  if (service === null || recovery === null) return null;
  const intake: Holder[] = [];
  for (const certificate of certificates.intake) {
    const staff = readCertificate(certificate, "staff", root, Number.NEGATIVE_INFINITY);
    if (staff === null || !staff.roles.includes("intake")) return null;
    if (Date.parse(staff.notAfter) > now) intake.push({ holder: staff.staffId, recipient: staff.recipient });
  }
  if (intake.length === 0) return null;
  return {
    root,
    serviceKey: service.verifyKey,
    recovery: { holder: "recovery", recipient: recovery.recipient },
    intake,
  };
}

/** The root's fingerprint in groups, to compare with the printed leaflet. */
export function leafletFingerprint(root: string): string {
  return keyFingerprint(root);
}
