import { createHash } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { lookupPacked } from "@jikim/fingerprint";
import { type AsyncBuffer, asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetRead } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { CommandRefusal } from "./command.ts";
import type { ListFile } from "./list-file.ts";

/** Names of the column that holds the fingerprints and of the one that names them. */
export type ScanColumns = { readonly hash: string; readonly id: string | null };

export type ParquetScan = {
  readonly files: readonly string[];
  readonly list: ListFile;
  readonly columns: ScanColumns;
  /** Where row groups that are done are noted down, or null. */
  readonly state: string | null;
};

type Progress = { rows: number; bad: number; readonly began: number };

/** Stands for the list in the notes: a changed list makes the scan begin anew. */
function keyOf({ list, columns }: ParquetScan): string {
  const hash = createHash("sha256").update(JSON.stringify(columns));
  for (const part of [list.index.state.growing, ...list.index.state.settled]) {
    hash.update(part.bytes.slice(part.layout.hashesAt, part.layout.startsAt));
  }
  return hash.digest("hex").slice(0, 32);
}

async function doneGroups(path: string | null, key: string): Promise<Set<string>> {
  const text = path === null ? "" : await readFile(path, "utf8").catch(() => "");
  if (path !== null && text !== "" && !text.endsWith("\n")) await appendFile(path, "\n"); // ends a line cut off by a crash
  const done = new Set<string>();
  for (const line of text.split("\n").slice(0, -1)) {
    const [scanned, file, group] = line.split("\t");
    if (scanned === key) done.add(`${file}\t${group}`);
  }
  return done;
}

type Group = { readonly from: number; readonly to: number };

function groupsOf(metadata: FileMetaData): Group[] {
  let from = 0;
  return metadata.row_groups.map(({ num_rows }) => {
    const group = { from, to: from + Number(num_rows) };
    from = group.to;
    return group;
  });
}

/** Packs a column's values, hex or 32 bytes; what is neither is left as zeros, which match nothing, and counted. */
function pack(values: ArrayLike<unknown>, into: Uint8Array, at: number): number {
  let bad = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const from = (at + row) * 32;
    if (value instanceof Uint8Array && value.length === 32) into.set(value, from);
    else if (value instanceof Uint8Array && value.length === 64)
      bad += packHex(Buffer.from(value).toString("latin1"), into, from);
    else if (typeof value === "string") bad += packHex(value, into, from);
    else bad++;
  }
  return bad;
}

function packHex(hex: string, into: Uint8Array, from: number): number {
  const bytes = hex.length === 64 ? Buffer.from(hex, "hex") : Buffer.alloc(0);
  if (bytes.length !== 32) return 1;
  into.set(bytes, from);
  return 0;
}

type Columns = { readonly hashes: Uint8Array; readonly ids: unknown[]; readonly bad: number };

async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: Group,
  names: ScanColumns,
): Promise<Columns> {
  const hashes = new Uint8Array((group.to - group.from) * 32);
  const ids: unknown[] = [];
  let bad = 0;
  const common = { file, metadata, compressors, rowStart: group.from, rowEnd: group.to };
  await parquetRead({
    ...common,
    columns: [names.hash],
    utf8: false,
    onChunk: ({ columnData, rowStart }) => {
      bad += pack(columnData, hashes, rowStart - group.from);
    },
  });
  if (names.id !== null) {
    await parquetRead({
      ...common,
      columns: [names.id],
      onChunk: ({ columnData, rowStart }) => {
        for (let row = 0; row < columnData.length; row++) ids[rowStart - group.from + row] = columnData[row];
      },
    });
  }
  return { hashes, ids, bad };
}

function idText(value: unknown): string | number | null {
  if (typeof value === "bigint") return value.toString();
  return typeof value === "string" || typeof value === "number" ? value : null;
}

function showSpeed(progress: Progress, file: string): void {
  const seconds = (performance.now() - progress.began) / 1000;
  const rate = Math.round(progress.rows / seconds);
  process.stderr.write(
    `${basename(file)}: ${progress.rows} fingerprints, ${rate} a second, ${progress.bad} unusable\n`,
  );
}

/** A file's row groups that hold the column, or a refusal that names what there is. */
async function openFile(path: string, names: ScanColumns): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const columns = metadata.schema.map(({ name }) => name);
    if (columns.includes(names.hash) && (names.id === null || columns.includes(names.id))) return { file, metadata };
  } catch {
    throw new CommandRefusal("NOT_PARQUET", `This file cannot be read as Parquet: ${path}`);
  }
  throw new CommandRefusal("NO_COLUMN", `The column given by --column or --id is not in ${path}`);
}

/**
 * Looks every stored fingerprint up in the list, one row group in memory at a time. A group is noted as done after its
 * matches are printed: a scan that was stopped prints at most one group's matches again.
 *
 * @throws {CommandRefusal} `NOT_PARQUET`, `NO_COLUMN`.
 */
export async function scanParquet(scan: ParquetScan, print: (match: object) => void): Promise<void> {
  const key = keyOf(scan);
  const done = await doneGroups(scan.state, key);
  const progress: Progress = { rows: 0, bad: 0, began: performance.now() };
  for (const path of scan.files) {
    const { file, metadata } = await openFile(path, scan.columns);
    for (const [number, group] of groupsOf(metadata).entries()) {
      if (done.has(`${path}\t${number}`)) continue;
      const { hashes, ids, bad } = await readGroup(file, metadata, group, scan.columns);
      lookupPacked(scan.list.index, hashes, (row, { id, bitsApart }) => {
        print({ file: path, row: group.from + row, id: idText(ids[row]), entry: id, bitsApart });
      });
      progress.rows += group.to - group.from;
      progress.bad += bad;
      if (scan.state !== null) await appendFile(scan.state, `${key}\t${path}\t${number}\n`);
    }
    showSpeed(progress, path);
  }
}
