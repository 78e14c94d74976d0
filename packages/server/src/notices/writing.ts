import {
  type CentreProfile,
  type ChosenGround,
  calendarOf,
  chooseGround,
  countsAsMinor,
  dayOf,
  type Jurisdiction,
  type PlaceAddress,
  type Readings,
  type RecipientCard,
  reachOf,
  type WrittenNotice,
  writeNotice,
} from "@jikim/casework";
import type { Selectable } from "kysely";
import type { CentreSettings, Database, Tables } from "../database.ts";
import { findCentre } from "../store/centre.ts";
import { findReadings } from "../store/law-reading.ts";
import { openCodes } from "../store/sealed.ts";
import { findStated, type Stated } from "../store/statement.ts";
import type { Vault } from "../vault.ts";

/** Where a centre is that has not said so: Jikim is made for Korean centres first. */
const FIRST_HOME: Jurisdiction = "kr";

/** Where a centre is. */
export function homeOf({ home }: Pick<CentreSettings, "home">): Jurisdiction {
  return home ?? FIRST_HOME;
}

/** What is the same in all notices of a case at one moment. */
export type CaseFacts = {
  readonly centre: CentreProfile;
  /** Where the centre is. */
  readonly home: Jurisdiction;
  /** A child, or of unknown age. */
  readonly minor: boolean;
  readonly stated: Stated;
  /** The centre's day, by which a law may be asserted. */
  readonly day: Temporal.PlainDate;
  /** What the centre looked up again. */
  readonly readings: Readings;
  readonly now: Temporal.Instant;
};

export async function findCaseFacts(
  db: Database,
  vault: Vault,
  caseRow: Pick<Selectable<Tables["cases"]>, "id" | "codesSealed">,
  now: Temporal.Instant,
): Promise<CaseFacts> {
  const { settings } = await findCentre(db);
  const home = homeOf(settings);
  return {
    ...{ centre: profileOf(settings), home },
    minor: countsAsMinor(openCodes(vault, caseRow).ageBand),
    stated: await findStated(db, vault, caseRow.id),
    day: dayOf(calendarOf(home), now),
    readings: await findReadings(db),
    now,
  };
}

/** A centre that has not said what it is only reports, and nobody signs for it. */
function profileOf({ name, contact, senderKind, signer }: CentreSettings): CentreProfile {
  return { name, kind: senderKind ?? "other", contact, signer: signer ?? null };
}

export type Reach = ReturnType<typeof reachOf>;

/** The ground on which a recipient is asked about places of one reach. */
export function groundFor(facts: CaseFacts, card: RecipientCard, reach: Reach): ChosenGround {
  const { stated, minor, centre, day, readings } = facts;
  return chooseGround({ card, reach, minor, statements: stated.statements, senderKinds: [centre.kind], day, readings });
}

/** One notice to one recipient: its places share a ground. */
export function write(
  facts: CaseFacts,
  card: RecipientCard,
  notice: { readonly id: string; readonly places: readonly PlaceAddress[] },
): WrittenNotice {
  const { centre, minor, stated, day, readings, now } = facts;
  const reaches = new Set(notice.places.map(reachOf));
  // What holds for the most hidden of its places holds for all.
  const reach = reaches.has("closed") ? "closed" : reaches.has("unknown") ? "unknown" : "public";
  return writeNotice({
    ...{ noticeId: notice.id, centre, card, places: notice.places, minor },
    ...{ statements: stated.statements, name: stated.name, day, readings, writtenAt: now },
    chosen: groundFor(facts, card, reach),
  });
}
