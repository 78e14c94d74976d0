import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

// XARF's schemas are not ours to pass on: JIKIM_XARF_SCHEMAS names a folder with its schemas/v4.
const FOLDER = [
  process.env.JIKIM_XARF_SCHEMAS ?? "",
  join(import.meta.dirname, "../../../../shared/vectors/xarf/schemas/v4"),
].find((path) => path !== "" && existsSync(path));

/** Whether the official schemas are at hand. */
export const hasSchemas = FOLDER !== undefined;

/** Says whether a report is valid after XARF's own master schema; without the schemas, whether it has what its core asks for. */
export function xarfValidator(): Pick<ValidateFunction, "errors"> & ((report: unknown) => boolean) {
  if (FOLDER === undefined) {
    process.stderr.write("skipped: no schemas of XARF (JIKIM_XARF_SCHEMAS)\n");
    return hasCore;
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv, { mode: "full" });
  const read = (name: string) => JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
  const master = read("xarf-v4-master.json");
  ajv.addSchema(read("xarf-core.json"));
  const names = new Set(
    [...JSON.stringify(master).matchAll(/"\$ref":"(types\/[\w-]+\.json)"/g)].map(([, name]) => name),
  );
  for (const name of new Set(["types/content-base.json", ...names])) if (name !== undefined) ajv.addSchema(read(name));
  return ajv.compile(master);
}

/** Fields that every report has (XARF 4.2, xarf-core.json). */
const CORE = ["xarf_version", "report_id", "timestamp", "reporter", "sender", "source_identifier", "category", "type"];

const hasCore = Object.assign(
  (report: unknown) => typeof report === "object" && report !== null && CORE.every((field) => field in report),
  { errors: null },
);
