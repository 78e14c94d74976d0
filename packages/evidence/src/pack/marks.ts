import { readReport } from "../provenance/read-report.ts";
import type { ProvenanceReport } from "../provenance/report.ts";
import { type Language, sayProvenance } from "../provenance/words.ts";
import { z } from "../schema.ts";
import { type Finding, failed, held, unchecked } from "./finding.ts";
import { jsonOf, type ReadPack } from "./read.ts";

const factsSchema = z.strictObject({
  version: z.literal(1),
  /** Number of the item in the case; null when the file is of none that the centre knows. */
  item: z.int().min(1).nullable(),
  /** When it came to the centre. */
  sentAt: z.iso.datetime({ offset: true }),
  /** When it was read, by the clock of her device. */
  readAt: z.iso.datetime({ offset: true }),
  /** Of the file, which stayed with her. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  report: z.unknown(),
});

/** What a file on her device says of where it comes from, as it lies in a pack: `data/marks/N.json`. */
export type PackedMarks = Omit<z.infer<typeof factsSchema>, "report"> & { readonly report: ProvenanceReport };

/** Where document N of this kind lies: what was read, or the same in words. */
export function marksPath(number: number, kind: "json" | "txt"): string {
  return `data/marks/${number}.${kind}`;
}

/** The marks as a pack takes them. The text of a mark stays behind: a prompt can hold her name. */
export function packMarks(marks: Omit<PackedMarks, "version">): PackedMarks {
  const plain = marks.report.marks.map(({ what, where, strength }) => ({ what, where, strength }));
  return { version: 1, ...marks, report: { ...marks.report, marks: plain } };
}

/** Null when it is something else. @param value  foreign until read here. */
export function readMarks(value: unknown): PackedMarks | null {
  const facts = factsSchema.safeParse(value);
  const report = facts.success ? readReport(facts.data.report) : null;
  return facts.success && report !== null ? { ...facts.data, report } : null;
}

const HEAD = {
  ko: ({ item, readAt, sha256, bytes }: PackedMarks) => [
    `당사자의 기기에서 읽은 표시${item === null ? "" : ` (영상물 ${item})`}`,
    `파일 SHA-256 ${sha256}, ${bytes}바이트, 기기의 시계로 ${readAt}에 읽음`,
    "파일은 기기를 떠나지 않았고, 센터는 이 표시를 따로 확인하지 않았습니다.",
  ],
  en: ({ item, readAt, sha256, bytes }: PackedMarks) => [
    `Marks as they were read on the survivor's device${item === null ? "" : ` (item ${item})`}`,
    `File SHA-256 ${sha256}, ${bytes} bytes, read at ${readAt} by the device's clock`,
    "The file did not leave the device, and the centre did not check these marks.",
  ],
};

/** The marks for a person to read, in Korean and English, `data/marks/N.txt`. It never says what a picture is, only what marks were found. */
export function sayMarks(marks: PackedMarks): string {
  const lines = (language: Language) => [...HEAD[language](marks), ...sayProvenance(marks.report, language)];
  return `${lines("ko").join("\n")}\n\n${lines("en").join("\n")}\n`;
}

/** Whether each document of marks in a pack is one. What it says nobody can check without the file. */
export function checkMarks(pack: ReadPack): Finding[] {
  const paths = pack.order.filter((path) => /^data\/marks\/[^/]+\.json$/.test(path));
  return paths.map((path) => {
    if (!pack.tags.has(path)) return { ...unchecked("marks", "TOO_LARGE"), part: path };
    const marks = readMarks(jsonOf(pack, path));
    if (marks === null) return failed("marks", "MALFORMED", path);
    return { ...held("marks", `SHA-256 ${marks.sha256}`), part: path };
  });
}
