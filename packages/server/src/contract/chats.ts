import { z } from "zod";
import { instantSchema, sealedSchema } from "./common.ts";

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * The two files of a chat. part: the messages she shows, as evidence's `ChatPart` · original: what stood in them before personal numbers were
 * hidden, as `ChatOriginal` of web/src/shared/chat-files.ts; opened only where somebody must know. Both are age files, the text inside filled
 * up with spaces.
 */
export const CHAT_FILES = ["part", "original"] as const;
export type ChatFileName = (typeof CHAT_FILES)[number];
export const chatFileNameSchema = z.enum(CHAT_FILES);

/** Bytes of one file at most: some sixty thousand messages with their proofs. */
export const MOST_CHAT_FILE_BYTES = 128 * 1024 * 1024;

/** What all messages of the export were committed to (evidence's `Commitment`), so that it is in the log on the day she sent it. */
export const commitmentSchema = z.strictObject({ size: z.int().min(1).max(12_000_000), root: hashSchema });

const fileToComeSchema = z.strictObject({
  /** Another one for every try. */
  id: z.uuid(),
  /** `{ fileIdentity }` sealed to the case. */
  key: sealedSchema,
});

/**
 * POST /api/my/chats : says that a chat comes. The same id again, while it has not come whole, takes the place of what was said before (409
 * ID_TAKEN afterwards). 409 KEY_CHANGED when `keyVersion` is old. Refused: TOO_MANY_CHATS, TOO_MANY_TODAY.
 *
 * PUT /api/my/chats/:id/files/part and …/original (application/octet-stream, an age file) → `chatFileSchema`. With the second the chat is there: it is
 * sealed in the log, and staff see it. The same file again once it is there answers the same. 413 TOO_LARGE, 400 NOT_SEALED, 409 KEY_CHANGED:
 * announce again.
 */
export const chatPostSchema = z.strictObject({
  id: z.uuid(),
  keyVersion: z.int().min(1),
  commitment: commitmentSchema,
  /** How many messages are shown; the others of `commitment.size` are left out. */
  shown: z.int().min(1).max(200_000),
  /** SHA-256 of the part's text as it goes into a pack (`chat.json`), without the spaces. */
  digest: hashSchema,
  /** `{ secret }` of evidence's `ChatExport`, sealed to her return code alone: staff who had it could try guesses at what she left out. */
  hers: sealedSchema,
  part: fileToComeSchema,
  original: fileToComeSchema,
});
export type ChatPost = z.infer<typeof chatPostSchema>;

/** What `sha256sum` says of the age file. */
export const chatFileSchema = z.strictObject({ id: z.uuid(), bytes: z.int(), sha256: hashSchema });

/** A chat that has come whole. The key of a file is among the case's `fileKeys` under the file's id. */
export const chatSchema = z.strictObject({
  /** Its `packId` in custody entries, and what an order of a delivery pack lists among `exhibits`. */
  id: z.uuid(),
  at: instantSchema,
  commitment: commitmentSchema,
  shown: z.int(),
  digest: hashSchema,
  part: chatFileSchema,
  original: chatFileSchema,
  /** She takes it back: it is erased then, and cannot be opened until; null otherwise. */
  leavesAt: instantSchema.nullable(),
});
export type Chat = z.infer<typeof chatSchema>;

/**
 * GET /api/my/chats, GET /api/desk/cases/:id/chats : newest first.
 *
 * GET /api/my/chats/:id/files/part, …/original and GET /api/desk/cases/:id/chats/:chatId/part, …/original stream the age file. At the desk each fetch
 * is `opened` in the custody and a release that she reads. 409 CHAT_LEAVING while she takes it back.
 */
export const chatsSchema = z.strictObject({ chats: z.array(chatSchema) });
export type Chats = z.infer<typeof chatsSchema>;
/** hers: also how many bytes each file of another one may have; 0: there is no room for another. */
export const myChatsSchema = z.strictObject({
  chats: z.array(chatSchema.extend({ hers: sealedSchema })),
  mostFileBytes: z.int(),
});
export type MyChats = z.infer<typeof myChatsSchema>;

/**
 * POST /api/my/chats/:id/leave : she takes it back, as she chose beforehand: at once, or after 24 hours with word to her safe contact.
 * POST /api/my/chats/:id/keep : not after all. Both answer with the list.
 */
