import type { CheckOutcome, PlaceState, Sighting } from "@jikim/casework";
import type { Generated } from "kysely";
import type { Bytes, Json, MaybeMoment, Moment } from "./column.ts";

/** Who named a place. watch: a watched source led to it, and nobody looked. */
export type NamedBy = "survivor" | "staff" | "watch";
/** What a host's robots.txt said of a page. none: it has no such file; unknown: it could not be read. */
export type RobotsSaid = "allowed" | "disallowed" | "none" | "unknown";
export type SourceKind = "page" | "feed" | "sitemap" | "search";
export type SweepResult = "looked" | "unchanged" | "unreachable" | "unreadable" | "disallowed";

/** Where it was seen, and what looking there found. */
export type PlaceTables = {
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
  vantageDown: { name: string; since: Moment; lastTriedAt: Moment };
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
};
