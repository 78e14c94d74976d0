import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** Another copy of schemas/v4 of XARF may stand in for ours. */
const FOLDER =
  process.env.JIKIM_XARF_SCHEMAS === undefined
    ? fileURLToPath(new URL("../../../vectors/xarf/", import.meta.url))
    : `${process.env.JIKIM_XARF_SCHEMAS}/`;

/** XARF's own master schema. Types that our copy leaves out refuse everything. */
export function xarfValidator(): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv, { mode: "full" });
  const read = (name: string) => JSON.parse(readFileSync(`${FOLDER}${name}`, "utf8"));
  const master = read("xarf-v4-master.json");
  ajv.addSchema(read("xarf-core.json"));
  ajv.addSchema(read("types/content-base.json"));
  for (const [, name] of JSON.stringify(master).matchAll(/"\$ref":"(types\/[\w-]+\.json)"/g)) {
    const isOurs = existsSync(`${FOLDER}${name}`);
    ajv.addSchema(isOurs ? read(`${name}`) : { $id: `https://xarf.org/schemas/v4/${name}`, not: {} });
  }
  return ajv.compile(master);
}
