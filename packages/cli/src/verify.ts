import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { type NoteKey, readKey } from "@jikim/casework";
import { sayFinding, sayTold, type Trust, type Verdict, verifyPack } from "@jikim/evidence/pack";
import { type Command, CommandRefusal, languageOf } from "./command.ts";
import { readText } from "./text-file.ts";

const USAGE = `jikim verify PACK --identity KEYFILE [--root HEX] [--authorities PEM] [--witness KEY …] [--language ko|en] [--json]
   checks an evidence pack without any server: --root is the centre's offline root as printed on its leaflet, --authorities a file of
   root certificates of timestamp authorities, --witness a key as name+id+base64. Exit 0 only when everything was checked and holds`;

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** `jikim verify`: what holds in a pack, what does not, and what could not be checked. */
export const verify: Command = {
  usage: USAGE,
  async run(words) {
    const { values, positionals } = readWords(words);
    const [pack] = positionals;
    if (pack === undefined || positionals.length > 1 || values.identity === undefined)
      throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
    const language = languageOf(values.language);
    const [identities, trust] = [await identitiesIn(values.identity), await trustOf(values)];
    const verdict = await verdictBy(identities, pack, trust);
    print(verdict, values.json === true ? "json" : language);
    return verdict.holds ? 0 : 1;
  },
};

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        identity: { type: "string" },
        root: { type: "string" },
        authorities: { type: "string" },
        witness: { type: "string", multiple: true },
        language: { type: "string" },
        json: { type: "boolean" },
      },
    });
  } catch {
    throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
  }
}

type Words = ReturnType<typeof readWords>["values"];

/** A key file as `age-keygen` writes it: comments and secret keys, one to a line. */
async function identitiesIn(path: string): Promise<readonly string[]> {
  const identities = (await readText(path, "IDENTITY_NOT_FOUND")).match(/^AGE-SECRET-KEY-1\w+$/gm);
  if (identities === null)
    throw new CommandRefusal("NOT_AN_IDENTITY", "The key file holds no age secret key (AGE-SECRET-KEY-1…).");
  return identities.slice(0, MOST_IDENTITIES);
}

const MOST_IDENTITIES = 100;

/** By the first key that opens it, as age does. */
async function verdictBy(identities: readonly string[], pack: string, trust: Trust): Promise<Verdict> {
  let verdict: Verdict = { holds: false, findings: [], manifest: null, told: [] };
  for (const identity of identities) {
    verdict = await readThrough(pack, (stream) => verifyPack(stream, identity, trust));
    if (verdict.findings[0]?.why !== "WRONG_KEY") break;
  }
  return verdict;
}

/** A file that the disk does not give us is no finding about the pack. @throws {CommandRefusal} `PACK_NOT_FOUND`. */
async function readThrough<T>(path: string, use: (stream: ReadableStream<Uint8Array>) => Promise<T>): Promise<T> {
  const unread = () => new CommandRefusal("PACK_NOT_FOUND", `This pack cannot be read: ${path}`);
  if ((await stat(path).catch(() => null))?.isDirectory() !== false) throw unread();
  const stream = createReadStream(path, { highWaterMark: 1 << 20 });
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve()).on("error", reject);
  }).catch(() => {
    throw unread();
  });
  const result = await use(Readable.toWeb(stream) as ReadableStream<Uint8Array>);
  // Before it is ended: what ends it early is no error of the disk.
  const { errored } = stream;
  stream.destroy();
  if (errored !== null && "syscall" in errored) throw unread();
  return result;
}

async function trustOf({ root, authorities, witness = [] }: Words): Promise<Trust> {
  if (root !== undefined && !/^[0-9a-f]{64}$/i.test(root))
    throw new CommandRefusal("NOT_A_ROOT", "--root takes 64 hex digits, as printed on the centre's leaflet.");
  return {
    root: root?.toLowerCase() ?? null,
    authorities: authorities === undefined ? [] : [await readText(authorities, "AUTHORITIES_NOT_FOUND")],
    witnesses: witness.map(witnessOf),
    now: Temporal.Now.instant(),
  };
}

function witnessOf(text: string): NoteKey {
  const key = readKey(sha256, text);
  if (key?.signer !== "witness") throw new CommandRefusal("NOT_A_WITNESS", "--witness takes a key as name+id+base64.");
  return key;
}

function print({ holds, findings, manifest, told }: Verdict, form: "json" | "ko" | "en"): void {
  if (form === "json") {
    for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
    process.stdout.write(`${JSON.stringify({ holds, packId: manifest?.packId ?? null, told })}\n`);
    return;
  }
  for (const finding of findings) process.stdout.write(`${sayFinding(finding, form)}\n`);
  for (const each of told) process.stdout.write(`${sayTold(each, form)}\n`);
  process.stdout.write(`${SUMMARY[summaryOf(findings)][form]}\n`);
}

const SUMMARY = {
  holds: { ko: "모두 확인했고 모두 맞습니다.", en: "Everything was checked, and everything holds." },
  fails: { ko: "맞지 않는 것이 있습니다.", en: "Something does not hold." },
  unchecked: {
    ko: "틀린 것은 없으나 모두 확인하지는 못했습니다.",
    en: "Nothing was found wrong, but not everything could be checked.",
  },
} as const;

function summaryOf(findings: Verdict["findings"]): keyof typeof SUMMARY {
  const found = (state: keyof typeof SUMMARY) => findings.some((finding) => finding.state === state);
  return found("fails") ? "fails" : found("unchecked") ? "unchecked" : "holds";
}
