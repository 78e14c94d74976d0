/** Why a file gets no provenance report. */
export type ProvenanceReason =
  | { readonly code: "EMPTY" }
  | { readonly code: "TOO_LARGE"; readonly most: number }
  | { readonly code: "TOO_MANY_PIXELS"; readonly most: number }
  | { readonly code: "BAD_PIXELS" };

const SAID: Readonly<Record<ProvenanceReason["code"], string>> = {
  EMPTY: "The file is empty.",
  TOO_LARGE: "The file is too large.",
  TOO_MANY_PIXELS: "The picture has too many pixels.",
  BAD_PIXELS: "The pixels do not fit the width and height given.",
};

/** A file that is not looked at. Says nothing of what the file holds. */
export class ProvenanceRefusal extends Error {
  override readonly name = "ProvenanceRefusal";
  readonly reason: ProvenanceReason;
  constructor(reason: ProvenanceReason) {
    super(SAID[reason.code]);
    this.reason = reason;
  }
}
