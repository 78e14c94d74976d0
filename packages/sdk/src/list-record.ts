import { z } from "zod";
import { BATCH, breathe, type News, openPage, type Proof } from "./list-news.ts";
import { draftFrom, type ListState, settle, takeChange, takeErased, takePut } from "./list-state.ts";
import { JikimRefusal } from "./refusal.ts";
import type { Store } from "./store.ts";
import { parseJson } from "./verify.ts";
import { erasedChangeSchema, listChangeSchema, signedSchema } from "./wire.ts";

/**
 * The stored list: a first line with the proof, one line for each put in force, then one line for each step since with its own
 * proof. All of it is verified again when it is read, so that a damaged file is noticed and never believed.
 */
const proofSchema = z.strictObject({ certificate: signedSchema, head: signedSchema });
const firstLineSchema = z.strictObject({ version: z.literal(1), proof: proofSchema, puts: z.int().min(0) });
const stepLineSchema = z.strictObject({
  proof: proofSchema,
  changes: z.array(z.union([z.string(), erasedChangeSchema])),
});

/** @throws {JikimRefusal} `STORE_DAMAGED`. */
export async function loadList(store: Store, root: string): Promise<ListState | null> {
  const lines = await store.read("list");
  if (lines.length === 0) return null;
  try {
    return await readLines(lines, root);
  } catch {
    throw new JikimRefusal("STORE_DAMAGED");
  }
}

async function readLines(lines: readonly string[], root: string): Promise<ListState> {
  const first = firstLineSchema.parse(parseJson(lines[0] ?? ""));
  const draft = draftFrom(null);
  for (const [at, line] of lines.slice(1, 1 + first.puts).entries()) {
    if (at % BATCH === BATCH - 1) await breathe();
    const payload = z.string().parse(parseJson(line));
    const { change } = listChangeSchema.parse(parseJson(payload));
    if (change.kind === "put") takePut(draft, payload, change.entry.id);
  }
  const { head } = openPage(first.proof, everBelieved(root));
  draft.number = head.number;
  draft.digest = head.digest;
  let state = settle(draft, head);
  for (const line of lines.slice(1 + first.puts)) state = readStep(state, line, root);
  return state;
}

function readStep(state: ListState, line: string, root: string): ListState {
  const { proof, changes } = stepLineSchema.parse(parseJson(line));
  const draft = draftFrom(state);
  for (const change of changes) {
    if (typeof change === "string") takeChange(draft, change, listChangeSchema.parse(parseJson(change)));
    else takeErased(draft, change);
  }
  return settle(draft, openPage(proof, everBelieved(root)).head);
}

/** A certificate that has run out since still proves what was signed under it. */
function everBelieved(root: string): { root: string; now: number } {
  return { root, now: Number.NEGATIVE_INFINITY };
}

export function saveWhole(store: Store, state: ListState, proof: Proof): Promise<void> {
  return store.replace("list", wholeLines(state, proof));
}

function* wholeLines(state: ListState, proof: Proof): Generator<string> {
  yield JSON.stringify({ version: 1, proof, puts: state.held.size });
  for (const payload of state.held.values()) yield JSON.stringify(payload);
}

export function saveStep(store: Store, { proof, changes }: News): Promise<void> {
  return store.append("list", [JSON.stringify({ proof, changes })]);
}
