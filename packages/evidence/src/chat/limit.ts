/** Bounds of an export. A chat of a whole school year with a thousand messages a day stays far below each. */
export const MOST_BYTES = 4 * 1024 ** 3;
/** Short ones fill 500 MB with nine million. */
export const MOST_MESSAGES = 12_000_000;
/** Of one line, one message's words, or one message's JSON; in UTF-16 units or bytes. */
export const LONGEST_LINE = 1_048_576;
/** Of the JSON around the messages, in bytes: contacts, sessions and the like of a whole Telegram export. */
export const LONGEST_FRAME = 16 * 1_048_576;
export const DEEPEST = 64;
