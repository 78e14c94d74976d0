/** The rules of casework: pure. Facts, time and chance come in as parameters. */

export {
  type Approval,
  AUTHORITY_KINDS,
  type Authority,
  type AuthorityKind,
  type AuthorityLaw,
  approveAuthority,
  approveBy,
  CAPTURE_MODES,
  type CaptureFacts,
  type CaptureMode,
  type CaptureOrder,
  checkAuthority,
  checkCapture,
  checkCover,
  coversReached,
  emergencyClock,
  lawOfAuthority,
  locks,
  type Scope,
  type Standing,
  standingOf,
} from "./authority.ts";
export { type AwsRequest, asTrial } from "./aws.ts";
export {
  addBusinessDays,
  CALENDARS,
  calendarOf,
  dayOf,
  holidaysOn,
  isBusinessDay,
  isKnown,
  nextBusinessDay,
} from "./calendar.ts";
export type { Calendar, Holiday } from "./calendars/holiday.ts";
export { CANARIES, type Canary, canaryOf, mayFetch } from "./canary.ts";
export { CASE_STATES, type CaseFacts, type CaseState, NEXT_ACTS, type Next, type NextAct, nextAct } from "./case.ts";
export { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
export {
  type Clock,
  clocksOf,
  dueAfter,
  type HourClock,
  KOREA_TARGET,
  type LegalClock,
  type NoticeTimes,
  type PolicyClock,
  PROMISES,
  type PromiseClock,
  type RunningClock,
  roughHours,
  runClock,
  runFirst,
  startOf,
} from "./clock.ts";
export type { CloudflareReport } from "./cloudflare.ts";
export { AGE_BANDS, type AgeBand, countsAsMinor, HARMS, type Harm, ROLES, type Role } from "./codes.ts";
export {
  ACTS,
  type Act,
  allowsSending,
  type Consent,
  giveConsent,
  isLive,
  settleConsent,
  type WithdrawalPlan,
  withdrawConsent,
} from "./consent.ts";
export { CUSTODY_ACTS, type CustodyAct } from "./custody.ts";
export {
  ABSENT_SECONDS,
  beginTry,
  DELIVERY_STATES,
  type Delivery,
  type DeliveryState,
  DOUBT_ANSWERS,
  type DoubtAnswer,
  dropDelivery,
  type Evidence,
  endTry,
  LONGEST_PAUSE_HOURS,
  layReady,
  loseTry,
  MOST_TRIES,
  type Settlement,
  sendByHand,
  setRight,
  settleDoubt,
  settlementOf,
  type TryOutcome,
  weighEvidence,
} from "./delivery.ts";
export { isDeadAddress, type RecipientStatus, readDeliveryStatus } from "./delivery-status.ts";
export { BASES, type Basis, checkEntry, type Effect, type EntryFacts, effectOf } from "./entry.ts";
export {
  coversNotice,
  decideEscalation,
  type Escalation,
  type EscalationFacts,
  type StandingPolicy,
} from "./escalation.ts";
export {
  auditReleases,
  type Count,
  type Figures,
  type PublishedCell,
  type Release,
  readTogether,
  stillHolds,
  suppress,
  THRESHOLDS,
  TOTAL,
} from "./figures.ts";
export {
  chooseEndWords,
  type EndFacts,
  type EndWords,
  type FollowUp,
  type FollowUpFacts,
  writeEnd,
  writeReminder,
} from "./follow-up.ts";
export {
  type ChosenGround,
  chooseGround,
  GROUND_REASONS,
  type GroundFacts,
  type GroundReason,
  type RecordedStatement,
  SENDER_KINDS,
  type SenderKind,
  STATEMENTS,
  type Statement,
} from "./ground.ts";
export { type IntakeFacts, laneOf } from "./intake.ts";
export {
  BESIDES,
  type Beside,
  besidesOf,
  type FoundRecipients,
  type LadderFacts,
  ladderOf,
  RUNG_REASONS,
  type Rung,
  type RungReason,
  WAITS,
} from "./ladder.ts";
export { LAWS } from "./laws/index.ts";
export {
  type Ground,
  type InForce,
  isInForce,
  JURISDICTIONS,
  type Jurisdiction,
  type Law,
  type LawTable,
  type LegalPeriod,
  MARKS,
  type Mark,
  type NoticeField,
  type Offence,
  offencesOn,
  PERIOD_STARTS,
  type PeriodStart,
  type PolicyTarget,
} from "./laws/law.ts";
export {
  assertableUntil,
  lastLooked,
  mayAssert,
  NO_READINGS,
  RECHECK_DAYS,
  type Reading,
  type Readings,
  textOf,
} from "./laws/reading.ts";
export {
  type AskedPlace,
  type LinkTalk,
  lacksSource,
  linkWaitsFor,
  NO_QUESTIONS,
  type PlaceQuestions,
  placeQuestions,
  UNASKED,
} from "./link-question.ts";
export {
  appendLeaf,
  type Inclusion,
  isConsistent,
  isIncluded,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  type ReadHash,
  rootHash,
  type Sha256,
  type StoredHash,
  type Tree,
} from "./log.ts";
export { commitTo, LOG_ENTRIES, type LogEntryKind, SALT_BYTES } from "./log-entry.ts";
export { type LogProof, readLogProof, writeLogProof } from "./log-proof.ts";
export {
  answerOf,
  type ClassedMail,
  CONFIRMABLE_CLASSES,
  classMail,
  isSureClass,
  type MailFacts,
  stripQuotes,
} from "./mail-answer.ts";
export { MAIL_CLASSES, type MailClass } from "./mail-class.ts";
export { MAIL_RULES, type MailRule } from "./mail-phrases.ts";
export {
  cosignedBytes,
  isKeyName,
  type Note,
  type NoteKey,
  type NoteSignature,
  type NoteSigner,
  noteKey,
  readCosignature,
  readKey,
  readNote,
  signatureBy,
  writeCosignature,
  writeKey,
  writeNote,
} from "./note.ts";
export {
  ANSWERS,
  type Answer,
  type ApprovalFacts,
  approveNotice,
  checkNotice,
  mayFollow,
  type Notice,
  type NoticeFacts,
  sendNotice,
} from "./notice.ts";
export {
  afterCheck,
  CHECK_OUTCOMES,
  type CheckOutcome,
  type PastedPlaces,
  PLACE_STATES,
  type PlaceAddress,
  type PlaceState,
  readPlace,
  readPlaces,
} from "./place.ts";
export {
  CHANNELS,
  type Channel,
  identityOf,
  isReachable,
  MOST_PLACES_OF_A_NOTICE,
  RECIPIENT_KINDS,
  type RecipientCard,
  type RecipientKind,
} from "./recipient.ts";
export {
  checkKeptHandover,
  checkReferral,
  endsWithConsent,
  REFERRAL_GROUNDS,
  type ReferralBasis,
  type ReferralFacts,
  type ReferralGround,
  type ReferralGroundId,
  referralGrounds,
  UNIT_KINDS,
  type UnitKind,
} from "./referral.ts";
export { type Reason, Refusal } from "./refusal.ts";
export {
  cardOfSite,
  findEntry,
  findInRegistry,
  REGISTRY,
  type RegistryEntry,
  reachOf,
  type Way,
} from "./registry/index.ts";
export {
  type Curve,
  type CurveStep,
  kaplanMeier,
  type Lasting,
  medianOf,
  type RouteFacts,
  type RouteRow,
  type RouteTimes,
  routeRowAt,
  routeRowOf,
  type Share,
  shareWithin,
} from "./results.ts";
export {
  dueIfClosedBy,
  erasureDueAt,
  type Keep,
  LEGAL_STATUSES,
  type LegalStatus,
  mayEraseOnRequest,
  type RetentionFacts,
  type RetentionRule,
  retentionRule,
} from "./retention.ts";
export {
  CASES_THAT_COUNT,
  type Outcome,
  openRouteTable,
  PLAIN_REQUEST,
  ROUTE_PARTS,
  type RoutePart,
  type RouteResult,
  type RouteTable,
  routeResults,
  worksBetter,
} from "./route-table.ts";
export { isSearch } from "./search.ts";
export { type ByHand, SILENCES, type Silence, type SilentRecipient } from "./silence.ts";
export {
  bundlePath,
  hashesOf,
  isBundleOf,
  readBundle,
  readerOfTiles,
  readTilePath,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tilesOf,
  writeBundle,
} from "./tile.ts";
export { judgeSightings, SIGHTS, type Sight, type Sighting, type Verdict } from "./vantage.ts";
export { type OpenWays, waysTo } from "./ways.ts";
export { writeNotice } from "./writing/notice.ts";
export { endSheetOf } from "./writing/sheet.ts";
export { splitPlaces } from "./writing/split.ts";
export type {
  CentreProfile,
  Declaration,
  Sheet,
  WritingFacts,
  WrittenGround,
  WrittenNotice,
} from "./writing/written.ts";
export type { XarfReport } from "./xarf.ts";
