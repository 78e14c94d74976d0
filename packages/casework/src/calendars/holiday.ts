import type { Bilingual, Source } from "../laws/law.ts";

/** A public holiday beyond Saturdays and Sundays. `day` is an ISO day. */
export type Holiday = { readonly day: string; readonly name: Bilingual; readonly source: Source };

/** The civil days of one place. */
export type Calendar = {
  readonly timeZone: string;
  /** Null: only weekends are known here, and a business day may be counted that was a holiday. */
  readonly holidays: readonly Holiday[] | null;
  /** First and last ISO day for which the holidays are known; null with none. */
  readonly known: { readonly from: string; readonly until: string } | null;
  /** The rule by which a period that ends on a day of rest ends on the next business day; null: none was found. */
  readonly rolls: Source | null;
};
