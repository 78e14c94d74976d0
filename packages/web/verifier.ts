import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { build } from "vite";

/** Builds the page that checks evidence packs: one file, which runs offline and may run nothing but its own script. */
export async function buildVerifier(into: string): Promise<void> {
  const at = (path: string) => new URL(path, import.meta.url).pathname;
  const built = await build({
    configFile: false,
    logLevel: "warn",
    root: at("src/verifier"),
    build: {
      write: false,
      minify: true,
      target: ["chrome110", "safari16", "firefox115"],
      lib: { entry: at("src/verifier/main.ts"), formats: ["es"], fileName: "verifier" },
      rollupOptions: { output: { codeSplitting: false } },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunk =
    output !== undefined && "output" in output ? output.output.find((each) => each.type === "chunk") : undefined;
  if (chunk?.type !== "chunk") throw new Error("the verifier was not built");
  const script = chunk.code.replaceAll("</script", "<\\/script");
  const style = (
    await Promise.all(["src/shared/base.css", "src/verifier/verifier.css"].map((path) => readFile(at(path), "utf8")))
  ).join("\n");
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  const page = await readFile(at("src/verifier/page.html"), "utf8");
  const fill = (text: string, mark: string, content: string) => text.split(mark).join(content);
  await writeFile(into, fill(fill(fill(page, "POLICY", policy), "/* STYLE */", style), "/* SCRIPT */", script));
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
