import { cosignedBytes, type NoteKey, readCosignature, readNote, signatureBy, writeNote } from "@jikim/casework";
import { verifyBytes } from "@jikim/evidence";
import type { Jikim } from "../jikim.ts";
import { saveCosigned } from "../store/log.ts";
import { openProving, type Proving, proveGrowth } from "./proof.ts";
import { beginAnew } from "./sequence.ts";
import type { Witness } from "./witnesses.ts";

const ANSWER_MS = 10_000;
/** Bytes; a witness's lines are some hundreds. */
const LONGEST_ANSWER = 20_000;
const MOST_TRIES = 3;

/**
 * Has the last checkpoint signed by every witness that answers, and keeps their signatures with it. A witness that has seen more than
 * this log holds, or something else, ends it: the database was restored from before, and a new log is begun that says so.
 * @returns names of the witnesses that signed.
 */
export async function cosign(jikim: Jikim, witnesses: readonly Witness[]): Promise<string[]> {
  const signed: string[] = [];
  for (const witness of witnesses) {
    const proving = await openProving(jikim.db);
    if (proving === null) return signed;
    const said = await askFor(jikim, proving, witness);
    if (said.kind === "elsewhere") {
      await beginAnew(jikim, { origin: proving.tree.origin, seen: said.size });
      return signed;
    }
    if (said.kind !== "signed") continue;
    const note = readNote(proving.checkpoint);
    if (note === null) continue;
    const { name, id } = witness.key;
    const others = note.signatures.filter((each) => each.name !== name || each.id !== id);
    const after = writeNote({ text: note.text, signatures: [...others, { name, id, signature: said.cosignature }] });
    await saveCosigned(jikim.db, proving.tree.generation, { before: proving.checkpoint, after });
    signed.push(name);
  }
  return signed;
}

type Said =
  | { readonly kind: "signed"; readonly cosignature: Uint8Array }
  /** It saw a log of this size that is not the beginning of ours. */
  | { readonly kind: "elsewhere"; readonly size: number }
  | { readonly kind: "silent" };

async function askFor({ db }: Pick<Jikim, "db">, proving: Proving, witness: Witness): Promise<Said> {
  let oldSize = 0;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const growth = await proveGrowth(db, proving, oldSize);
    const lines = [`old ${oldSize}`, ...growth.map((hash) => Buffer.from(hash).toString("base64"))];
    const answer = await post(`${witness.url}/add-checkpoint`, `${lines.join("\n")}\n\n${proving.checkpoint}`);
    if (answer === null) return { kind: "silent" };
    if (answer.status === 409) {
      const size = Number(/^(\d{1,15})\n?$/.exec(answer.text)?.[1] ?? Number.NaN);
      if (!Number.isSafeInteger(size)) return { kind: "silent" };
      if (size > proving.size) return { kind: "elsewhere", size };
      oldSize = size;
      continue;
    }
    // What it saw at that size is not what we hold there: our own proof from it is right, and does not fit (C2SP tlog-witness, 422).
    if (answer.status === 422 && oldSize > 0) return { kind: "elsewhere", size: oldSize };
    const cosignature = answer.status === 200 ? cosignatureIn(answer.text, proving, witness.key) : null;
    return cosignature === null ? { kind: "silent" } : { kind: "signed", cosignature };
  }
  return { kind: "silent" };
}

/** Whether a checkpoint carries a signature of each of these witnesses. */
export function isCosigned(checkpoint: string, witnesses: readonly Witness[]): boolean {
  const note = readNote(checkpoint);
  return note !== null && witnesses.every(({ key }) => signatureBy(note, key) !== null);
}

/** The witness's signature, when it is its own and on this very checkpoint. */
function cosignatureIn(lines: string, { checkpoint }: Proving, key: NoteKey): Uint8Array | null {
  const text = readNote(checkpoint)?.text ?? "";
  const note = readNote(`${text}\n${lines}`);
  const cosignature = note === null ? null : signatureBy(note, key);
  const read = cosignature === null ? null : readCosignature(cosignature);
  if (cosignature === null || read === null) return null;
  const holds = verifyBytes(
    read.signature,
    cosignedBytes(text, read.seconds),
    Buffer.from(key.publicKey).toString("hex"),
  );
  return holds ? cosignature : null;
}

async function post(url: string, body: string): Promise<{ readonly status: number; readonly text: string } | null> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(url, { method: "POST", body, signal, redirect: "error" });
    const text = await readBounded(response.body);
    return text === null ? null : { status: response.status, text };
  } catch {
    return null;
  }
}

/** A body as it comes; null when it grows beyond the bound, which ends it at once. */
async function readBounded(body: ReadableStream<Uint8Array> | null): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // To leave the loop cancels the stream, and closes its connection.
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > LONGEST_ANSWER) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
