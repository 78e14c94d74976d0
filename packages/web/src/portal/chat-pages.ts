import { type ChatInWorker, type ChatRow, type ChatSearch, MOST_ROWS } from "@jikim/evidence/chat";

export type Wanted = ChatSearch;

/** A page of messages. `places`: of all that were found; null when nothing is looked for, and it is a page of the whole chat. */
export type Page = {
  readonly rows: readonly ChatRow[];
  readonly from: number;
  readonly times: number;
  readonly places: readonly number[] | null;
};

type Turn = Pick<Page, "from" | "places"> & { readonly count: number };

export async function readPage(chat: ChatInWorker, { from, count, places }: Turn): Promise<Page> {
  if (places === null) return { rows: await chat.rows(from, count), from, times: chat.file.messages, places };
  const rows: ChatRow[] = [];
  let block: readonly ChatRow[] = [];
  for (const place of places.slice(from, from + count)) {
    // Rows lie together in blocks: each is asked for once.
    if (block.every(({ index }) => index !== place)) block = await chat.rows(place, MOST_ROWS);
    const found = block.find(({ index }) => index === place);
    if (found !== undefined) rows.push(found);
  }
  return { rows, from, times: places.length, places };
}

const READ_FOR_SENDERS = 10_000;
const MOST_SENDERS = 200;

/** Who writes in the chat, by the beginning of it. */
export async function readSenders(chat: ChatInWorker): Promise<string[]> {
  const senders = new Set<string>();
  for (let from = 0; from < Math.min(chat.file.messages, READ_FOR_SENDERS); from += MOST_ROWS)
    for (const { sender } of await chat.rows(from, MOST_ROWS))
      if (sender !== null && senders.size < MOST_SENDERS) senders.add(sender);
  return [...senders];
}
