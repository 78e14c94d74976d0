/** A whole Jikim in one process, for `npm start`, the story, the bench and tests. */
export { createApp } from "./app.ts";
export { type Config, readConfig } from "./config.ts";
export { drawing } from "./demo/invented.ts";
export { freePort } from "./free-port.ts";
export type { Jikim } from "./jikim.ts";
export { KeyTrouble } from "./keys.ts";
export { temporaryFolder } from "./postgres/index.ts";
export { type Running, type StartOptions, startJikim } from "./start.ts";
