import type { EscalationFacts, PlaceState } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { DueClimb } from "./climb.ts";

/** What happened about one place since its ladder began. */
export type Past = {
  readonly state: PlaceState;
  /** Who is not asked by the ladder again: a notice waits or is out, a person dropped it, or it did not get through. */
  readonly done: ReadonlySet<string>;
  /** A step that the ladder drafted waits for its key. */
  readonly prepared: boolean;
  readonly answer: EscalationFacts["answer"];
  /** Who may be asked later without another approval, with who named them. */
  readonly named: ReadonlyMap<string, string>;
};

/** By place; the case is locked. */
export async function findPasts(tx: InTransaction, climbs: readonly DueClimb[]): Promise<ReadonlyMap<string, Past>> {
  const ids = climbs.map((climb) => climb.placeId);
  const states = await tx
    .selectFrom("place")
    .select(["id", "state"])
    .where("id", "=", (any) => any.fn.any(any.val(ids)))
    .execute();
  const named = await tx
    .selectFrom("laterRung")
    .select(["placeId", "recipientId", "namedBy"])
    .where("placeId", "=", (any) => any.fn.any(any.val(ids)))
    .execute();
  const notices = Map.groupBy(await findNoticesAbout(tx, ids), (row) => row.placeId);
  const checks = Map.groupBy(await findLastChecks(tx, ids), (row) => row.placeId);
  return new Map(
    states.map(({ id, state }) => {
      const startedAt = climbs.find((climb) => climb.placeId === id)?.startedAt;
      const since = (notices.get(id) ?? []).filter((row) => startedAt !== undefined && isSince(row, startedAt));
      const past: Past = {
        state,
        done: new Set(since.filter(isDone).map((row) => row.recipientId)),
        prepared: since.some((row) => row.state === "draft" && row.stepWhy !== null),
        answer: findAnswer(since, checks.get(id)?.[0] ?? null),
        named: new Map(named.filter((row) => row.placeId === id).map((row) => [row.recipientId, row.namedBy])),
      };
      return [id, past] as const;
    }),
  );
}

async function findNoticesAbout(tx: InTransaction, placeIds: readonly string[]) {
  return tx
    .selectFrom("noticePlace")
    .innerJoin("notice", "notice.id", "noticePlace.noticeId")
    .select(["noticePlace.placeId", "notice.recipientId", "notice.state", "notice.answer", "notice.answeredAt"])
    .select(["notice.sentAt", "notice.stoppedAt", "notice.endedAt", "notice.approvedAt", "notice.stepWhy"])
    .select("notice.discardedAt")
    .select((any) =>
      any
        .exists(
          any
            .selectFrom("delivery")
            .select("delivery.channel")
            .whereRef("delivery.noticeId", "=", "notice.id")
            .where("delivery.attempts", ">", 0),
        )
        .$castTo<boolean>()
        .as("wasTried"),
    )
    .where("noticePlace.placeId", "=", (any) => any.fn.any(any.val([...placeIds])))
    .execute();
}

type About = Awaited<ReturnType<typeof findNoticesAbout>>[number];

function isSince({ state, sentAt, stoppedAt }: About, startedAt: Temporal.Instant): boolean {
  if (state === "draft" || state === "approved") return true;
  const at = state === "stopped" ? stoppedAt : sentAt;
  return at !== null && Temporal.Instant.compare(at, startedAt) >= 0;
}

function isDone({ state, endedAt, stepWhy, approvedAt, discardedAt, wasTried }: About): boolean {
  if (state === "stopped") return wasTried || discardedAt !== null || (stepWhy !== null && approvedAt === null);
  return endedAt === null;
}

/** It did not reach whom it asked. */
const isLost = ({ state, wasTried }: About) => state === "stopped" && wasTried;
/** Somebody has it, or will: what he says counts. */
const isWaited = ({ state, endedAt }: About) => state !== "stopped" && endedAt === null;

type Check = { readonly checkedAt: Temporal.Instant; readonly outcome: string };

/** Whom a notice did not reach is as one who says that it is not his. That the poster objects outlasts every later answer; else the answer to whoever was asked last counts. */
function findAnswer(since: readonly About[], last: Check | null): EscalationFacts["answer"] {
  if (since.some(isLost) && !since.some(isWaited)) return { what: "not-ours", seenSince: null };
  const left = since.flatMap((row) =>
    row.sentAt === null || row.endedAt !== null ? [] : [{ ...row, at: row.sentAt }],
  );
  const contested = left.find((row) => row.answer === "counter-notice");
  const latest = left.sort((a, b) => Temporal.Instant.compare(b.at, a.at))[0];
  const row = contested ?? latest;
  if (!row?.answer || row.answeredAt === null) return null;
  const checked = last !== null && Temporal.Instant.compare(last.checkedAt, row.answeredAt) >= 0;
  return { what: row.answer, seenSince: !checked ? null : last.outcome === "there" ? "there" : "cannot-tell" };
}

async function findLastChecks(tx: InTransaction, placeIds: readonly string[]) {
  return tx
    .selectFrom("placeCheck")
    .distinctOn("placeId")
    .select(["placeId", "checkedAt", "outcome"])
    .where("placeId", "=", (any) => any.fn.any(any.val([...placeIds])))
    .orderBy("placeId")
    .orderBy("checkedAt", "desc")
    .execute();
}
