import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { PRINT_PROGRAM } from "@jikim/capture";
import { type CaptureFacts, type PackPart, type ReportAct, reportHtml } from "@jikim/evidence/pack";

/** How long both reports may take to print. */
const PRINT_MS = 30_000;
const LANGUAGES = ["ko", "en"] as const;

type Printing = {
  /** Of this capture, to which reports are printed. */
  readonly folder: string;
  readonly browser: string;
  readonly page: { readonly requested: string; readonly final: string };
  readonly stop: AbortSignal;
};

/** What tells a person of a capture: a report in two languages, and what was done with it, an act to a line as a centre's packs have it. */
export async function tellOfCapture(facts: CaptureFacts, printing: Printing): Promise<PackPart[]> {
  const acts: ReportAct[] = [
    { did: "captured", role: "investigator", who: "", at: facts.endedAt },
    { did: "sealed", role: "investigator", who: "", at: facts.sealedAt },
  ];
  const lines = acts.map((act) => `${JSON.stringify({ what: "custody", v: 1, packId: facts.packId, ...act })}\n`);
  const { files, ...manifest } = facts;
  const documents = LANGUAGES.map((language) => ({
    name: `report-${language}`,
    html: reportHtml(
      {
        ...{ manifest, files, exhibits: [], marks: [], custody: acts, unreadable: 0, recipientUnit: null },
        page: printing.page,
        ...{ madeBy: "somebody", stamps: "none", logOrigin: "", root: "" },
      },
      language,
    ),
  }));
  await print(documents, printing);
  const reports = documents.map(({ name, html }) => reportPart(name, html, printing.folder));
  return [...(await Promise.all(reports)), textPart("data/custody.jsonl", "application/jsonl", lines.join(""))];
}

/** As PDF, or as a page where it could not be printed: the evidence does not wait for a printer. */
async function reportPart(name: string, html: string, folder: string): Promise<PackPart> {
  const path = join(folder, `${name}.pdf`);
  const isPrinted = await access(path).then(
    () => true,
    () => false,
  );
  if (!isPrinted) return textPart(`data/report/${name}.html`, "text/html", html);
  return { path: `data/report/${name}.pdf`, type: "application/pdf", read: () => createReadStream(path) };
}

function textPart(path: string, type: string, text: string): PackPart {
  return {
    ...{ path, type },
    async *read() {
      yield new TextEncoder().encode(text);
    },
  };
}

type Document = { readonly name: string; readonly html: string };

async function print(documents: readonly Document[], { folder, browser, stop }: Printing): Promise<void> {
  const env = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", HOME: folder, TMPDIR: folder, LANG: "C.UTF-8" };
  const child = spawn(process.execPath, [PRINT_PROGRAM], { env, stdio: ["pipe", "ignore", "ignore"] });
  const end = () => child.kill("SIGTERM");
  stop.addEventListener("abort", end);
  const cut = setTimeout(end, PRINT_MS);
  const request = { version: 1, folder, browser, documents };
  child.stdin.on("error", () => undefined).write(`${JSON.stringify(request)}\n`);
  await new Promise<void>((done) => child.once("error", () => done()).once("exit", () => done()));
  clearTimeout(cut);
  stop.removeEventListener("abort", end);
}
