import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, constants, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { CAPTURE_PROGRAM, type CaptureRequest } from "@jikim/capture";
import { isRecipient, newSigningKey } from "@jikim/evidence";
import {
  type AboutCapture,
  type Captured,
  capturedSchema,
  countCapture,
  filesOfCapture,
  type PackPart,
  sealCapture,
  writePack,
} from "@jikim/evidence/pack";
import { openFolder, removeFolder } from "./capture-folder.ts";
import { tellOfCapture } from "./capture-report.ts";
import { type Command, CommandRefusal } from "./command.ts";
import { readText } from "./text-file.ts";

const USAGE = `jikim capture URL --to RECIPIENT|FILE --out PACK [--minor|--adult] [--allow-private] [--json]
   captures a page without keeping a picture, and seals it for an age public key (age1…) or a file of them. Pictures, films and sounds become
   digests and fingerprints. Private addresses are refused without --allow-private. Exit 0 when the pack is written.
   To make a digest a picture is fetched, and then dropped. Whoever runs this answers for having the right to fetch the page: the survivor's
   mandate, a legal basis or an authority; unless the person shown is known to be 19 or over (--adult), counsel's opinion or the request of
   police or court. Nothing here asks for them, as the desk does; which of the two was said is written into the pack, --minor if neither`;

/** What ends a command from outside: what was captured so far is removed first. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const BROWSER = "/usr/bin/chromium";
const MOST_SECONDS = 60;
/** How long a capture has to end by itself. */
const END_MS = 5000;
/** `jikim capture`: a page, sealed under a key of the moment, which the pack says nobody vouches for. */
export const capture: Command = {
  usage: USAGE,
  async run(words) {
    const { values, positionals } = readWords(words);
    const [url] = positionals;
    const { to, out } = values;
    if (url === undefined || positionals.length > 1 || to === undefined || out === undefined)
      throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
      throw new CommandRefusal("NOT_AN_ADDRESS", "An address begins with http:// or https://.");
    const recipients = await recipientsOf(to);
    await refuseTaken(out);
    if (values.minor === true && values.adult === true) throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
    const folder = await openFolder().catch(() => {
      throw new CommandRefusal("NO_FOLDER", "The folder for temporary files cannot be used; TMPDIR names another.");
    });
    const stop = new AbortController();
    const interrupt = () => stop.abort();
    for (const signal of SIGNALS) process.on(signal, interrupt);
    try {
      // Of whom nothing is said it is not known that she is no child.
      const minor = values.adult !== true;
      const allowPrivate = values["allow-private"] ?? false;
      const seconds = MOST_SECONDS;
      const asked = { version: 1, url, folder, minor, mode: "hash-and-discard", keep: null } as const;
      await runCapture({ ...asked, cookies: [], allowPrivate, browser: BROWSER, seconds }, stop.signal);
      const sealed = await seal(folder, { recipients, out, stop: stop.signal });
      print(sealed, values.json === true ? "json" : "words");
      return 0;
    } finally {
      for (const signal of SIGNALS) process.off(signal, interrupt);
      await removeFolder(folder);
    }
  },
};

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        to: { type: "string" },
        out: { type: "string" },
        minor: { type: "boolean" },
        adult: { type: "boolean" },
        "allow-private": { type: "boolean" },
        json: { type: "boolean" },
      },
    });
  } catch {
    throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
  }
}

/** One public key, or a file with one on each line, as `age -R` reads it. */
async function recipientsOf(to: string): Promise<readonly string[]> {
  if (isRecipient(to)) return [to];
  const lines = (await readText(to, "NOT_A_RECIPIENT").catch(() => "")).split("\n").map((line) => line.trim());
  const found = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (found.length === 0 || !found.every(isRecipient))
    throw new CommandRefusal("NOT_A_RECIPIENT", "--to takes an age public key (age1…) or a file of them.");
  return found;
}

const REASONS: Readonly<Record<string, string>> = {
  ADDRESS_REFUSED: "The address leads to this machine or a private network. --allow-private permits that.",
  NOTHING_CAME: "Nothing came from this address.",
  NO_BROWSER: `The browser does not start: ${BROWSER} is needed.`,
};

/** Captures in a process of its own, which is given neither our environment nor any key. */
async function runCapture(request: CaptureRequest, stop: AbortSignal): Promise<void> {
  const { folder } = request;
  const env = {
    PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
    HOME: folder,
    TMPDIR: folder,
    LANG: "C.UTF-8",
    TZ: process.env.TZ,
  };
  const child = spawn(process.execPath, [CAPTURE_PROGRAM], { env, stdio: ["pipe", "pipe", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  // One that is asked to end sees to its browser, so that no browser writes where things were removed.
  const end = () => {
    child.kill("SIGTERM");
    setTimeout(kill, END_MS).unref();
  };
  stop.addEventListener("abort", end);
  if (stop.aborted) end();
  const cut = setTimeout(end, (request.seconds + 30) * 1000);
  child.stdin.on("error", () => undefined).write(`${JSON.stringify(request)}\n`);
  const ended = new Promise<number | null>((done) => child.once("error", () => done(null)).once("exit", done));
  const said = await text(child.stdout);
  const exit = await ended;
  clearTimeout(cut);
  if (stop.aborted) throw interrupted();
  if (exit === 0) return;
  const code = /"code":"([A-Z_]+)"/.exec(said)?.[1] ?? "CAPTURE_FAILED";
  throw new CommandRefusal(code, REASONS[code] ?? "The capture failed.");
}

const interrupted = () => new CommandRefusal("INTERRUPTED", "The capture was interrupted. Nothing of it was kept.");

type Sealed = {
  readonly packId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly captured: Captured;
};

async function seal(
  folder: string,
  { recipients, out, stop }: { recipients: readonly string[]; out: string; stop: AbortSignal },
): Promise<Sealed> {
  const captured = capturedSchema.parse(JSON.parse(await readFile(join(folder, "record.json"), "utf8")));
  const files = filesOfCapture(captured).map(
    ({ name, path, type }): PackPart => ({ path, type, read: () => createReadStream(join(folder, name)) }),
  );
  const packId = randomUUID();
  const about = aboutNobody(packId, captured.startedAt);
  const { sealed, parts } = await sealCapture(captured, about, {
    parts: files,
    by: { ...newSigningKey(), certificate: null },
    tell: (facts) => tellOfCapture(facts, { folder, browser: BROWSER, page: captured.url, stop }),
  });
  if (stop.aborted) throw interrupted();
  const pack = await writePack(sealed, { timestamp: null, log: null }, { parts, recipients });
  return { packId, captured, ...(await writeOut(pack, out)) };
}

async function refuseTaken(out: string): Promise<void> {
  const taken = await access(out).then(
    () => true,
    () => false,
  );
  if (taken) throw new CommandRefusal("ALREADY_THERE", `There is a file already: ${out}`);
  // Before a page is asked for what could not be kept.
  await access(dirname(out), constants.W_OK).catch(() => {
    throw new CommandRefusal("CANNOT_WRITE", `The pack cannot be written: ${out}`);
  });
}

/** Half a pack is never found under the name asked for. */
async function writeOut(pack: ReadableStream<Uint8Array>, out: string): Promise<{ sha256: string; bytes: number }> {
  const digest = createHash("sha256");
  const half = `${out}.${randomUUID()}.part`;
  let bytes = 0;
  const counted = async function* (stream: AsyncIterable<Uint8Array>) {
    for await (const part of stream) {
      digest.update(part);
      bytes += part.length;
      yield part;
    }
  };
  try {
    await pipeline(Readable.fromWeb(pack as never), counted, createWriteStream(half, { flags: "wx", mode: 0o600 }));
    await rename(half, out);
  } catch (error) {
    await rm(half, { force: true });
    if (error instanceof Error && "syscall" in error)
      throw new CommandRefusal("CANNOT_WRITE", `The pack cannot be written: ${out}`);
    throw error;
  }
  return { sha256: digest.digest("hex"), bytes };
}

/** Outside a centre there is no case, no consent and nobody who vouches. */
function aboutNobody(packId: string, startedAt: string): AboutCapture {
  return {
    ...{
      packId,
      exhibit: "1",
      previous: null,
      clockOffMs: null,
      case: "적지 않음 / not given",
      legalBasis: "적지 않음 / not given",
      authority: null,
      consent: null,
    },
    centre: { ko: "센터 밖에서 만듦 (보증되지 않음)", en: "made outside a centre (not vouched for)" },
    actors: [{ role: "investigator", did: "captured", at: startedAt }],
    sealedAt: new Date().toISOString(),
  };
}

function print({ packId, sha256, bytes, captured }: Sealed, form: "json" | "words"): void {
  const { gaps } = captured;
  const { kept, notStored } = countCapture(captured);
  if (form === "json") {
    process.stdout.write(`${JSON.stringify({ packId, sha256, bytes, kept, notStored, gaps })}\n`);
    return;
  }
  const said = `${packId}\nsha256 ${sha256}\n${kept} kept, ${notStored} only as digests, ${gaps.length} gaps\n`;
  process.stdout.write(said);
  process.stderr.write("Nobody vouches for the key that sealed this pack, and no authority stamped its time.\n");
}
