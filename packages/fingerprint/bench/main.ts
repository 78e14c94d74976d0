import { editRows } from "./edits.ts";
import { matchRows } from "./match.ts";
import { pdqRows } from "./pdq.ts";

// Prints one JSON object a line. `--quick` keeps to ten minutes and to ten million hashes.
const quick = process.argv.includes("--quick");
const print = (row: object) => process.stdout.write(`${JSON.stringify(row)}\n`);

for (const row of pdqRows(quick)) print(row);
for await (const row of editRows(quick)) print(row);
for await (const row of matchRows({ quick })) print(row);
