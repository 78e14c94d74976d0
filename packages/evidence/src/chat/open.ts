import { type ChatExport, exportChat } from "./export.ts";
import type { ChatFile, ChatFormat, Message } from "./model.ts";
import { type ChatSource, readChat } from "./read.ts";
import { type ChatFound, type ChatRow, type ChatSearch, fits, MOST_FOUND, MOST_ROWS, rowOf } from "./row.ts";

/** An export that was read once, to choose from. Nothing of it is kept but rows, and of these no more than fit. */
export type OpenChat = {
  readonly file: ChatFile;
  /** Rows from a place on, at most five hundred; fewer at the end. */
  readonly rows: (from: number, count: number) => Promise<ChatRow[]>;
  readonly find: (wanted: ChatSearch) => Promise<ChatFound>;
  /** Reads the file again and shows the chosen messages; see `exportChat`. @param secret  hex, of an earlier export of the same file. */
  readonly show: (chosen: readonly number[], secret?: string) => Promise<ChatExport>;
};

/** Rows are kept in pages, as bytes, until they take so much; those of later pages are read from the file again. */
const KEPT_BYTES = 96 << 20;
const PAGE = MOST_ROWS;

type Opening = { readonly format?: ChatFormat | undefined; readonly keptBytes?: number };

/** Reads an export for choosing. @param keptBytes  how much of the rows is kept in memory. @throws {ChatRefusal} */
export async function openChat(
  source: ChatSource,
  { format, keptBytes = KEPT_BYTES }: Opening = {},
): Promise<OpenChat> {
  const pages = rowPages(keptBytes);
  const file = await readChat(source, (messages) => messages.forEach(pages.take), format);
  pages.end();
  const kept = pages.kept();

  /** Gives every row from a place on, until `look` has seen enough. */
  const eachRow = async (from: number, look: (row: ChatRow) => boolean): Promise<void> => {
    for (let at = Math.floor(from / PAGE); at < kept.length; at++)
      for (const row of readPage(kept[at])) if (row.index >= from && look(row)) return;
    const first = Math.max(from, kept.length * PAGE);
    if (first < file.messages) await readRows(source, file.format, (row) => row.index >= first && look(row));
  };

  return {
    file,
    async rows(from, count) {
      const found: ChatRow[] = [];
      const most = Math.min(count, MOST_ROWS);
      if (most > 0) await eachRow(Math.max(0, from), (row) => found.push(row) >= most);
      return found;
    },
    async find(wanted) {
      const places: number[] = [];
      let times = 0;
      await eachRow(0, (row) => {
        if (fits(row, wanted) && ++times <= MOST_FOUND) places.push(row.index);
        return false;
      });
      return { places, times };
    },
    show: (chosen, secret) =>
      exportChat(source, chosen, {
        format: file.format,
        ...(secret === undefined
          ? {}
          : { secret: Uint8Array.from(secret.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) }),
      }),
  };
}

class SeenEnough extends Error {}

async function readRows(source: ChatSource, format: ChatFormat, look: (row: ChatRow) => boolean): Promise<void> {
  const take = (messages: readonly Message[]) => {
    for (const message of messages) if (look(rowOf(message))) throw new SeenEnough();
  };
  try {
    await readChat(source, take, format);
  } catch (error) {
    if (!(error instanceof SeenEnough)) throw error;
  }
}

function readPage(page: Uint8Array | undefined): ChatRow[] {
  return page === undefined ? [] : (JSON.parse(new TextDecoder().decode(page)) as ChatRow[]);
}

function rowPages(most: number) {
  const utf8 = new TextEncoder();
  const pages: Uint8Array[] = [];
  let [rows, bytes, isFull]: [ChatRow[], number, boolean] = [[], 0, false];
  const close = () => {
    const page = utf8.encode(JSON.stringify(rows));
    rows = [];
    bytes += page.length;
    if (bytes > most) isFull = true;
    else pages.push(page);
  };
  return {
    take(message: Message) {
      if (isFull) return;
      rows.push(rowOf(message));
      if (rows.length === PAGE) close();
    },
    end() {
      if (!isFull && rows.length > 0) close();
    },
    kept: (): readonly Uint8Array[] => pages,
  };
}
