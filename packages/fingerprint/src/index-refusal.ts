/** Why the index takes a fingerprint, an id, a radius or a snapshot not in. */
export const INDEX_REFUSALS = {
  NOT_A_FINGERPRINT: "not a fingerprint: 64 lowercase hex digits",
  TOO_PLAIN: "the fingerprint is that of a blank picture and would match every other blank one",
  BAD_ID: "an id is a text of 1 to 256 characters or a whole number from 0 to 2147483647",
  BAD_RADIUS: "a radius is a whole number of bits from 0 to 31",
  INDEX_FULL: "the index holds as many entries as it can number",
  NOT_A_SNAPSHOT: "not a snapshot of an index",
  SNAPSHOT_VERSION: "the snapshot was written by another version",
  SNAPSHOT_DAMAGED: "the snapshot is damaged where its contents are described, and nothing can be read from it",
} as const;

export type IndexRefusalCode = keyof typeof INDEX_REFUSALS;

/** The index said no: expected, safe to show; it names no id and no fingerprint. */
export class IndexRefusal extends Error {
  override readonly name = "IndexRefusal";
  readonly code: IndexRefusalCode;

  constructor(code: IndexRefusalCode) {
    super(INDEX_REFUSALS[code]);
    this.code = code;
  }
}
