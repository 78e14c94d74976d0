import type { LogEntryKind } from "@jikim/casework";
import type { ColumnType, Generated } from "kysely";
import type { Bytes, Moment } from "./column.ts";

/** The append-only log. */
export type LogTables = {
  logTree: {
    generation: number;
    origin: string;
    size: number;
    root: Bytes;
    checkpoint: string | null;
    begunAt: Moment;
  };
  logTile: { generation: number; level: number; position: number; hashes: Bytes };
  /** Whether the entries must still be written anew, so that nothing of an earlier version stays on the disk. */
  logRewrite: { id: number; owed: boolean };
  logEntry: {
    id: Generated<number>;
    what: LogEntryKind;
    caseId: string | null;
    packId: ColumnType<string | null, string | null | undefined, string | null>;
    commitment: Bytes;
    /** `LogBody` under the data key; null once it was erased. */
    sealed: Bytes | null;
    /** Empty since entries are sealed; an earlier version wrote here in plain. */
    salt: ColumnType<Buffer | null, never, null>;
    body: ColumnType<string | null, never, null>;
    writtenAt: Moment;
    generation: number | null;
    position: number | null;
  };
};
