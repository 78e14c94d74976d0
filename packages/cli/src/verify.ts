import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { type NoteKey, readKey } from "@jikim/casework";
import { sayFinding, type Trust, type Verdict, verifyPack } from "@jikim/evidence/pack";
import { type Command, CommandRefusal } from "./command.ts";

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
    const identity = await identityIn(values.identity);
    const verdict = await verifyPack(await opened(pack), identity, await trustOf(values));
    print(verdict, values);
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

async function textOf(path: string, code: string): Promise<string> {
  return readFile(path, "utf8").catch(() => {
    throw new CommandRefusal(code, `This file cannot be read: ${path}`);
  });
}

/** A key file as `age-keygen` writes it: comments and one secret key. */
async function identityIn(path: string): Promise<string> {
  const identity = /^AGE-SECRET-KEY-1\w+$/m.exec(await textOf(path, "IDENTITY_NOT_FOUND"))?.[0];
  if (identity === undefined)
    throw new CommandRefusal("NOT_AN_IDENTITY", "The key file holds no age secret key (AGE-SECRET-KEY-1…).");
  return identity;
}

async function opened(path: string): Promise<ReadableStream<Uint8Array>> {
  const stream = createReadStream(path, { highWaterMark: 1 << 20 });
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve()).once("error", reject);
  }).catch(() => {
    throw new CommandRefusal("PACK_NOT_FOUND", `This pack cannot be read: ${path}`);
  });
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

async function trustOf({ root, authorities, witness = [] }: Words): Promise<Trust> {
  if (root !== undefined && !/^[0-9a-f]{64}$/i.test(root))
    throw new CommandRefusal("NOT_A_ROOT", "--root takes 64 hex digits, as printed on the centre's leaflet.");
  return {
    root: root?.toLowerCase() ?? null,
    authorities: authorities === undefined ? [] : [await textOf(authorities, "AUTHORITIES_NOT_FOUND")],
    witnesses: witness.map(witnessOf),
    now: Temporal.Now.instant(),
  };
}

function witnessOf(text: string): NoteKey {
  const key = readKey(sha256, text);
  if (key?.signer !== "witness") throw new CommandRefusal("NOT_A_WITNESS", "--witness takes a key as name+id+base64.");
  return key;
}

function print({ holds, findings, manifest }: Verdict, { json, language }: Words): void {
  if (json) {
    for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
    process.stdout.write(`${JSON.stringify({ holds, packId: manifest?.packId ?? null })}\n`);
    return;
  }
  const said = language === "en" ? "en" : "ko";
  for (const finding of findings) process.stdout.write(`${sayFinding(finding, said)}\n`);
}
