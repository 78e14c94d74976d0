import type { FingerprintRefusalCode } from "@jikim/fingerprint";
import { startWorker } from "../shared/trusted-script.ts";
import { MOST_ITEMS } from "./draft.ts";
import { onLeave } from "./leave.ts";
import type { PictureAsked, PictureSaid } from "./picture.worker.ts";
import workerUrl from "./picture.worker.ts?worker&url";
import { visit } from "./visit.svelte.ts";

/** A chosen file that is no item (yet): being read, or why it is none. Its name is never looked at. */
export type Chosen = {
  readonly id: string;
  state: "waiting" | "reading" | "plain" | "same" | "refused";
  /** 0 to 1; known for films only. */
  share: number;
  code: FingerprintRefusalCode | null;
};

/** Chosen files on their way, in the order chosen. What was read is in the draft. */
export const chosen: Chosen[] = $state([]);
/** Local views she asked for: item id to blob URL. */
export const views: Record<string, string> = $state({});

/** The files themselves, in memory only, so that she can look at one if she asks. */
const files = new Map<string, Blob>();
let worker: Worker | null = null;

onLeave(forgetPictures);

/** Stops reading, takes back every view, and forgets the files. */
export function forgetPictures(): void {
  worker?.terminate();
  worker = null;
  hideAll();
  files.clear();
  chosen.splice(0);
}

/** Takes files to be fingerprinted on this device, one after the other. */
export function choose(list: Iterable<Blob>): void {
  for (const file of list) {
    if (visit.draft.items.length + chosen.length >= MOST_ITEMS) break;
    const id = crypto.randomUUID();
    files.set(id, file);
    chosen.push({ id, state: "waiting", share: 0, code: null });
  }
  readNext();
}

/** Whether anything is still being read. */
export function isReading(): boolean {
  return chosen.some(({ state }) => state === "waiting" || state === "reading");
}

function readNext(): void {
  if (chosen.some(({ state }) => state === "reading")) return;
  const next = chosen.find(({ state }) => state === "waiting");
  const file = next && files.get(next.id);
  if (!next || !file) return;
  next.state = "reading";
  worker ??= begin();
  worker.postMessage({ id: next.id, file } satisfies PictureAsked);
}

function begin(): Worker {
  const begun = startWorker(workerUrl);
  begun.onmessage = (event: MessageEvent<PictureSaid>) => hear(event.data);
  begun.onerror = () => {
    begun.terminate();
    worker = null;
    const reading = chosen.find(({ state }) => state === "reading");
    if (reading) hear({ id: reading.id, said: "refused", code: "NOT_SUPPORTED" });
  };
  return begun;
}

function hear(said: PictureSaid): void {
  const row = chosen.find(({ id }) => id === said.id);
  if (!row) return;
  if (said.said === "share") {
    row.share = said.share;
    return;
  }
  if (said.said === "refused") Object.assign(row, { state: "refused", code: said.code });
  else if (said.result.tooPlain) row.state = "plain";
  else if (isKnown(said.result.fingerprints[0]?.value)) row.state = "same";
  else {
    visit.draft.items.push({ id: row.id, kind: said.result.media, fingerprints: [...said.result.fingerprints] });
    chosen.splice(chosen.indexOf(row), 1);
  }
  if (row.state === "refused" || row.state === "plain" || row.state === "same") files.delete(row.id);
  readNext();
}

function isKnown(value: string | undefined): boolean {
  return visit.draft.items.some((item) => item.fingerprints[0]?.value === value);
}

/** Whether she can look at an item: its file was chosen in this visit. */
export function canView(id: string): boolean {
  return files.has(id);
}

/** Shows a file to her alone, from this device's memory. */
export function view(id: string): void {
  const file = files.get(id);
  if (file) views[id] = URL.createObjectURL(file);
}

export function hide(id: string): void {
  const url = views[id];
  if (url !== undefined) URL.revokeObjectURL(url);
  delete views[id];
}

/** Hides every view: when the page is left. */
export function hideAll(): void {
  for (const id of Object.keys(views)) hide(id);
}

/** Takes an item out of the report, or a row out of the list. */
export function takeOut(id: string): void {
  hide(id);
  files.delete(id);
  const item = visit.draft.items.findIndex((each) => each.id === id);
  if (item >= 0) visit.draft.items.splice(item, 1);
  const row = chosen.findIndex((each) => each.id === id);
  const wasReading = chosen[row]?.state === "reading";
  if (row >= 0) chosen.splice(row, 1);
  if (!wasReading) return;
  worker?.terminate();
  worker = null;
  readNext();
}
