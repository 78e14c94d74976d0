import type { Act, Consent } from "@jikim/casework";
import type { Selectable } from "kysely";
import type { Database, Tables } from "../database.ts";

/** A row as the union of casework; the table's checks keep what each state promises. */
function readConsent(row: Selectable<Tables["consent"]>): Consent {
  const { act, state, givenAt, effectiveAt, withdrawnAt } = row;
  if (state === "refused") return { act, state };
  if (state === "given" && givenAt) return { act, state, givenAt };
  if (state === "withdrawing" && givenAt && effectiveAt) return { act, state, givenAt, effectiveAt };
  if (state === "withdrawn" && withdrawnAt) return { act, state, withdrawnAt };
  throw new Error("a consent lacks what its state promises");
}

/** A case's consents, in no order. */
export async function findConsents(db: Database, caseId: string): Promise<Consent[]> {
  const rows = await db.selectFrom("consent").selectAll().where("caseId", "=", caseId).execute();
  return rows.map(readConsent);
}

export function consentTo(act: Act, consents: readonly Consent[]): Consent | undefined {
  return consents.find((consent) => consent.act === act);
}

/** The cases whose consent to an act is live and not being withdrawn. */
export async function findConsenting(db: Database, act: Act): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("consent")
    .select("caseId")
    .where("act", "=", act)
    .where("state", "=", "given")
    .execute();
  return new Set(rows.map(({ caseId }) => caseId));
}

/** Writes a consent over the one before. */
export async function saveConsent(db: Database, caseId: string, consent: Consent): Promise<void> {
  const { act, state } = consent;
  const text = (at: Temporal.Instant | undefined) => at?.toString() ?? null;
  const values = {
    state,
    givenAt: text("givenAt" in consent ? consent.givenAt : undefined),
    effectiveAt: text("effectiveAt" in consent ? consent.effectiveAt : undefined),
    withdrawnAt: text("withdrawnAt" in consent ? consent.withdrawnAt : undefined),
  };
  await db
    .insertInto("consent")
    .values({ caseId, act, ...values })
    .onConflict((same) => same.columns(["caseId", "act"]).doUpdateSet(values))
    .execute();
}

/** A consent as it travels: times as text. */
export function showConsent(consent: Consent) {
  const { act } = consent;
  switch (consent.state) {
    case "refused":
      return { act, state: "refused" as const };
    case "given":
      return { act, state: "given" as const, givenAt: consent.givenAt.toString() };
    case "withdrawing":
      return {
        act,
        state: "withdrawing" as const,
        givenAt: consent.givenAt.toString(),
        effectiveAt: consent.effectiveAt.toString(),
      };
    case "withdrawn":
      return { act, state: "withdrawn" as const, withdrawnAt: consent.withdrawnAt.toString() };
  }
}
