import type { Field } from "./png-text.ts";
import type { AiMark, Mark } from "./report.ts";

/** How a rule reads a field: null when it is not the rule's mark. */
type Rule = { readonly what: AiMark; strengthIn(name: string, text: string): Mark["strength"] | null };

/** Field names that may be told; any other name is the sender's own words and becomes `other`. */
const TOLD = [
  ...["parameters", "prompt", "workflow", "Title", "Description", "Software", "Source", "Comment", "Author"],
  ...["invokeai_metadata", "invokeai_graph", "invokeai_workflow", "sd-metadata", "Dream", "fooocus_scheme"],
  ...["UserComment", "Make", "Model", "ImageDescription", "description", "DigitalSourceType", "Credit", "CreatorTool"],
  ...["AIGC", "XPComment", "Artist", "title", "creator"],
];
const INVOKE = ["invokeai_metadata", "invokeai_graph", "invokeai_workflow", "sd-metadata", "Dream"];
const SOFTWARE =
  /stable[ -]?diffusion|novelai|midjourney|dall[-·]?e\b|firefly|comfyui|invokeai|fooocus|automatic1111|flux\.1/i;
/** IPTC NewsCodes, digital source types made by trained models. */
const SOURCE_TYPES = /\/?(composite(With|Synthetic)?|)trainedAlgorithmicMedia/i;

/** What each tool writes: their own source code, as of 2026; China's label: GB 45438-2025. */
const RULES: readonly Rule[] = [
  {
    what: "a1111-parameters",
    strengthIn(name, text) {
      if (/Steps: \d+,/.test(text) && /(Sampler|CFG scale|Seed): /.test(text)) return "strong";
      return name === "parameters" ? "weak" : null;
    },
  },
  {
    what: "comfyui",
    strengthIn(name, text) {
      const graph = text.includes('"class_type"') || text.includes('"nodes"');
      if (/^(prompt|workflow):\s*\{/i.test(text) && graph) return "strong";
      if (name !== "prompt" && name !== "workflow") return null;
      return graph ? "strong" : "weak";
    },
  },
  {
    what: "novelai",
    strengthIn(name, text) {
      const own = ["Software", "Source", "Title"].includes(name) && text.startsWith("NovelAI");
      return own ? "strong" : null;
    },
  },
  { what: "invokeai", strengthIn: (name) => (INVOKE.includes(name) ? "strong" : null) },
  { what: "fooocus", strengthIn: (name) => (name === "fooocus_scheme" ? "strong" : null) },
  { what: "midjourney", strengthIn: (_, text) => (/Job ID: [0-9a-f]{8}-[0-9a-f]{4}-/.test(text) ? "strong" : null) },
  {
    what: "digital-source-type",
    strengthIn: (name, text) => (name === "DigitalSourceType" && SOURCE_TYPES.test(text) ? "strong" : null),
  },
  {
    what: "credit",
    strengthIn(name, text) {
      if (name !== "Credit") return null;
      if (/(made|edited) with google ai/i.test(text)) return "strong";
      return /\bAI\b|인공지능/i.test(text) ? "weak" : null;
    },
  },
  {
    what: "aigc-label",
    strengthIn(name, text) {
      if (name !== "AIGC" && !/"AIGC"\s*:/.test(text)) return null;
      return /"?(Label|ContentProducer)"?\s*:/.test(text) ? "strong" : "weak";
    },
  },
  {
    what: "ai-software",
    strengthIn: (name, text) => (["Software", "CreatorTool"].includes(name) && SOFTWARE.test(text) ? "weak" : null),
  },
];

const MOST_TEXT_TOLD = 10_000;

/** The marks in the fields; their text only when it was asked for. */
export function findMarks(fields: readonly Field[], texts: "withheld" | "given"): Mark[] {
  const marks = fields.flatMap(({ where, text }) => {
    const colon = where.indexOf(":");
    const name = where.slice(colon + 1);
    const told = `${where.slice(0, colon)}:${TOLD.includes(name) ? name : "other"}`;
    return RULES.flatMap(({ what, strengthIn }): Mark[] => {
      const strength = strengthIn(name, text);
      if (strength === null) return [];
      const mark = { what, where: told, strength };
      return [texts === "given" ? { ...mark, text: text.slice(0, MOST_TEXT_TOLD) } : mark];
    });
  });
  return marks.filter((mark, at) => marks.findIndex((m) => m.what === mark.what && m.where === mark.where) === at);
}
