/** The age key in what somebody pasted or in a file of theirs: its first line that looks like one; null when there is none. */
export function readRecipient(text: string): string | null {
  return /\bage1[02-9ac-hj-np-z]{58}\b/.exec(text)?.[0] ?? null;
}
