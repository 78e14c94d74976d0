import { type PlaceAddress, readPlace } from "@jikim/casework";
import {
  type ChatExport,
  type ChatFormat,
  type ChatInWorker,
  type ChatReason,
  ChatRefusal,
  openChatInWorker,
} from "@jikim/evidence/chat";
import { readShown } from "../shared/chat-files.ts";
import { startWorker } from "../shared/trusted-script.ts";
import workerUrl from "./chat.worker.ts?worker&url";
import { onLeave } from "./leave.ts";
import { addMyPlaces } from "./my-case.svelte.ts";
import { sendChat } from "./my-chats.ts";

/** Where an import is. All of it is in memory, and gone when she leaves. */
type Import =
  | { readonly stage: "start" }
  | { readonly stage: "reading" }
  | { readonly stage: "refused"; readonly reason: ChatReason | null }
  | { readonly stage: "choosing"; readonly chat: ChatInWorker }
  | { readonly stage: "preparing"; readonly chat: ChatInWorker }
  | { readonly stage: "checking"; readonly chat: ChatInWorker; readonly ready: Ready }
  | { readonly stage: "sending"; readonly chat: ChatInWorker; readonly ready: Ready }
  | { readonly stage: "sent"; readonly shown: number };

/** What would go out, before she says so. */
export type Ready = {
  /** Of the chat, the same for each try. */
  readonly id: string;
  readonly content: ChatExport;
  readonly found: readonly FoundKey[];
};

/** An account, a room or a link in the shown messages that can become a place. `name`: how its owner is called there. */
export type FoundKey = { readonly place: PlaceAddress; readonly name: string | null; readonly times: number };

/** Messages that are shown at most at once: some forty megabytes, sealed. */
export const MOST_PICKED = 20_000;

export const progress = $state({ share: 0 });
/** Places of the messages that she chose. */
export const picked: { places: ReadonlySet<number> } = $state({ places: new Set<number>() });
/** Links and accounts that she said may be told of: texts of places. Nothing is ticked beforehand. */
export const told: { texts: string[] } = $state({ texts: [] });

let current: Import = $state.raw({ stage: "start" });
let file: File | null = null;
let ended = new AbortController();
let worker: Worker | null = null;

export function chatImport(): Import {
  return current;
}

/** Ends what runs and forgets the file, its messages and what was chosen. */
export function forgetChat(): void {
  ended.abort();
  ended = new AbortController();
  worker?.terminate();
  worker = null;
  file = null;
  current = { stage: "start" };
  picked.places = new Set();
  told.texts = [];
  progress.share = 0;
}
onLeave(forgetChat);

/** Reads a chosen file on this device. @param format  named by her where the file leaves it open. */
export async function readChatFile(chosen: File, format?: ChatFormat): Promise<void> {
  forgetChat();
  const { signal } = ended;
  file = chosen;
  current = { stage: "reading" };
  worker = startWorker(workerUrl);
  try {
    const chat = await openChatInWorker(worker, chosen, format);
    if (signal.aborted) return;
    current = { stage: "choosing", chat };
  } catch (error) {
    if (signal.aborted) return;
    current = { stage: "refused", reason: error instanceof ChatRefusal ? error.reason : null };
  }
}

/** The same file again, as the messenger she named. */
export async function readAgainAs(format: ChatFormat): Promise<void> {
  if (file !== null) await readChatFile(file, format);
}

/** Works out what would go out: on this device, and nothing leaves it. */
export async function prepareChat(): Promise<void> {
  if (current.stage !== "choosing") return;
  const { chat } = current;
  const { signal } = ended;
  current = { stage: "preparing", chat };
  try {
    const content = await chat.show([...picked.places].sort((a, b) => a - b));
    if (signal.aborted) return;
    told.texts = [];
    current = { stage: "checking", chat, ready: { id: crypto.randomUUID(), content, found: foundIn(content) } };
  } catch (error) {
    if (signal.aborted) return;
    current = { stage: "refused", reason: error instanceof ChatRefusal ? error.reason : null };
  }
}

/** Back to the list; what she chose stays chosen. */
export function chooseAgain(): boolean {
  if (current.stage !== "checking") return false;
  current = { stage: "choosing", chat: current.chat };
  return true;
}

/** Sends it, and then the places that she ticked. The same again after a lost answer is one chat. @throws what sending throws. */
export async function sendPrepared(): Promise<void> {
  if (current.stage !== "checking") return;
  const { chat, ready } = current;
  const { signal } = ended;
  progress.share = 0;
  current = { stage: "sending", chat, ready };
  try {
    const onShare = (share: number) => {
      progress.share = share;
    };
    await sendChat(ready.id, ready.content, { onShare, signal });
    const places = ready.found.map(({ place }) => place).filter(({ text }) => told.texts.includes(text));
    for (let at = 0; at < places.length; at += 100) await addMyPlaces(places.slice(at, at + 100));
    if (signal.aborted) return;
    const shown = ready.content.part.shown.length;
    forgetChat();
    current = { stage: "sent", shown };
  } catch (error) {
    if (signal.aborted) return;
    current = { stage: "checking", chat, ready };
    throw error;
  }
}

/** What of the shown messages can be a place; hidden numbers never can. */
function foundIn({ part }: ChatExport): FoundKey[] {
  const service = part.format.split("-")[0] ?? "";
  const names = new Map<string, string>();
  for (const { index, text } of part.shown) {
    const shown = readShown(index, text);
    if (shown?.handle && shown.name) names.set(`${service}:${shown.handle}`, shown.name);
  }
  const found = new Map<string, FoundKey>();
  for (const { text, times } of part.keys) {
    const place = readPlace(text);
    if (place !== null) found.set(place.text, { place, name: names.get(text) ?? null, times });
  }
  return [...found.values()].sort((a, b) => b.times - a.times).slice(0, 500);
}
