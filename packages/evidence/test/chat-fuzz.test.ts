import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { tryChat } from "../fuzz/targets.ts";
import { CHAT_FORMATS } from "../src/chat.ts";
import { SAMPLES } from "./chat-samples.ts";

describe("two thousand damaged exports of each format are read or refused, each as ever", () => {
  test.each(CHAT_FORMATS)("%s", async (format) => {
    const samples = SAMPLES.filter((sample) => sample.format === format);
    const ends = { read: 0, refused: 0 };
    const all = createHash("sha256");
    for (let seed = 0; seed < 2000; seed++) {
      const sample = samples[seed % samples.length];
      if (sample !== undefined) ends[await tryChat(sample, seed, (json) => all.update(json))]++;
    }
    expect(ends.read + ends.refused).toBe(2000);
    expect(ends.read).toBeGreaterThan(100);
    // Of everything that was read: a reader made faster must not read anything otherwise.
    expect(all.digest("hex").slice(0, 16)).toMatchSnapshot();
  });
});
