import { expect, test } from "vitest";
import { pictureCorpus, snapshot } from "../fuzz/inputs.ts";
import { tryDecoder, tryParser } from "../fuzz/targets.ts";

const corpus = { pictures: await pictureCorpus(), snapshot: snapshot() };

test("2,000 bad inputs for our own parsers are answered or refused, nothing else", async () => {
  const counts = { answered: 0, refused: 0 };
  for (let seed = 0; seed < 2000; seed++) counts[await tryParser(seed, corpus)]++;
  expect(counts.answered + counts.refused).toBe(2000);
  expect(Math.min(counts.answered, counts.refused)).toBeGreaterThan(100);
}, 300_000);

test("150 damaged files through the decoders are answered or refused, nothing else", async () => {
  const counts = { answered: 0, refused: 0 };
  for (let seed = 0; seed < 150; seed++) counts[await tryDecoder(seed, corpus)]++;
  expect(counts.answered + counts.refused).toBe(150);
  expect(Math.min(counts.answered, counts.refused)).toBeGreaterThan(10);
}, 300_000);
