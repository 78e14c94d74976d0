/** Every way a route says no that is not a rule of casework. `message` is safe to show and says what to do. */
const PROBLEMS = {
  KEY_UNKNOWN: [401, "This key is not known here. Ask the centre for a new one."],
  KEY_EXPIRED: [401, "This key has expired. Ask the centre for a new one."],
  KEY_REVOKED: [401, "This key was revoked. Ask the centre why."],
  NOT_OPEN: [503, "The centre is not set up yet. Try again later."],
  NOT_FOUND: [404, "There is nothing here."],
  CASE_NOT_HELD: [403, "You do not hold the key of this case. Ask a holder to assign it to you."],
  NOT_CERTIFIED: [403, "Your key is not signed by the centre's root, so it opens nothing. Ask a supervisor."],
  KEY_CHANGED: [409, "The key of this case changed meanwhile. Open the case again and repeat."],
  DOCUMENTS_CHANGED: [409, "The documents of this case changed meanwhile. Open the case again and repeat."],
  HOLDERS_WRONG: [422, "The case must be wrapped for her, the recovery key and the named staff, and for nobody else."],
  ID_TAKEN: [409, "This id is in use for something else."],
  PLACE_UNREADABLE: [422, "One of the places is neither a link nor a room handle."],
  TOO_MANY_PLACES: [422, "A case holds at most 2,000 places."],
  ITEM_LISTED: [409, "One of the items is on the list already."],
  ITEM_WITHOUT_FINGERPRINTS: [422, "One of the items has no fingerprint, so no platform could match it."],
  ENTRY_WITHDRAWN: [409, "This entry was withdrawn."],
  NOTICE_ANSWERED: [409, "This notice was answered already."],
  NOTICE_NOT_SENT: [409, "This notice has not been sent."],
  NAME_TAKEN: [409, "A platform of this name exists."],
  EXPIRY_IN_THE_PAST: [422, "A key must expire in the future."],
  NOT_A_PAGE: [422, "Only a page on the web can be checked; look at a room with a person's eyes."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Thrown by routes and stores; the error handler answers `{error: {code, message}}` with its status. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly statusCode: number;

  constructor(code: ProblemCode) {
    const [status, message] = PROBLEMS[code];
    super(message);
    this.code = code;
    this.statusCode = status;
  }
}
