/**
 * The process that decodes foreign bytes: pictures, films, pages, feeds, robots.txt. It has no environment, no key, no database; it
 * gives up root before it reads the first byte, and may write no file. It ends when its input ends.
 */
import { setTimeout as wait } from "node:timers/promises";
import sharp from "sharp";
import { readMedia } from "./media.ts";
import { answerOrder } from "./orders.ts";
import { readPieces, writePiece } from "./wire.ts";

const MOST_BYTES = 512 << 20;
const [uid, gid] = process.argv.slice(2, 4).map(Number);

await warmUp();
giveUpRoot();
process.stdout.write(writePiece(Buffer.from(JSON.stringify({ ready: true }))));

let order: unknown;
for await (const piece of readPieces(process.stdin, MOST_BYTES)) {
  if (order === undefined) {
    order = JSON.parse(piece.toString("utf8"));
    continue;
  }
  const answer = Buffer.from(JSON.stringify(await answerOrder(order, piece)));
  order = undefined;
  if (!process.stdout.write(writePiece(answer))) await wait(0);
}
process.exit(0);

/** Loads whatever decoders load late, while we can still reach it. */
async function warmUp(): Promise<void> {
  sharp.cache(false);
  sharp.concurrency(1);
  const dot = { width: 64, height: 64, channels: 3, background: "#3a7" } as const;
  const plain = sharp({ create: dot });
  for (const bytes of [await plain.clone().png().toBuffer(), await plain.clone().jpeg().toBuffer()])
    await readMedia(bytes);
  await import("heic-decode");
}

function giveUpRoot(): void {
  if (process.getuid?.() !== 0) return;
  if (!uid || !gid) throw new Error("as root it needs an account to become");
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
  if (process.getuid() === 0 || process.geteuid?.() === 0) throw new Error("it is still root");
}
