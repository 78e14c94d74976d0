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
  logEntry: {
    id: Generated<number>;
    what: LogEntryKind;
    caseId: string | null;
    packId: ColumnType<string | null, string | null | undefined, string | null>;
    commitment: Bytes;
    salt: Bytes | null;
    body: string | null;
    writtenAt: Moment;
    generation: number | null;
    position: number | null;
  };
};
