import type { ColumnType, JSONColumnType } from "kysely";

/** A timestamptz: read as an instant, written as ISO text. */
export type Moment = ColumnType<Temporal.Instant, string, string>;
export type MaybeMoment = ColumnType<Temporal.Instant | null, string | null | undefined, string | null>;
export type Json<T> = JSONColumnType<T & object, string, string>;
export type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
/** Ciphertext under the data key (see vault.ts), an age file, or a hash: the name of the column says which. */
export type Bytes = Buffer;
export type MaybeBytes = ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
