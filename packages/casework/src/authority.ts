import type { LegalClock } from "./clock.ts";
import type { Bilingual, Source } from "./laws/law.ts";
import { Refusal } from "./refusal.ts";

/** What of a page stays. keep-matching exists for adults alone: bodies that match this adult's own items, each under a seal of its own. */
export const CAPTURE_MODES = ["hash-and-discard", "keep-matching"] as const;
export type CaptureMode = (typeof CAPTURE_MODES)[number];

/**
 * On what power of the state a capture rests. police-request: a unit asks for it in writing · emergency: the police began an undercover
 * measure before it was approved · court-permit: a court permitted it. The power is theirs: the centre acts at their request.
 */
export const AUTHORITY_KINDS = ["police-request", "emergency", "court-permit"] as const;
export type AuthorityKind = (typeof AUTHORITY_KINDS)[number];

/** Hosts, or host and beginning of a path ("chat.example", "*.example", "t.me/room"), and places of the case. */
export type Scope = { readonly addresses: readonly string[]; readonly placeIds: readonly string[] };

export type Authority = {
  readonly kind: AuthorityKind;
  readonly scope: Scope;
  readonly from: Temporal.Instant;
  /** Null: open (a police request), or not fixed before the approval (an emergency). */
  readonly until: Temporal.Instant | null;
  /** Of an emergency: when approval or permit was given. */
  readonly approvedAt: Temporal.Instant | null;
  readonly endedAt: Temporal.Instant | null;
};

/** The law that an authority rests on. */
export type AuthorityLaw = {
  readonly law: Bilingual;
  readonly article: string;
  readonly source: Source;
  /** Months that it may last at a time; null where none is known. */
  readonly mostMonths: number | null;
};

const ACYSP: Bilingual = {
  ko: "아동·청소년의 성보호에 관한 법률",
  en: "Act on the Protection of Children and Youth against Sex Offenses",
};
const SPC: Bilingual = {
  ko: "성폭력범죄의 처벌 등에 관한 특례법",
  en: "Act on Special Cases concerning the Punishment of Sexual Crimes",
};
const read = (where: string): Source => ({ where: `law.go.kr, ${where}`, asOf: "2026-06-08", mark: "read" });

/**
 * Undercover measures in Korea (신분비공개수사, 신분위장수사): for crimes against children and youth since 2021, for adult victims since
 * 2025-06-04. Three months at a time and a year in all stand in SPC 22-2 to 22-11, read; for ACYSP 25-3 they were only read about.
 */
const UNDERCOVER: Readonly<Record<"minor" | "adult", Readonly<Record<"emergency" | "court-permit", AuthorityLaw>>>> = {
  minor: {
    emergency: {
      ...{ law: ACYSP, article: "25-4, 25-5", mostMonths: 3 },
      source: read("법률 제20461호 (2025-04-17): 승인 또는 허가 없이 시작, 48시간 안에 받지 못하면 중지"),
    },
    "court-permit": {
      ...{ law: ACYSP, article: "25-2, 25-3", mostMonths: 3 },
      source: { where: "경찰청 위장수사 제도 안내 (2021-09-24 시행)", asOf: "2026-06-08", mark: "secondary" },
    },
  },
  adult: {
    emergency: { law: SPC, article: "22-2 – 22-11", mostMonths: 3, source: read("법률 제20535호 (2025-06-04)") },
    "court-permit": { law: SPC, article: "22-2 – 22-11", mostMonths: 3, source: read("법률 제20535호 (2025-06-04)") },
  },
};

/** The law of a power; null for a request of the police, which rests on their general duty to investigate and sets no period. */
export function lawOfAuthority(kind: AuthorityKind, minor: boolean): AuthorityLaw | null {
  return kind === "police-request" ? null : UNDERCOVER[minor ? "minor" : "adult"][kind];
}

/** Hours in which an emergency must be approved, or stops: ACYSP art. 25-4 and 25-5 (read); SPC has the same four tools (22-2 to 22-11, read). */
const EMERGENCY_HOURS = 48;

/** By when an emergency must be approved; null for what needs no later approval. */
export function approveBy({ kind, from }: Pick<Authority, "kind" | "from">): Temporal.Instant | null {
  return kind === "emergency" ? from.add({ hours: EMERGENCY_HOURS }) : null;
}

/** The clock of an emergency, with its source. */
export function emergencyClock(minor: boolean): LegalClock {
  const { law, article, source } = UNDERCOVER[minor ? "minor" : "adult"].emergency;
  const row = { law, article, from: "order", source: source.where, asOf: source.asOf, mark: source.mark } as const;
  return { kind: "legal", length: "hours", count: EMERGENCY_HOURS, ...row };
}

/** in-force · unapproved: an emergency in its 48 hours · lapsed: it was not approved in them · not-begun · over. */
export type Standing = "in-force" | "unapproved" | "lapsed" | "not-begun" | "over";

/** What an authority is now. Lapsed stays lapsed, also after somebody ended it: what was captured waits for an approval all the same. */
export function standingOf(authority: Authority, now: Temporal.Instant): Standing {
  const { from, until, approvedAt, endedAt } = authority;
  const by = approveBy(authority);
  const isUnapproved = by !== null && approvedAt === null;
  if (isUnapproved && isPast(by, now)) return "lapsed";
  if ((endedAt !== null && !isAfter(endedAt, now)) || (until !== null && isPast(until, now))) return "over";
  if (Temporal.Instant.compare(now, from) < 0) return "not-begun";
  return isUnapproved ? "unapproved" : "in-force";
}

/** Whether what was captured under it may not be opened. */
export function locks(authority: Authority | null, now: Temporal.Instant): boolean {
  return authority !== null && standingOf(authority, now) === "lapsed";
}

/** @throws {Refusal} `AUTHORITY_TOO_LONG` beyond the law's months, or without an end where only a request may have none. */
export function checkAuthority(authority: Authority, minor: boolean): void {
  const { kind, from, until } = authority;
  if (until === null && kind === "court-permit") throw new Refusal({ code: "AUTHORITY_TOO_LONG" });
  if (until === null) return;
  const months = lawOfAuthority(kind, minor)?.mostMonths ?? null;
  const most = months === null ? null : from.toZonedDateTimeISO("Asia/Seoul").add({ months }).toInstant();
  if (!isAfter(until, from) || (most !== null && isAfter(until, most)))
    throw new Refusal({ code: "AUTHORITY_TOO_LONG" });
}

/** An approval or permit of an emergency: when it was given and until when it holds. */
export type Approval = { readonly at: Temporal.Instant; readonly until: Temporal.Instant };

/**
 * Approves an emergency. What counts is when the approval was given; one that is recorded after its time ran out is for a supervisor's eyes.
 *
 * @throws {Refusal} `NOTHING_TO_APPROVE`, `AUTHORITY_LAPSED` when it came too late, `ROLE_MISSING`, `AUTHORITY_TOO_LONG`.
 */
export function approveAuthority(
  authority: Authority,
  approval: Approval,
  by: { readonly minor: boolean; readonly isSupervisor: boolean; readonly now: Temporal.Instant },
): Authority {
  const due = approveBy(authority);
  if (due === null || authority.approvedAt !== null) throw new Refusal({ code: "NOTHING_TO_APPROVE" });
  const isOfItsTime = !isAfter(authority.from, approval.at) && !isAfter(approval.at, by.now);
  if (!isOfItsTime || isAfter(approval.at, due)) throw new Refusal({ code: "AUTHORITY_LAPSED" });
  if (isPast(due, by.now) && !by.isSupervisor) throw new Refusal({ code: "ROLE_MISSING", role: "supervisor" });
  const approved = { ...authority, approvedAt: approval.at, until: approval.until };
  checkAuthority(approved, by.minor);
  return approved;
}

/** What somebody wants to capture. */
export type CaptureOrder = {
  readonly url: string;
  readonly placeId: string | null;
  readonly mode: CaptureMode;
  /** closed: only who was let in sees it. */
  readonly access: "open" | "closed";
  /** Through a session of an account that the centre owns. */
  readonly signedIn: boolean;
  readonly legalBasis: string | null;
};

export type CaptureFacts = {
  /** Unknown age counts as a minor's. */
  readonly minor: boolean;
  readonly hasMandate: boolean;
  readonly authority: Authority | null;
  /** Whether counsel's opinion on the centre's own accounts is recorded. */
  readonly hasCounsel: boolean;
  /** Whether counsel's opinion is recorded that media at places of children may be fetched, be it to hash and drop them. */
  readonly hasOpinion: boolean;
};

/**
 * Whether a capture may be made now. A capture is no help that needs no power: it rests on her mandate, on a named legal basis or on an
 * authority of the state, whoever it is about. To hash a picture is to fetch it: of a minor only with counsel's opinion, or for those who
 * have the power.
 *
 * @throws {Refusal} `KEEPING_REFUSED`, `MANDATE_MISSING`, `LEGAL_BASIS_MISSING`, `COUNSEL_MISSING`, `AUTHORITY_NEEDED`,
 * `OPINION_MISSING`, and what `checkCover` throws.
 */
export function checkCapture(order: CaptureOrder, facts: CaptureFacts, now: Temporal.Instant): void {
  const isClosed = order.access === "closed" || order.signedIn;
  if (order.mode === "keep-matching") {
    // Possession of a child's pictures is a crime whatever the purpose (ACYSP art. 11(5)): there is no exception to enter here.
    if (facts.minor) throw new Refusal({ code: "KEEPING_REFUSED" });
    if (!facts.hasMandate) throw new Refusal({ code: "MANDATE_MISSING" });
  }
  if (facts.authority === null) checkPower(order, facts, isClosed ? "closed" : "open");
  if ((order.mode === "keep-matching" || isClosed) && order.legalBasis === null)
    throw new Refusal({ code: "LEGAL_BASIS_MISSING" });
  if (order.signedIn && !facts.hasCounsel) throw new Refusal({ code: "COUNSEL_MISSING" });
  if (facts.authority !== null) checkCover(facts.authority, order, now);
}

/** What a capture without an authority of the state rests on. */
function checkPower({ legalBasis }: CaptureOrder, facts: CaptureFacts, access: CaptureOrder["access"]): void {
  if (facts.minor && access === "closed") throw new Refusal({ code: "AUTHORITY_NEEDED" });
  if (facts.minor && !facts.hasOpinion) throw new Refusal({ code: "OPINION_MISSING" });
  if (!facts.hasMandate && legalBasis === null) throw new Refusal({ code: "MANDATE_MISSING" });
}

/** @throws {Refusal} `AUTHORITY_OUT_OF_SCOPE`, `AUTHORITY_OUT_OF_TIME`, `AUTHORITY_LAPSED`. */
export function checkCover(
  authority: Authority,
  { url, placeId }: Pick<CaptureOrder, "url" | "placeId">,
  now: Temporal.Instant,
): void {
  const standing = standingOf(authority, now);
  if (standing === "lapsed") throw new Refusal({ code: "AUTHORITY_LAPSED" });
  if (standing === "over" || standing === "not-begun") throw new Refusal({ code: "AUTHORITY_OUT_OF_TIME" });
  const { addresses, placeIds } = authority.scope;
  const isCovered = (placeId !== null && placeIds.includes(placeId)) || addresses.some((each) => covers(each, url));
  if (!isCovered) throw new Refusal({ code: "AUTHORITY_OUT_OF_SCOPE" });
}

/**
 * Whether an authority covers an address that a capture was led on to. Where it covers a place, that is what its own host answers: a site that
 * sends on to another one widens nobody's power.
 * @param reached  after redirects, or where a script went.
 */
export function coversReached(
  { scope }: Pick<Authority, "scope">,
  { url, placeId }: Pick<CaptureOrder, "url" | "placeId">,
  reached: string,
): boolean {
  const isPlace = placeId !== null && scope.placeIds.includes(placeId);
  const host = URL.parse(reached)?.host;
  return (
    (isPlace && host !== undefined && host === URL.parse(url)?.host) ||
    scope.addresses.some((each) => covers(each, reached))
  );
}

/** "t.me/room" covers t.me/room and t.me/room/5, and not t.me/rooms; "*.example" what lies below example, and not example. */
function covers(address: string, url: string): boolean {
  const asked = URL.parse(url);
  const meant = URL.parse(`https://${address.replace(/^https?:\/\//i, "").replace(/^\*\./, "any.")}`);
  if (asked === null || meant === null) return false;
  const isBelow = address.replace(/^https?:\/\//i, "").startsWith("*.");
  const host = isBelow ? meant.hostname.slice("any".length) : meant.hostname;
  const isHost = isBelow ? asked.hostname.endsWith(host) && asked.hostname !== host.slice(1) : asked.hostname === host;
  if (!isHost || (meant.port !== "" && asked.port !== meant.port)) return false;
  const path = meant.pathname.replace(/\/$/, "");
  return asked.pathname === path || asked.pathname.startsWith(`${path}/`);
}

function isAfter(one: Temporal.Instant, other: Temporal.Instant): boolean {
  return Temporal.Instant.compare(one, other) > 0;
}

function isPast(moment: Temporal.Instant, now: Temporal.Instant): boolean {
  return isAfter(now, moment);
}
