/**
 * What a file leaves open, each with the places where it does:
 * - `format`: another format would have read some of it
 * - `day-or-month-open`: day and month cannot be told apart anywhere in the file, so no date is given
 * - `day-or-month-by-order`: told apart only because the other way would go back in time
 * - `day-or-month-against`: a date that the file's own order of day and month does not allow
 * - `bad-time`: no such date or time
 * - `time-goes-back`: earlier than the one before; the line may be words that imitate the head of a message
 * - `sender-split`: the name could end further on
 * - `typed-or-media`: could be words that somebody typed
 * - `service-or-text`: could be the client's own line or a further line of the message before
 * - `no-message-yet`: lines before the first message that are not of the header
 * - `other-way-of-writing`: the head of a message as another client writes it, kept as words
 * - `sender-not-said`: the sender stands in an earlier file
 * - `deleted-account`: the file names no sender
 * - `id-against-time`: the number of the message says another time than the message
 * - `garbled-kept`: letters that look garbled and could not be mended
 * - `not-utf8`: bytes that are no text were replaced
 * - `unsupported`: the client did not export what this message held
 * - `cut-short`: more addresses or handles than are listed
 */
export type DoubtCode =
  | "format"
  | "day-or-month-open"
  | "day-or-month-by-order"
  | "day-or-month-against"
  | "bad-time"
  | "time-goes-back"
  | "sender-split"
  | "typed-or-media"
  | "service-or-text"
  | "no-message-yet"
  | "other-way-of-writing"
  | "sender-not-said"
  | "deleted-account"
  | "id-against-time"
  | "garbled-kept"
  | "not-utf8"
  | "unsupported"
  | "cut-short";

/** `places` are lines or bytes, in the unit of the messages' `raw`, the first hundred; `times` counts all. */
export type Doubt = { readonly code: DoubtCode; readonly times: number; readonly places: readonly number[] };

export type Doubts = { readonly note: (code: DoubtCode, place: number) => void; readonly list: () => Doubt[] };

const MOST_PLACES = 100;

export function collectDoubts(): Doubts {
  const byCode = new Map<DoubtCode, { times: number; places: number[] }>();
  return {
    note(code, place) {
      const doubt = byCode.get(code) ?? { times: 0, places: [] };
      doubt.times++;
      if (doubt.places.length < MOST_PLACES) doubt.places.push(place);
      byCode.set(code, doubt);
    },
    list: () => [...byCode].map(([code, doubt]) => ({ code, ...doubt })),
  };
}
