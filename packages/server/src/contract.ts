/** What travels between server, portal and desk. Only schemas and types: the web imports nothing else of the server. */

export * as captures from "./contract/captures.ts";
export * as chats from "./contract/chats.ts";
export * from "./contract/common.ts";
export * as desk from "./contract/desk.ts";
export * as packs from "./contract/packs.ts";
export * as portal from "./contract/portal.ts";
export * as setup from "./contract/setup.ts";
export * as watch from "./contract/watch.ts";
