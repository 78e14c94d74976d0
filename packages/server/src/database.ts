import type {
  Act,
  Answer,
  AuthorityKind,
  Basis,
  CaptureMode,
  CaseState,
  Channel,
  CheckOutcome,
  Clock,
  DeliveryState,
  Jurisdiction,
  LogEntryKind,
  MailClass,
  NextAct,
  PlaceState,
  PublishedCell,
  RecipientKind,
  ReferralGroundId,
  Role,
  SenderKind,
  Sighting,
  WithdrawalPlan,
} from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import {
  CamelCasePlugin,
  type ColumnType,
  type Generated,
  type JSONColumnType,
  Kysely,
  PostgresDialect,
  type Transaction,
} from "kysely";
import pg from "pg";
import type { RetentionSetting } from "./contract/packs.ts";

/** A timestamptz: read as an instant, written as ISO text. */
type Moment = ColumnType<Temporal.Instant, string, string>;
type MaybeMoment = ColumnType<Temporal.Instant | null, string | null | undefined, string | null>;
type Json<T> = JSONColumnType<T & object, string, string>;
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
/** Ciphertext under the data key (see vault.ts), an age file, or a hash: the name of the column says which. */
type Bytes = Buffer;
type MaybeBytes = ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;

export type Bilingual = { readonly ko: string; readonly en: string };

/** What a centre can edit; public, but for counsel's reference. */
export type CentreSettings = {
  readonly name: Bilingual;
  readonly contact: { readonly phone: string; readonly mail: string; readonly hours: Bilingual };
  readonly duty: Bilingual;
  readonly counselOpinion: string | null;
  /** Missing: it has not said, and only reports. */
  readonly senderKind?: SenderKind | undefined;
  /** Who signs notices for it. */
  readonly signer?: string | null | undefined;
};

/** Who named a place. watch: a watched source led to it, and nobody looked. */
export type NamedBy = "survivor" | "staff" | "watch";
/** What a host's robots.txt said of a page. none: it has no such file; unknown: it could not be read. */
export type RobotsSaid = "allowed" | "disallowed" | "none" | "unknown";
export type SourceKind = "page" | "feed" | "sitemap" | "search";
export type SweepResult = "looked" | "unchanged" | "unreachable" | "unreadable" | "disallowed";

export type Tables = {
  centre: {
    id: number;
    root: string | null;
    serviceCertificate: MaybeJson<Signed>;
    recoveryCertificate: MaybeJson<Signed>;
    recoveryRecipient: string | null;
    settings: Json<CentreSettings>;
    /** A keyed hash that tells whether the data key at hand is the one this database was written with. */
    dataKeyCheck: Bytes;
    gate: "open" | "closed";
    mostReportsAnHour: Generated<number>;
    setupTokenHash: Bytes | null;
    openedAt: MaybeMoment;
    retention: MaybeJson<RetentionSetting>;
  };
  staff: {
    id: string;
    pseudonym: string | null;
    roles: Role[];
    state: "invited" | "waiting" | "active" | "left";
    recipient: string | null;
    verifyKey: string | null;
    certificate: MaybeJson<Signed>;
    approvedBy: Generated<string[]>;
    inviteTokenHash: Bytes | null;
    inviteExpiresAt: MaybeMoment;
    createdAt: Moment;
  };
  credential: {
    id: string;
    staffId: string;
    kind: "passkey" | "passphrase";
    passkeyId: string | null;
    passkeyPublicKey: Bytes | null;
    passkeyCounter: number | null;
    passphraseHash: string | null;
    wrapped: Bytes | null;
    createdAt: Moment;
  };
  session: { tokenHash: Bytes; staffId: string; credentialId: string; createdAt: Moment; expiresAt: Moment };
  ceremony: { id: string; purpose: "enrol" | "sign-in"; staffId: string | null; challenge: string; expiresAt: Moment };
  spentEffort: { seedHash: Bytes; expiresAt: Moment };
  sealedFile: {
    id: string;
    caseId: string;
    keySealed: MaybeBytes;
    bytes: number | null;
    sha256: MaybeBytes;
    begunAt: Moment;
  };
  authority: {
    id: string;
    caseId: string;
    kind: AuthorityKind;
    factsSealed: Bytes;
    fromAt: Moment;
    untilAt: MaybeMoment;
    approveBy: MaybeMoment;
    approvedAt: MaybeMoment;
    endedAt: MaybeMoment;
    recordedBy: string;
    recordedAt: Moment;
  };
  capture: {
    id: string;
    caseId: string;
    number: number;
    state: "queued" | "running" | "sealed" | "failed";
    orderSealed: Bytes;
    placeId: string | null;
    mode: CaptureMode;
    minor: boolean;
    access: "open" | "closed";
    signedIn: boolean;
    authorityId: string | null;
    orderedBy: string;
    orderedRole: Role;
    orderedAt: Moment;
    tries: Generated<number>;
    startedAt: MaybeMoment;
    endedAt: MaybeMoment;
    leaseUntil: MaybeMoment;
    packId: string | null;
    failure: string | null;
    kept: number | null;
    media: number | null;
    notStored: number | null;
    gaps: number | null;
    lockedAt: MaybeMoment;
  };
  closedRooms: { id: Generated<number>; reference: string; givenOn: string; recordedBy: string; recordedAt: Moment };
  sealedFilePart: { fileId: string; position: number; content: Bytes };
  chat: {
    id: string;
    caseId: string;
    announcedAt: Moment;
    size: number;
    root: Bytes;
    shown: number;
    digest: Bytes;
    hers: Bytes;
    partId: string;
    originalId: string;
    keyVersion: number | null;
    partKey: MaybeBytes;
    originalKey: MaybeBytes;
    receivedAt: MaybeMoment;
    leavesAt: MaybeMoment;
  };
  draft: { tokenKey: Bytes; sealed: Bytes; savedAt: Moment; expiresAt: Moment };
  cases: {
    id: string;
    number: Generated<number>;
    submissionId: string;
    tokenKey: Bytes;
    survivorRecipient: string;
    caseRecipient: string;
    keyVersion: Generated<number>;
    state: CaseState;
    language: "ko" | "en";
    receivedAt: Moment;
    codesSealed: Bytes;
    notifySealed: Bytes | null;
    withdrawalPlan: WithdrawalPlan;
    receipt: Json<Signed>;
    assignedTo: string | null;
    safeContactWaitingSince: MaybeMoment;
    unansweredSince: MaybeMoment;
    nextAct: NextAct;
    nextDueAt: MaybeMoment;
    nextClock: MaybeJson<Clock>;
    closedAt: MaybeMoment;
    tellingNextAt: MaybeMoment;
  };
  caseWrap: { caseId: string; holder: string; wrapped: Bytes };
  document: {
    id: string;
    caseId: string;
    kind: "story" | "contact" | "message" | "note" | "mandate" | "answer" | "provenance";
    author: "survivor" | "staff" | "recipient";
    staffId: string | null;
    writtenAt: Moment;
    sealed: Bytes;
  };
  mandate: {
    caseId: string;
    establishedBy: "talk" | "documents";
    recordedAt: Moment;
    recordedBy: string;
    documentId: string;
  };
  consent: {
    caseId: string;
    act: Act;
    state: "refused" | "given" | "withdrawing" | "withdrawn";
    givenAt: MaybeMoment;
    effectiveAt: MaybeMoment;
    withdrawnAt: MaybeMoment;
  };
  item: { id: string; caseId: string; number: number; kind: "picture" | "video" };
  itemFingerprint: { itemId: string; position: number; fingerprintSealed: Bytes; valueKey: Bytes };
  place: {
    id: string;
    caseId: string;
    number: number;
    addressSealed: Bytes;
    addressKey: Bytes;
    namedBy: NamedBy;
    state: Generated<PlaceState>;
    nextCheckAt: MaybeMoment;
    ladderFrom: MaybeMoment;
    turnAt: MaybeMoment;
    fetchYesSurvivor: MaybeMoment;
    fetchYesStaff: MaybeMoment;
    fetchYesStaffBy: string | null;
    draftFrom: MaybeMoment;
    draftAt: MaybeMoment;
  };
  placeCheck: {
    id: string;
    placeId: string;
    checkedAt: Moment;
    outcome: CheckOutcome;
    vantages: Json<readonly Sighting[]>;
    blockedIn: Generated<string[]>;
    robots: RobotsSaid | null;
  };
  placeMemory: { placeId: string; vantage: string; memorySealed: Bytes };
  hostPace: { hostKey: Bytes; nextAt: Moment; robotsSealed: Bytes | null; robotsAt: MaybeMoment };
  source: {
    id: string;
    kind: SourceKind;
    addressSealed: Bytes;
    addressKey: Bytes;
    authorisationSealed: Bytes;
    /** YYYY-MM-DD. */
    authorisedOn: string;
    addedBy: string;
    addedAt: Moment;
    everyHours: number;
    nextSweepAt: MaybeMoment;
    turnAt: MaybeMoment;
    lastSweptAt: MaybeMoment;
    result: SweepResult | null;
    memorySealed: Bytes | null;
    endedAt: MaybeMoment;
    endedBy: string | null;
  };
  watchedPage: {
    sourceId: string;
    pageKey: Bytes;
    addressSealed: Bytes;
    kind: "page" | "sitemap";
    nextLookAt: MaybeMoment;
    turnAt: MaybeMoment;
    lookedAt: MaybeMoment;
    memorySealed: Bytes | null;
    namedAt: Moment;
  };
  sighting: {
    id: string;
    sourceId: string | null;
    placeId: string;
    itemId: string;
    seenAt: Moment;
    draftedAt: MaybeMoment;
  };
  release: { id: Generated<number>; caseId: string; releasedAt: Moment; role: string; who: string; what: string };
  recipient: {
    id: string;
    kind: RecipientKind;
    /** Empty only for a platform of `unsealedPlatform`. */
    cardSealed: Bytes;
    cardKey: Bytes;
    ownedKeys: Bytes[];
    reachedKeys: Bytes[];
    jurisdiction: Jurisdiction | null;
    language: "ko" | "en";
    hostile: Generated<boolean>;
    foundBy: "registry" | "rdap" | "hand";
    noticesSent: Generated<number>;
    createdAt: Moment;
  };
  unsealedPlatform: { id: string; name: string; hosts: string[]; mail: string | null; language: "ko" | "en" };
  /** What a recipient that takes the list has besides; the same id. */
  platform: {
    id: string;
    keyHash: Bytes | null;
    keyExpiresAt: MaybeMoment;
    keyRevokedAt: MaybeMoment;
    lastSeenAt: MaybeMoment;
    listNumber: number | null;
    createdAt: Moment;
  };
  statement: {
    id: string;
    caseId: string;
    whatSealed: Bytes;
    whatKey: Bytes;
    madeBy: "talk" | "documents";
    recordedAt: Moment;
    recordedBy: string;
  };
  laterRung: {
    placeId: string;
    recipientId: string;
    afterHours: number;
    why: string;
    namedAt: Moment;
    namedBy: string;
  };
  entry: {
    id: string;
    caseId: string;
    itemId: string;
    basis: Basis;
    referenceSealed: Bytes | null;
    disputed: Generated<boolean>;
    state: "active" | "withdrawn";
    since: Moment;
    withdrawnAt: MaybeMoment;
  };
  listChange: {
    number: number;
    entryId: string;
    kind: "put" | "withdraw";
    payloadSealed: Bytes;
    signature: string;
    digest: Bytes;
    inForce: boolean;
    changedAt: Moment;
  };
  listHead: { id: number; number: number; digest: Bytes; active: number; sum: Bytes };
  mail: {
    id: string;
    mailboxKey: Bytes;
    uid: number;
    contentKey: Bytes;
    receivedAt: Moment;
    class: MailClass;
    rule: string;
    pressing: boolean;
    noticeId: string | null;
    foundBy: "address" | "reference" | "text" | "hand" | null;
    documentId: string | null;
    unsortedSealed: Bytes | null;
    state: "unsorted" | "waiting" | "settled";
    settledAs: MailClass | null;
    settledAt: MaybeMoment;
    settledBy: string | null;
  };
  mailCopy: { messageKey: Bytes; seenAt: Moment };
  platformAnswer: {
    id: string;
    platformId: string;
    entryId: string;
    did: "held" | "blocked" | "released" | "dropped";
    answeredAt: Moment;
    receivedAt: Moment;
  };
  notice: {
    id: string;
    number: number | null;
    caseId: string;
    recipientId: string;
    state: "draft" | "approved" | "sent" | "answered" | "stopped";
    letterSealed: Bytes;
    groundId: string | null;
    asserted: Generated<boolean>;
    signedSealed: Bytes | null;
    createdAt: Moment;
    approvedAt: MaybeMoment;
    approvedBy: string | null;
    sentAt: MaybeMoment;
    dueAt: MaybeMoment;
    clock: MaybeJson<Clock>;
    answer: Answer | null;
    answeredAt: MaybeMoment;
    stoppedAt: MaybeMoment;
    stepWhy: Generated<string | null>;
    policyId: Generated<string | null>;
    receivedAt: MaybeMoment;
    remindAt: MaybeMoment;
    endNumber: Generated<number | null>;
    endSealed: MaybeBytes;
    endedAt: MaybeMoment;
    prepared: Generated<boolean>;
    discardedAt: MaybeMoment;
    discardedBy: Generated<string | null>;
  };
  deadAddress: { recipientId: string; addressKey: Bytes; status: string; since: Moment; until: Moment };
  noticePlace: { noticeId: string; placeId: string };
  delivery: {
    noticeId: string;
    purpose: Generated<"notice" | "reminder" | "withdrawal">;
    channel: Channel;
    state: DeliveryState;
    attempts: Generated<number>;
    nextTryAt: MaybeMoment;
    doubtedSince: MaybeMoment;
    asked: Generated<number>;
    referenceSealed: MaybeBytes;
    doneAt: MaybeMoment;
  };
  policy: {
    id: string;
    recipientId: string;
    groundId: string | null;
    signed: Json<Signed>;
    madeBy: string;
    madeAt: Moment;
    endsAt: Moment;
    revokedAt: MaybeMoment;
    revokedBy: string | null;
  };
  climb: { placeId: string; caseId: string; startedAt: Moment; nextAt: MaybeMoment; because: string | null };
  hostLookup: {
    id: string;
    hostKey: Bytes;
    hostSealed: Bytes;
    askedAt: Moment;
    answerSealed: Bytes | null;
    staleAt: MaybeMoment;
    nextTryAt: MaybeMoment;
    attempts: Generated<number>;
  };
  rdapAnswer: { subjectKey: Bytes; answerSealed: Bytes; expiresAt: Moment };
  rdapFile: { name: "dns" | "ipv4" | "ipv6"; content: string; etag: string | null; checkedAt: Moment };
  rdapServer: { serverKey: Bytes; minuteEndsAt: Moment; asked: number; pausedUntil: MaybeMoment };
  figureRelease: {
    id: string;
    periods: string[];
    least: number;
    cells: Json<readonly PublishedCell[]>;
    releasedAt: Moment;
    releasedBy: string;
  };
  /** What the centre sealed: captures, chats and packs for somebody, each by its manifest. */
  seal: {
    packId: string;
    caseId: string;
    /** SHA-256 of the manifest's text. */
    manifest: Bytes;
    signature: Bytes;
    textSealed: MaybeBytes;
    sealedAt: Moment;
    stamp: MaybeBytes;
    stampedAt: MaybeMoment;
    stampNextAt: MaybeMoment;
    stampTries: Generated<number>;
    stampTrouble: ColumnType<string | null, string | null | undefined, string | null>;
  };
  /** A pack for a unit outside. */
  pack: {
    id: string;
    caseId: string;
    state: "ordered" | "sealed" | "withdrawn" | "erased";
    /** Unit, exhibit and legal basis. */
    orderSealed: Bytes;
    /** What the browser writes the pack with; until its ciphertext came. */
    answerSealed: MaybeBytes;
    basis: "consent" | "agreed" | "law";
    groundId: ReferralGroundId | null;
    authorityId: string | null;
    orderedAt: Moment;
    orderedBy: string;
    fileId: ColumnType<string | null, string | null | undefined, string | null>;
    sealedAt: MaybeMoment;
    endedAt: MaybeMoment;
  };
  referral: {
    id: string;
    packId: string;
    number: Generated<number>;
    state: "open" | "taken" | "withdrawn";
    tokenHash: Bytes;
    madeAt: Moment;
    madeBy: string;
    expiresAt: Moment;
    takenAt: MaybeMoment;
    fetches: Generated<number>;
    receiptSealed: MaybeBytes;
    receiptAt: MaybeMoment;
    told: Generated<"not-needed" | "waiting" | "by-hand" | "told">;
    tellNextAt: MaybeMoment;
  };
  /** Cases whose evidence was erased, by the rule then in force. */
  erasure: { caseId: string; erasedAt: Moment; because: "due" | "asked"; rule: string };
  logTree: {
    generation: number;
    origin: string;
    size: number;
    root: Bytes;
    checkpoint: string | null;
    begunAt: Moment;
  };
  logTile: { generation: number; level: number; position: number; hashes: Bytes };
  logEntry: {
    id: Generated<number>;
    what: LogEntryKind;
    caseId: string | null;
    packId: ColumnType<string | null, string | null | undefined, string | null>;
    commitment: Bytes;
    salt: Bytes | null;
    body: string | null;
    writtenAt: Moment;
    generation: number | null;
    position: number | null;
  };
};

export type Database = Kysely<Tables>;
export type InTransaction = Transaction<Tables>;

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const DATE = 1082;

/** Opens a pool. Counts fit a double; times come back as `Temporal.Instant`. */
export function openDatabase(connection: pg.PoolConfig): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  types.setTypeParser(DATE, (text) => text);
  types.setTypeParser(TIMESTAMPTZ, (text) =>
    Temporal.Instant.from(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00")),
  );
  const pool = new pg.Pool({ max: 10, ...connection, types });
  // A lost connection is found by the query on it, or by the next; without listeners it would end the process. The pool's own
  // listener does not cover a connection that is lost while it is lent out.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
}
