export { dataFolder, temporaryFolder } from "./folder.ts";
export { type Postgres, type PostgresConnection, type PostgresOptions, startPostgres } from "./start.ts";
export { PostgresTrouble } from "./trouble.ts";
