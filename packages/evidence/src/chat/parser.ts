import type { Room } from "./model.ts";

/** What a parser knows of the file beside the messages, once it has ended. */
export type FileFacts = {
  readonly variant: string | null;
  readonly rooms: readonly Room[];
  readonly order: "oldest-first" | "newest-first";
  readonly savedAt: string | null;
};

/** Reads one export from its bytes as they come; messages go to the outlet it was made with. @throws {ChatRefusal} */
export type Parser = { readonly push: (chunk: Uint8Array) => void; readonly end: () => FileFacts };

/** The same for exports of lines. */
export type LineParser = { readonly line: (line: string, number: number) => void; readonly end: () => FileFacts };
