import { SAMPLES } from "../test/chat-samples.ts";
import { tryChat } from "./targets.ts";

// 100,000 damaged chat exports, over all samples in turn. Ends with one JSON line; a crash names its sample and seed.
const INPUTS = 100_000;

const counts = { chats: 0, refused: 0 };
const began = performance.now();
for (let seed = 0; seed < INPUTS; seed++, counts.chats++) {
  const sample = SAMPLES[seed % SAMPLES.length];
  if (sample !== undefined && (await tryChat(sample, seed)) === "refused") counts.refused++;
}
process.stdout.write(
  `${JSON.stringify({ ...counts, crashes: 0, seconds: Math.round((performance.now() - began) / 1000) })}\n`,
);
