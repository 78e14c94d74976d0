import { keyFingerprint, newStaffKey, publicStaffKey, readCertificate, readRootSecret } from "@jikim/evidence";
import { expect, test } from "vitest";
import {
  certifyCentre,
  certifyStaff,
  groupsToProve,
  makeCentreKeys,
  provesKept,
  rootFingerprint,
  sheetsOf,
} from "../src/desk/ceremony.ts";
import type { Setup } from "../src/desk/contract.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");
const CENTRE = {
  name: { ko: "가상 센터", en: "Invented centre" },
  contact: { phone: "", mail: "", hours: { ko: "", en: "" } },
};

async function setupWithIntake(): Promise<Setup> {
  const key = await publicStaffKey(newStaffKey());
  const staffId = "6f0c1e9e-7c1a-4a53-8f0e-0b9a3c1d2e4f";
  return {
    step: "keys",
    enrolment: null,
    serviceKey: "ab".repeat(32),
    intake: { staffId, roles: ["intake", "caseworker", "supervisor"], ...key },
  };
}

test("the root signs the service key, the recovery key and the intake person, and only public halves leave", async () => {
  const keys = await makeCentreKeys();
  const setup = await setupWithIntake();
  const sent = certifyCentre(keys, setup, CENTRE, NOW);
  expect(readCertificate(sent.certificates.service, "service", sent.root, NOW)?.verifyKey).toBe(setup.serviceKey);
  expect(readCertificate(sent.certificates.recovery, "recovery", sent.root, NOW)?.recipient).toBe(
    keys.recovery.recipient,
  );
  expect(readCertificate(sent.certificates.intake, "staff", sent.root, NOW)).toMatchObject({
    staffId: setup.intake?.staffId,
    recipient: setup.intake?.recipient,
  });
  const body = JSON.stringify(sent);
  for (const secret of [keys.root.secret, ...keys.recovery.shares]) expect(body).not.toContain(secret);
});

test("the six sheets hold what the root and the recovery key are made of", async () => {
  const keys = await makeCentreKeys();
  const sheets = sheetsOf(keys);
  expect(sheets.map(({ what }) => what)).toEqual(["root", "share", "share", "share", "share", "share"]);
  expect(readRootSecret(sheets[0]?.groups.join(" ") ?? "", keys.root.public)).toBe(keys.root.secret);
  expect(sheets.slice(1).map(({ groups }) => groups.join("-"))).toEqual(keys.recovery.shares);
  expect(rootFingerprint(keys)).toBe(keyFingerprint(keys.root.public));
});

test("a sheet is kept only when the asked group is read from it, in any case and with misread letters", async () => {
  const sheets = sheetsOf(await makeCentreKeys());
  for (let tries = 0; tries < 200; tries++)
    for (const [at, group] of groupsToProve(sheets).entries()) expect(sheets[at]?.groups[group]).toHaveLength(4);
  const asked = groupsToProve(sheets);
  for (const [at, sheet] of sheets.entries()) {
    const group = asked[at] ?? -1;
    const said = sheet.groups[group] ?? "";
    expect(provesKept(sheet, group, ` ${said.toLowerCase().replaceAll("0", "o").replaceAll("1", "l")} `)).toBe(true);
    expect(provesKept(sheet, group, "")).toBe(false);
    expect(provesKept(sheet, group, sheet.groups.find((other) => other !== said) ?? "")).toBe(false);
  }
});

test("a certificate made by a supervisor runs out, and is of this root alone", async () => {
  const [keys, others, setup] = [await makeCentreKeys(), await makeCentreKeys(), await setupWithIntake()];
  if (setup.intake === null) throw new Error("no intake");
  const certificate = certifyStaff(setup.intake, keys.root.secret, NOW);
  const inThreeYears = NOW + 3 * 365.25 * 86_400_000;
  expect(readCertificate(certificate, "staff", keys.root.public, NOW)).not.toBeNull();
  expect(readCertificate(certificate, "staff", keys.root.public, inThreeYears)).toBeNull();
  expect(readCertificate(certificate, "staff", others.root.public, NOW)).toBeNull();
});
