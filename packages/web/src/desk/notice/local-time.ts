/** This moment as a field for local time takes it. */
export function localNow(): string {
  return Temporal.Now.plainDateTimeISO().toString({ smallestUnit: "minute" });
}

/** A local time that was written in such a field, as an ISO 8601 instant. */
export function instantOf(local: string): string {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(Temporal.Now.timeZoneId()).toInstant().toString();
}
