import { glob } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Command, CommandRefusal } from "./command.ts";
import { readList } from "./list-file.ts";
import { scanClickHouse } from "./scan-clickhouse.ts";
import { scanParquet } from "./scan-parquet.ts";

const USAGE = `jikim scan --list LIST --parquet 'part-*.parquet' [--column pdq] [--id NAME] [--state FILE] [--part 1/4]
   searches stored fingerprints for what is on the list, file by file; --state goes on where it stopped, --part takes a share
jikim scan --list LIST --clickhouse URL|embedded --table TABLE [--column pdq] [--id NAME]
   the same by SQL where ClickHouse holds them; "embedded" runs it here (npm run scan:setup -w packages/cli)
   exit 0 found, 1 not found`;

/** `jikim scan`: stored fingerprints, old uploads, searched for new entries of a list. */
export const scan: Command = {
  usage: USAGE,
  async run(words) {
    const values = readWords(words);
    if (values.list === undefined) throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
    const { column, id, table } = values;
    let found = 0;
    const print = (line: object): void => {
      found++;
      process.stdout.write(`${JSON.stringify(line)}\n`);
    };
    const columns = { hash: column, id: id ?? null };
    if (values.parquet !== undefined) {
      const files = shareOf(await filesOf(values.parquet), values.part);
      const list = await readList(values.list);
      await scanParquet({ files, list, columns, state: values.state ?? null }, print);
    } else if (values.clickhouse !== undefined && table !== undefined) {
      await scanClickHouse({ url: values.clickhouse, table, columns, lists: values.list }, print);
    } else throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
    return found > 0 ? 0 : 1;
  },
};

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        list: { type: "string", multiple: true },
        parquet: { type: "string", multiple: true },
        clickhouse: { type: "string" },
        table: { type: "string" },
        column: { type: "string", default: "pdq" },
        id: { type: "string" },
        state: { type: "string" },
        part: { type: "string" },
      },
    }).values;
  } catch {
    throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
  }
}

async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const pattern of patterns) for await (const file of glob(pattern)) files.add(file);
  if (files.size === 0) throw new CommandRefusal("NO_FILES", "No file fits the pattern given to --parquet.");
  return [...files].sort();
}

/** Every `of`-th file from the `nth` on, so that several machines share the work without talking to each other. */
function shareOf(files: readonly string[], part: string | undefined): string[] {
  if (part === undefined) return [...files];
  const [, nth = 0, of = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(part) ?? []).map(Number);
  if (nth < 1 || nth > of) throw new CommandRefusal("BAD_PART", "--part takes a share such as 1/4, 2/4, 3/4 or 4/4.");
  return files.filter((_, at) => at % of === nth - 1);
}
