import { pictureCorpus, snapshot } from "./inputs.ts";
import { tryDecoder, tryParser } from "./targets.ts";

// 100,000 bad inputs for our own parsers and 5,000 damaged files for the decoders. Ends with one JSON line; a crash names its seed.
const PARSERS = 100_000;
const DECODERS = 5_000;

console.log = () => undefined; // a decoder of ours speaks on the console
const corpus = { pictures: await pictureCorpus(), snapshot: snapshot() };
const counts = { parsers: 0, decoders: 0, refused: 0 };
const began = performance.now();
for (let seed = 0; seed < PARSERS; seed++, counts.parsers++) {
  if ((await tryParser(seed, corpus)) === "refused") counts.refused++;
}
for (let seed = 0; seed < DECODERS; seed++, counts.decoders++) {
  if ((await tryDecoder(seed, corpus)) === "refused") counts.refused++;
}
process.stdout.write(
  `${JSON.stringify({ ...counts, crashes: 0, seconds: Math.round((performance.now() - began) / 1000) })}\n`,
);
