import { randomBytes } from "node:crypto";
import { type ChatPart, exportChat } from "../src/chat.ts";
import { exhibitPart, type PackPart, type SealedManifest, sealFiles, type Vouching } from "../src/pack/index.ts";
import { requestTimestamp } from "../src/timestamp.ts";
import { fileOf } from "./chat-samples.ts";
import { logged, partOf, sealedNow } from "./packing.ts";
import type { TestAuthority } from "./timestamp-authority.ts";

const CHAT = ["3/14/24, 21:00 - Gana: 하나", "3/14/24, 21:01 - Dara: 둘", "3/14/24, 21:02 - Gana: 셋", ""].join("\n");

/** Two of three invented messages. */
export async function chatPart(): Promise<ChatPart> {
  return (await exportChat(fileOf(CHAT), [0, 2])).part;
}

/** A pack that is to be an exhibit: what was sealed, and what vouches for it. */
export type Inner = {
  readonly parts: readonly PackPart[];
  readonly sealed: SealedManifest;
  readonly vouching: Vouching;
};

export async function stamped(authority: TestAuthority, sealed: SealedManifest): Promise<Vouching> {
  const timestamp = authority.answer(await requestTimestamp(sealed.signature, randomBytes(12)));
  return { timestamp, log: logged(sealed) };
}

export async function innerPack(authority: TestAuthority, parts: readonly PackPart[], changes: object): Promise<Inner> {
  const sealed = await sealedNow(parts, changes);
  return { parts, sealed, vouching: await stamped(authority, sealed) };
}

/** The parts of an outer pack, in the order of the exhibits: files as they were sealed, then their seal. */
export async function nested(inners: readonly Inner[]): Promise<PackPart[]> {
  const parts: PackPart[] = [];
  for (const [at, { parts: own, sealed, vouching }] of inners.entries()) {
    const files = own.map(async ({ path, read }) => ({ path, content: Buffer.concat(await Array.fromAsync(read())) }));
    for (const { path, content } of [...(await Promise.all(files)), ...sealFiles(sealed, vouching)]) {
      const part = exhibitPart(at + 1, path, content, "application/octet-stream");
      if (part !== null) parts.push(part);
    }
  }
  return parts;
}

export async function twoExhibits(authority: TestAuthority): Promise<Inner[]> {
  const chat = partOf("data/chat.json", JSON.stringify(await chatPart()));
  const capture = [partOf("data/capture.wacz", "not really one\n".repeat(5000)), partOf("data/record.json", "{}\n")];
  return [
    await innerPack(authority, capture, { packId: "11111111-6a59-4a5d-9b2b-1d2f3a4b5c6d", exhibit: "B-1" }),
    await innerPack(authority, [chat], { packId: "22222222-6a59-4a5d-9b2b-1d2f3a4b5c6d", exhibit: "B-2" }),
  ];
}
