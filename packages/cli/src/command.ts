/** One sub-command of `jikim`. Machine output is JSON lines on stdout; everything else goes to stderr. */
export type Command = {
  readonly usage: string;
  /** @returns the exit code: 0 fine or found, 1 not found. @throws {CommandRefusal} for wrong arguments and unusable input: 2. */
  readonly run: (words: readonly string[]) => Promise<number>;
};

/** Something the caller can mend; the message says how, and holds nothing personal. */
export class CommandRefusal extends Error {
  override readonly name = "CommandRefusal";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The language of what is said to people: Korean unless English is asked for. @throws {CommandRefusal} `BAD_LANGUAGE`. */
export function languageOf(said: string | undefined): "ko" | "en" {
  if (said === undefined || said === "ko" || said === "en") return said ?? "ko";
  throw new CommandRefusal("BAD_LANGUAGE", "--language takes ko or en.");
}
