import type { Lane } from "./server.ts";

/** Where in the queue one was: a look at a case brings one back to the same lane, as far down, and to the same row. */
export type QueuePlace = { readonly lane: Lane; readonly pages: number; readonly openedCase: string | null };

let kept: QueuePlace = { lane: "queue", pages: 1, openedCase: null };

export function queuePlace(): QueuePlace {
  return kept;
}

export function keepQueuePlace(place: Partial<QueuePlace>): void {
  kept = { ...kept, ...place };
}
