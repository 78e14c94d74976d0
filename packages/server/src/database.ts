import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import type { CaseTables } from "./tables/case.ts";
import type { CentreTables } from "./tables/centre.ts";
import type { EvidenceTables } from "./tables/evidence.ts";
import type { ListTables } from "./tables/list.ts";
import type { LogTables } from "./tables/log.ts";
import type { MailTables } from "./tables/mail.ts";
import type { NoticeTables } from "./tables/notice.ts";
import type { PlaceTables } from "./tables/place.ts";
import type { RecipientTables } from "./tables/recipient.ts";
import type { StaffTables } from "./tables/staff.ts";

export type { Bilingual, CentreSettings } from "./tables/centre.ts";
export type { NamedBy, RobotsSaid, SourceKind, SweepResult } from "./tables/place.ts";

export type Tables = CentreTables &
  StaffTables &
  CaseTables &
  PlaceTables &
  RecipientTables &
  ListTables &
  NoticeTables &
  MailTables &
  EvidenceTables &
  LogTables;

export type Database = Kysely<Tables>;
export type InTransaction = Transaction<Tables>;

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const DATE = 1082;

/**
 * A server set to commit late forgets its last commits when it dies (PostgreSQL, "Asynchronous Commit"): a report that was
 * acknowledged, or that a mail was handed over, so that it would leave twice. Stricter settings stay.
 */
const KEEP_WHAT_IS_COMMITTED = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') = 'off'`;

/** Opens a pool. Counts fit a double; times come back as `Temporal.Instant`. */
export function openDatabase(connection: pg.PoolConfig): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  types.setTypeParser(DATE, (text) => text);
  types.setTypeParser(TIMESTAMPTZ, (text) =>
    Temporal.Instant.from(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00")),
  );
  const pool = new pg.Pool({ max: 10, ...connection, types });
  // A lost connection is found by the query on it, or by the next; without listeners it would end the process. The pool's own
  // listener does not cover a connection that is lost while it is lent out.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    client.query(KEEP_WHAT_IS_COMMITTED).catch(() => undefined);
  });
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
}
