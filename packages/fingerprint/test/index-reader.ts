import { parentPort, workerData } from "node:worker_threads";
import { type IndexReader, lookup, openShared, refreshShared, type SharedIndex } from "../src/index.ts";

type Message = { readonly shared?: SharedIndex; readonly look?: number };

const hexes = workerData as readonly string[];
let reader: IndexReader | undefined;

function wrongAnswers(of: IndexReader): number {
  let wrong = 0;
  hexes.forEach((hex, row) => {
    const id = row % 2 === 0 ? row : `entry-${row}`;
    if (!lookup(of, hex).some((match) => match.id === id)) wrong++;
  });
  return wrong;
}

async function look(rounds: number): Promise<void> {
  let wrong = 0;
  for (let round = 0; round < rounds; round++) {
    if (reader !== undefined) wrong += wrongAnswers(reader);
    await new Promise((resolve) => setImmediate(resolve));
  }
  parentPort?.postMessage({ rounds, wrong });
}

parentPort?.on("message", (message: Message) => {
  if (message.shared !== undefined && reader === undefined) reader = openShared(message.shared);
  else if (message.shared !== undefined && reader !== undefined) refreshShared(reader, message.shared);
  if (message.look !== undefined) void look(message.look);
});
