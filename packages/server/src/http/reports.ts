import { timingSafeEqual } from "node:crypto";
import { laneOf, NO_QUESTIONS, nextAct, type PlaceAddress, readPlace } from "@jikim/casework";
import { type Signed, signReceipt } from "@jikim/evidence";
import { checkEffort } from "../challenge.ts";
import { type Report, reportAcceptedSchema, reportSchema } from "../contract/portal.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { type CentreRow, findCentre } from "../store/centre.ts";
import { type Accepted, countLately, findSubmission, recordReport, type Submitted } from "../store/report.ts";
import { findIntake } from "../store/staff.ts";
import { keyOfToken } from "../store/token.ts";
import type { Routes } from "./app-type.ts";
import { aMinute } from "./limits.ts";

/** A report of the largest shape the contract allows. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** POST /api/reports: acknowledged once it is on disk; the same report again is the same case and the same receipt. */
export const reportRoutes: Routes = (app, jikim) => {
  const options = {
    ...aMinute(jikim.config.anonymousAMinute),
    bodyLimit: BODY_LIMIT,
    schema: { body: reportSchema, response: { 200: reportAcceptedSchema } },
  };
  app.post("/api/reports", options, async ({ body }) => {
    const before = await findSubmission(jikim.db, body.submissionId);
    return { receipt: before ? sameReceipt(jikim, body, before) : await acceptReport(jikim, body) };
  });
};

async function acceptReport(jikim: Jikim, report: Report): Promise<Signed> {
  const { db, vault } = jikim;
  const accepted = await decideReport(jikim, report);
  if ((await recordReport(db, vault, accepted)) !== null) return accepted.receipt;
  // The phone sent it twice at once, or the code is already a case's.
  const other = await findSubmission(db, report.submissionId);
  if (other === null) throw new ServerRefusal({ code: "SUBMISSION_TAKEN" });
  return sameReceipt(jikim, report, other);
}

/** Who does not hold the code that sent a report learns nothing about it. */
function sameReceipt({ vault }: Jikim, report: Report, before: Submitted): Signed {
  if (timingSafeEqual(before.tokenKey, keyOfToken(vault, report.token))) return before.receipt;
  throw new ServerRefusal({ code: "SUBMISSION_TAKEN" });
}

async function decideReport({ db, vault, service, now }: Jikim, report: Report): Promise<Accepted> {
  const at = now();
  const effort = checkEffort(vault, report.effort, at);
  const places = readAddresses(report.places);
  const centre = await findCentre(db);
  await checkWraps(report, await holdersOf(centre, { db, at }));
  const { gate, mostReportsAnHour: mostAnHour } = centre;
  const lane = laneOf({ gate, mostAnHour, acceptedInLastHour: await countLately(db, mostAnHour, at) });
  const state = lane === "queue" ? "received" : "set-aside";
  const next = nextAct({ ...factsOf(report, places.length), state, receivedAt: at }, at);
  const receipt = signReceipt({ receivedAt: at.toString(), commitment: report.commitment }, service.secret);
  return { report, places, effort, state, next, receipt, at };
}

/** @throws {ServerRefusal} `CENTRE_NOT_OPEN`. */
async function holdersOf(
  { root, openedAt }: CentreRow,
  { db, at }: { readonly db: Jikim["db"]; readonly at: Temporal.Instant },
): Promise<ReadonlySet<string>> {
  if (root === null || openedAt === null) throw new ServerRefusal({ code: "CENTRE_NOT_OPEN" });
  const intake = await findIntake(db, root, at);
  return new Set(["survivor", "recovery", ...intake.map((staff) => staff.staffId)]);
}

/** Sealed to exactly those the centre shows: a missing one could not help her, one more could read along. */
async function checkWraps({ wraps }: Report, holders: ReadonlySet<string>): Promise<void> {
  const given = new Set(wraps.map((wrap) => wrap.holder));
  const exact = given.size === wraps.length && given.size === holders.size && given.isSubsetOf(holders);
  if (!exact) throw new ServerRefusal({ code: "HOLDERS_CHANGED" });
}

/** The cleaned addresses, each once, in order. @throws {ServerRefusal} `BAD_REQUEST` at one that is none. */
export function readAddresses(given: readonly PlaceAddress[]): PlaceAddress[] {
  const addresses = given.map(({ text }, at) => {
    const address = readPlace(text);
    if (address === null) throw new ServerRefusal({ code: "BAD_REQUEST", field: `body.places.${at}.text` });
    return address;
  });
  return [...new Map(addresses.map((address) => [`${address.kind} ${address.text}`, address])).values()];
}

function factsOf({ codes, consents, items }: Report, openPlaces: number) {
  return {
    danger: codes.danger,
    threat: codes.threat,
    assigned: false,
    hasMandate: false,
    sharesFingerprints: consents.share,
    asksRemoval: consents.remove,
    unlistedItems: items.length,
    openPlaces,
    backPlaces: 0,
    questions: NO_QUESTIONS,
    draftNotices: 0,
    unansweredSince: null,
    unreadMailSince: null,
    ...{ doubtSince: null, sheetSince: null, stepSince: null },
    safeContactWaitingSince: null,
    answerDue: null,
  };
}
