import {
  type Certified,
  certify,
  keysOfReturnCode,
  newRecoveryKey,
  newReturnCode,
  newSigningKey,
  newStaffKey,
  openSealed,
  publicStaffKey,
  readDocument,
  unwrapCaseKey,
} from "@jikim/evidence";
import { portal } from "@jikim/server/contract";
import { beforeAll, expect, test } from "vitest";
import { trustKeys } from "../src/portal/centre.ts";
import { openWaiting, sealWaiting } from "../src/portal/outbox.ts";
import { sealReport, wrapAgain } from "../src/portal/submission.ts";
import { fromBase64url, toBase64url } from "../src/shared/base64url.ts";
import { inventDraft, PLANTED } from "./portal-answers.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");
const LATER = "2027-06-01T12:00:00Z";
const root = newSigningKey();
const service = newSigningKey();
const staffKey = newStaffKey();
const staffId = crypto.randomUUID();
let recovery = "";
let staff: Extract<Certified, { kind: "staff" }>;

beforeAll(async () => {
  recovery = (await newRecoveryKey()).recipient;
  staff = { kind: "staff", staffId, roles: ["intake"], notAfter: LATER, ...(await publicStaffKey(staffKey)) };
});

function centre(certificates: Partial<portal.Centre["certificates"]> = {}): portal.Centre {
  const text = { ko: "", en: "" };
  return {
    ...{ open: true, gate: "open", name: text, contact: { phone: "", mail: "", hours: text }, duty: text },
    root: root.public,
    certificates: {
      service: certify({ kind: "service", verifyKey: service.public, notAfter: LATER }, root.secret),
      recovery: certify({ kind: "recovery", recipient: recovery, notAfter: LATER }, root.secret),
      intake: [certify(staff, root.secret)],
      ...certificates,
    },
  };
}

test("the centre's keys hold when its root signed each of them", () => {
  expect(trustKeys(centre(), NOW)).toEqual({
    root: root.public,
    serviceKey: service.public,
    recovery: { holder: "recovery", recipient: recovery },
    intake: [{ holder: staffId, recipient: staff.recipient }],
  });
});

test("one intake key that the root did not sign, and nothing is sealed to anyone", () => {
  const other = newSigningKey();
  const good = certify(staff, root.secret);
  expect(trustKeys(centre({ intake: [good, certify(staff, other.secret)] }), NOW)).toBeNull();
  expect(
    trustKeys(centre({ intake: [good, { ...good, payload: good.payload.replace("age1", "age1q") }] }), NOW),
  ).toBeNull();
});

test("a key of someone who takes no reports, of another kind, or a missing one is refused", () => {
  expect(trustKeys(centre({ intake: [certify({ ...staff, roles: ["analyst"] }, root.secret)] }), NOW)).toBeNull();
  expect(trustKeys(centre({ recovery: certify(staff, root.secret) }), NOW)).toBeNull();
  expect(trustKeys(centre({ service: null }), NOW)).toBeNull();
  expect(trustKeys(centre({ intake: [] }), NOW)).toBeNull();
  expect(trustKeys({ ...centre(), root: null }, NOW)).toBeNull();
});

test("a key that has merely run out is passed over", () => {
  const old = certify({ ...staff, staffId: crypto.randomUUID(), notAfter: "2026-01-01T00:00:00Z" }, root.secret);
  expect(trustKeys(centre({ intake: [old, certify(staff, root.secret)] }), NOW)?.intake).toHaveLength(1);
  expect(trustKeys(centre({ intake: [old] }), NOW)).toBeNull();
});

async function sealed(changes: Parameters<typeof inventDraft>[0] = {}) {
  const keys = trustKeys(centre(), NOW);
  if (keys === null) throw new Error("the test's centre must be trusted");
  const code = newReturnCode();
  return { code, keys, parcel: await sealReport(inventDraft(changes), keys, code, "ko") };
}

test("a sealed report is what the contract asks for, and holds none of her words", async () => {
  const { parcel, code } = await sealed();
  const body = { ...parcel.report, effort: { seed: "s", solution: [1] } };
  expect(portal.reportSchema.parse(body)).toEqual(body);
  const text = JSON.stringify(body);
  for (const word of Object.values(PLANTED)) expect(text).not.toContain(word);
  expect(text).not.toContain(code);
  expect(text).not.toContain("AGE-SECRET-KEY");
});

test("she and the intake person open the same story and contact with their wraps", async () => {
  const { parcel, code } = await sealed({ ageBand: "14-17", guardian: true, trustedAdult: "고모" });
  for (const [holder, identity] of [
    ["survivor", keysOfReturnCode(code).identity],
    [staffId, staffKey.identity],
  ] as const) {
    const wrap = parcel.report.wraps.find((each) => each.holder === holder);
    const key = await unwrapCaseKey(fromBase64url(wrap?.wrapped ?? ""), identity);
    const opened = await Promise.all(
      parcel.report.documents.map(async ({ kind, sealed }) => {
        const value = await openSealed(fromBase64url(sealed), key.identity);
        return readDocument(value, { caseId: "any", kind }, root.public)?.content;
      }),
    );
    expect(opened).toEqual([
      { story: PLANTED.story, names: PLANTED.names },
      expect.objectContaining({ ways: PLANTED.ways, trustedAdult: "고모", guardianUnsafe: true, childRules: true }),
    ]);
  }
});

test("when staff changed on the way the same report is wrapped for those there are now", async () => {
  const { parcel, keys } = await sealed();
  const another = await publicStaffKey(newStaffKey());
  const id = crypto.randomUUID();
  const again = await wrapAgain(parcel, { ...keys, intake: [{ holder: id, recipient: another.recipient }] });
  expect(again.report.submissionId).toBe(parcel.report.submissionId);
  expect(again.report.wraps.map(({ holder }) => holder).sort()).toEqual(["recovery", "survivor", id].sort());
});

test("what waits on the device shows no place, no fingerprint, no token and no word, and only her code opens it", async () => {
  const { parcel, code } = await sealed();
  const waiting = await sealWaiting(parcel, code);
  const bytes = Buffer.from(waiting.sealed);
  const { token } = keysOfReturnCode(code);
  for (const secret of [
    "board.example",
    "0f0f0f0f",
    token,
    code,
    "AGE-SECRET",
    parcel.report.caseRecipient,
    PLANTED.story,
  ])
    expect(bytes.includes(secret)).toBe(false);
  expect(await openWaiting([waiting], newReturnCode())).toBeNull();
  expect(await openWaiting([await sealWaiting(parcel, newReturnCode()), waiting], code)).toEqual(parcel);
});

test("base64url comes back as it went", () => {
  const bytes = Uint8Array.from({ length: 70_001 }, (_, at) => (at * 7919) % 251);
  expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
  expect(toBase64url(Uint8Array.of(251, 255))).toBe("-_8");
});
