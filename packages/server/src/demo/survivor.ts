import { randomUUID } from "node:crypto";
import {
  type CaseKey,
  keysOfReturnCode,
  newCaseKey,
  newReturnCode,
  type ReturnCode,
  readCertificate,
  receiptCommitment,
  recipientOf,
  seal,
  solve,
  wrapCaseKey,
} from "@jikim/evidence";
import type { portal } from "../contract.ts";
import { call } from "./call.ts";

type Report = portal.Report;

/** What an invented survivor tells: the parts of a report before sealing. */
export type Told = Pick<Report, "language" | "codes" | "items" | "places" | "consents" | "withdrawalPlan"> & {
  readonly story: { readonly story: string; readonly names: string };
  readonly contact: {
    readonly ways: string;
    readonly when: string;
    readonly where: string;
    readonly whatMayBeSaid: string;
    readonly safeContact: string;
  };
};

/** A report as it goes out, and what stays with her. */
export type Prepared = { readonly report: Omit<Report, "effort">; readonly code: ReturnCode; readonly key: CaseKey };

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

/** Seals a report as the portal does: a new case key, wraps to herself, the recovery key and every certified intake person. */
export async function prepareReport(centre: portal.Centre, told: Told): Promise<Prepared> {
  const code = newReturnCode();
  const keys = keysOfReturnCode(code);
  const survivorRecipient = await recipientOf(keys.identity);
  const key = await newCaseKey(survivorRecipient);
  const holders = [...holdersOf(centre), { holder: "survivor", recipient: survivorRecipient }];
  const wraps = await Promise.all(
    holders.map(async ({ holder, recipient }) => ({ holder, wrapped: text(await wrapCaseKey(key, recipient)) })),
  );
  const sealed = async (content: unknown) => text(await seal({ by: "survivor", content }, [key.recipient]));
  const { story, contact, ...plain } = told;
  const report = {
    ...plain,
    submissionId: randomUUID(),
    token: keys.token,
    survivorRecipient,
    caseRecipient: key.recipient,
    wraps,
    commitment: receiptCommitment(keys.receiptSecret),
    documents: [
      { id: randomUUID(), kind: "story" as const, sealed: await sealed(story) },
      { id: randomUUID(), kind: "contact" as const, sealed: await sealed(contact) },
    ],
    notify: null,
  };
  return { report, code, key };
}

function holdersOf(centre: portal.Centre): { holder: string; recipient: string }[] {
  const { root, certificates } = centre;
  if (root === null || certificates.recovery === null) throw new Error("the centre is not open");
  const recovery = readCertificate(certificates.recovery, "recovery", root, Date.now());
  if (recovery === null) throw new Error("the recovery key is not certified");
  const intake = certificates.intake.map((certificate) => {
    const staff = readCertificate(certificate, "staff", root, Date.now());
    if (staff === null) throw new Error("an intake key is not certified");
    return { holder: staff.staffId, recipient: staff.recipient };
  });
  return [{ holder: "recovery", recipient: recovery.recipient }, ...intake];
}

/** Fetches a challenge and solves it. */
export async function makeEffort(origin: string): Promise<Report["effort"]> {
  const { json } = await call<{ seed: string; bits: number; parts: number }>(origin, {
    method: "POST",
    path: "/api/challenges",
  });
  return { seed: json.seed, solution: solve(json) };
}

export async function sendReport(origin: string, prepared: Prepared): Promise<void> {
  await call(origin, { path: "/api/reports", body: { ...prepared.report, effort: await makeEffort(origin) } });
}
