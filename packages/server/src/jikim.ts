import type { SigningKey } from "@jikim/evidence";
import type { PgBoss } from "pg-boss";
import type { Config } from "./config.ts";
import type { Database } from "./database.ts";
import type { Printer } from "./letters/printer.ts";
import type { Vault } from "./vault.ts";

/** What every route and job works with. */
export type Jikim = {
  readonly db: Database;
  readonly vault: Vault;
  /** Signs receipts, list changes and notices; certified by the centre's root at set-up. */
  readonly service: SigningKey;
  readonly config: Config;
  readonly jobs: PgBoss;
  readonly now: () => Temporal.Instant;
  /** Prints the letters that go with mailed notices; without it they go without. */
  readonly printer?: Printer;
};
