import { type Command, CommandRefusal } from "./command.ts";

/** Sub-commands by name; each is loaded only when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  fingerprint: async () => (await import("./fingerprint.ts")).fingerprint,
  index: async () => (await import("./index.ts")).index,
  match: async () => (await import("./match.ts")).match,
  scan: async () => (await import("./scan.ts")).scan,
  capture: async () => (await import("./capture.ts")).capture,
  verify: async () => (await import("./verify.ts")).verify,
  law: async () => (await import("./law.ts")).law,
};

/** Exit codes: 0 fine or found, 1 not found, 2 error. */
async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === "help" || name === "--help") return help();
  if (name === undefined) throw new CommandRefusal("BAD_ARGUMENTS", "Which command? Try: jikim help");
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) throw new CommandRefusal("UNKNOWN_COMMAND", `There is no command "${name}". Try: jikim help`);
  return (await load()).run(words);
}

async function help(): Promise<number> {
  for (const load of Object.values(COMMANDS)) process.stderr.write(`${(await load()).usage}\n`);
  return 0;
}

// A decoder of ours speaks on the console; stdout is for machines.
console.log = console.error;

// Whoever read the output has gone, as `head` does: what was not said must not pass for an answer.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(2);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // A fault of ours is not "not found".
  process.exitCode = 2;
  const refusal = error instanceof CommandRefusal ? error : new CommandRefusal("FAULT", "A fault of this program.");
  if (refusal !== error) console.error(error);
  process.stdout.write(`${JSON.stringify({ error: { code: refusal.code, message: refusal.message } })}\n`);
}
