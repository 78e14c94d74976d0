import type { Sight } from "@jikim/casework";
import { z } from "zod";
import { ASKS, type Ask } from "./asks.ts";
import type { MediaSight } from "./match.ts";

const asks = z.array(z.enum(ASKS));
const validators = z.strictObject({ etag: z.string().nullable(), lastModified: z.string().nullable() });
/** Where on a page the item was; null: the place is the picture itself, or it can only be looked for anew. */
const found = z.strictObject({ address: z.string(), validators: validators.nullable() }).nullable();
const memorySchema = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("answer"), asks, page: validators.nullable(), found }),
  z.strictObject({ by: z.literal("browser"), asks }),
]);

/**
 * That the item was seen at a place from one vantage, what the page asked of whoever came, and what a later look may ask: whether the
 * place changed (`page` null: it can only be looked at anew).
 */
export type Memory = z.infer<typeof memorySchema>;
export type Found = z.infer<typeof found>;

/** Reads what an earlier look left; null when it never saw the item there, or an earlier version of this program wrote it. */
export function readMemory(stored: unknown): Memory | null {
  return memorySchema.safeParse(stored).data ?? null;
}

/** What one vantage saw, and what it remembers now; null: it never saw the item there. */
export type Seen = { readonly saw: Sight; readonly memory: Memory | null };

/** A place that is gone has nothing that may be asked about; that the item was there stays known. */
export function seeGone(before: Memory | null): Seen {
  return { saw: "gone", memory: before?.by === "answer" ? { ...before, page: null, found: null } : before };
}

/** What one look at a page or a picture came to. */
export type Glimpse = {
  readonly sight: MediaSight;
  readonly asks: readonly Ask[];
  /** Another page answered in its stead (a front page, a sign-in), which tells nothing about the one asked for. */
  readonly moved: boolean;
  /** What to remember where it is the item. */
  readonly memory: Memory;
};

/**
 * What is not there may never have been for whoever looks from here: a gate answers 200 too. So absence tells only where the item was
 * seen from here before, and the page asks nothing that it did not ask then.
 */
export function conclude({ sight, asks, moved, memory }: Glimpse, before: Memory | null): Seen {
  if (sight === "match") return { saw: "there", memory: moved ? before : memory };
  const isGate = asks.some((ask) => before?.asks.includes(ask) !== true);
  const isGone = sight === "no-match" && !moved && before !== null && !isGate;
  return isGone ? seeGone(before) : { saw: "unclear", memory: before };
}
