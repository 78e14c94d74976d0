/** Why an exhibit cannot be taken along: it does not open, or its files are not those that were sealed. */
export class PackingRefusal extends Error {
  override readonly name = "PackingRefusal";
  readonly code: "EXHIBIT_LOCKED" | "EXHIBIT_ALTERED" | "UPLOAD_CHANGED";
  /** Which exhibit, from 1; 0 when it is about all of the pack (UPLOAD_CHANGED: the server kept other bytes than were sent). */
  readonly number: number;
  constructor(code: PackingRefusal["code"], number: number) {
    super(code);
    this.code = code;
    this.number = number;
  }
}
