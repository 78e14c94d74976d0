/** A moment as a field of type datetime-local has it: this device's own time, to the minute. */
export function inputTime(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds)
    .toZonedDateTimeISO(Temporal.Now.timeZoneId())
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" });
}

/** The instant (ISO 8601) that such a field means. */
export function instantOf(value: string): string {
  return Temporal.PlainDateTime.from(value).toZonedDateTime(Temporal.Now.timeZoneId()).toInstant().toString();
}
