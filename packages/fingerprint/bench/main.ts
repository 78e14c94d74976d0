import { editRows } from "./edits.ts";
import { matchRows } from "./match.ts";
import { pdqRows } from "./pdq.ts";

// Prints one JSON object a line. `--quick` keeps to ten minutes and to ten million hashes. `--tune` measures edited copies
// alone, on the pictures that may be looked at while the method is changed, and names what was missed.
const quick = process.argv.includes("--quick");
const tune = process.argv.includes("--tune");
const print = (row: object) => process.stdout.write(`${JSON.stringify(row)}\n`);

if (!tune) for (const row of pdqRows(quick)) print(row);
for await (const row of editRows(tune ? "tuning" : "reporting", quick)) print(row);
if (!tune) for await (const row of matchRows({ quick })) print(row);
