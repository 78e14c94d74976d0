import { LAWS } from "./laws/index.ts";
import { type Ground, JURISDICTIONS, type Jurisdiction } from "./laws/law.ts";
import { mayAssert, type Readings } from "./laws/reading.ts";
import type { RecipientCard, RecipientKind } from "./recipient.ts";

/**
 * What she, or who speaks for her, stated when the mandate was recorded. A declaration in a notice stands on these and on nothing
 * else. `is-in-au`: she usually lives there · `is-intimate`: what is shown is intimate; nobody looks to see.
 */
export const STATEMENTS = [
  "is-depicted",
  "speaks-for",
  "no-consent",
  "is-intimate",
  "good-faith",
  "truth",
  "name-may-be-given",
  ...JURISDICTIONS.map((jurisdiction) => `is-in-${jurisdiction}` as const),
] as const;
export type Statement = (typeof STATEMENTS)[number];

/** A statement as the case holds it. */
export type RecordedStatement = {
  readonly what: Statement;
  readonly at: Temporal.Instant;
  /** How it was established: in a talk, or by documents. Never by viewing. */
  readonly by: "talk" | "documents";
};

/**
 * What a centre is. Korea lets a counselling centre (Sexual Violence Prevention Act art. 10(1)), the Women's Human Rights Institute
 * and bodies named by the commission ask for deletion in their own right (Telecommunications Business Act decree art. 30-5(1));
 * any other sender only reports.
 */
export const SENDER_KINDS = ["counselling-centre", "rights-institute", "named-body", "other"] as const;
export type SenderKind = (typeof SENDER_KINDS)[number];

export type GroundFacts = {
  readonly card: RecipientCard;
  readonly reach: "public" | "closed" | "unknown";
  readonly minor: boolean;
  readonly statements: readonly RecordedStatement[];
  readonly senderKinds: readonly SenderKind[];
  readonly day: Temporal.PlainDate;
  /** What the centre looked up again. */
  readonly readings: Readings;
};

/** Why a ground was chosen, or none. */
export const GROUND_REASONS = [
  "asserted",
  "fields-only",
  "jurisdiction-unknown",
  "no-ground-there",
  "not-open-to-the-public",
  "sender-not-entitled",
  "not-resident-there",
] as const;
export type GroundReason = (typeof GROUND_REASONS)[number];

/** `asserted` false with a ground: the notice holds what that law asks of one, and does not name it. */
export type ChosenGround = {
  readonly ground: Ground | null;
  readonly asserted: boolean;
  readonly because: GroundReason;
};

/** Which recipients a ground binds. Missing ones are never used for a notice by themselves. */
const BINDS: ReadonlyMap<string, readonly RecipientKind[]> = new Map([
  ["kr-tba-22-5", ["platform", "host", "search"]],
  ["kr-network-44-2", ["platform", "host", "search"]],
  ["us-tida-223a", ["platform"]],
  ["eu-dsa-16", ["platform", "host"]],
  ["gb-intimate-image-report", ["platform", "search"]],
  ["au-osa-77", ["regulator"]],
  ["jp-platform-act", ["platform"]],
]);

/** Whether she, or who speaks for her, is behind the request: what every ground but an open report demands. */
export function hasAuthority(statements: readonly RecordedStatement[]): boolean {
  return statements.some(({ what }) => what === "is-depicted" || what === "speaks-for");
}

/** Which sender may use a ground without her authority. */
function isOpenToAnyone(ground: Ground): boolean {
  return ground.id === "kr-tba-22-5" || ground.id === "eu-dsa-16";
}

/**
 * The ground for one recipient, or none: then the notice is a plain request. Among grounds that fit, one that may be asserted that
 * day comes before one that may not.
 */
export function chooseGround(facts: GroundFacts): ChosenGround {
  const { card, day, readings } = facts;
  if (card.jurisdiction === null) return { ground: null, asserted: false, because: "jurisdiction-unknown" };
  const grounds = groundsFor(card.jurisdiction, card.kind);
  const refused = grounds.map((ground) => refusalOf(ground, facts));
  const fitting = grounds.filter((_, at) => refused[at] === null);
  const ground = fitting.find((each) => mayAssert(each, day, readings)) ?? fitting[0];
  if (ground === undefined)
    return { ground: null, asserted: false, because: refused.find((reason) => reason !== null) ?? "no-ground-there" };
  const asserted = mayAssert(ground, day, readings);
  return { ground, asserted, because: asserted ? "asserted" : "fields-only" };
}

function groundsFor(jurisdiction: Jurisdiction, kind: RecipientKind): readonly Ground[] {
  return LAWS[jurisdiction].laws.filter(
    (law): law is Ground => law.kind === "ground" && (BINDS.get(law.id)?.includes(kind) ?? false),
  );
}

/** Why a ground does not fit these facts, or null. */
function refusalOf(ground: Ground, { card, reach, statements }: GroundFacts): GroundReason | null {
  if (ground.reaches === "public" && reach !== "public") return "not-open-to-the-public";
  if (!isOpenToAnyone(ground) && !hasAuthority(statements)) return "sender-not-entitled";
  // The Act reaches an image when the person shown or who posted it is ordinarily resident in Australia (s.75; general knowledge).
  if (card.jurisdiction === "au" && !statements.some(({ what }) => what === "is-in-au")) return "not-resident-there";
  return null;
}
