import { exhibitsIn } from "./check-exhibit.ts";
import { exhibitOf } from "./exhibit.ts";
import type { Finding } from "./finding.ts";
import type { PackManifest } from "./manifest.ts";
import { manifestOf, type ReadPack } from "./read.ts";

/** What a signed manifest says that a reader wants to know; nobody can check it beyond the signature. `exhibit` as in a finding. */
export type Told =
  /** The pack before: the last capture of the same address, or the last pack for the same unit. `here`: it is that exhibit of this pack. */
  | {
      readonly about: "follows";
      readonly exhibit: number | null;
      readonly kind: "capture" | "pack";
      readonly packId: string;
      readonly here: number | null;
    }
  /** Milliseconds by which the centre's clock was before the timestamp authority's (minus: behind); null when nobody compared them. */
  | { readonly about: "clock"; readonly exhibit: number | null; readonly offMs: number | null }
  /** A report for a person to read. */
  | { readonly about: "report"; readonly exhibit: number | null; readonly path: string };

const REPORT = /^data\/report\/report-\w\w\.(pdf|html)$/;

/** Only of manifests whose signature holds: others say nothing. */
export function tellOf(pack: ReadPack, manifest: PackManifest, findings: readonly Finding[]): Told[] {
  const isSigned = (exhibit: number | null) =>
    findings.some((each) => each.check === "signed" && each.state === "holds" && each.exhibit === exhibit);
  const inner = [...exhibitsIn(pack)].flatMap(([number, read]) => {
    const own = manifestOf(read);
    return own === null || !isSigned(number) ? [] : [{ number, own }];
  });
  const here = (packId: string) => inner.find(({ own }) => own.packId === packId)?.number ?? null;
  const follows = (exhibit: number | null, { previous, mode, files }: PackManifest): Told[] => {
    if (previous === null) return [];
    const isCapture = mode !== "export" && !files.some(({ path }) => exhibitOf(path) !== null);
    const kind = isCapture ? "capture" : "pack";
    return [{ about: "follows", exhibit, kind, packId: previous, here: here(previous) }];
  };
  const outer: Told[] = !isSigned(null)
    ? []
    : [
        ...follows(null, manifest),
        { about: "clock", exhibit: null, offMs: manifest.clockOffMs },
        ...manifest.files
          .filter(({ path }) => REPORT.test(path) && pack.digests.has(path))
          .map(({ path }): Told => ({ about: "report", exhibit: null, path })),
      ];
  const inside = inner.flatMap(({ number, own }): Told[] => [
    ...follows(number, own),
    ...(own.clockOffMs === null ? [] : [{ about: "clock", exhibit: number, offMs: own.clockOffMs } as const]),
  ]);
  return [...outer, ...inside];
}

type Language = "ko" | "en";

const KINDS = { capture: { ko: "수집", en: "capture" }, pack: { ko: "꾸러미", en: "pack" } } as const;

/** What a manifest tells, in a plain sentence. */
export function sayTold(told: Told, language: Language): string {
  const { exhibit } = told;
  const isKorean = language === "ko";
  switch (told.about) {
    case "follows": {
      const [kind, which] = [KINDS[told.kind][language], told.here];
      const there =
        which === null ? "" : isKorean ? ` (이 꾸러미의 증거 ${which})` : `, which is exhibit ${which} here`;
      const [self, selfEn] =
        exhibit === null ? ["이 꾸러미는", "This pack"] : [`증거 ${exhibit}은(는)`, `Exhibit ${exhibit}`];
      return isKorean
        ? `${self} ${kind} ${told.packId}에 이어지는 것입니다${there}.`
        : `${selfEn} follows ${kind} ${told.packId}${there}.`;
    }
    case "clock":
      return clockWords(told.offMs, exhibit, language);
    case "report":
      return isKorean ? `읽을 보고서: ${told.path}` : `A report to read: ${told.path}`;
  }
}

function clockWords(offMs: number | null, exhibit: number | null, language: Language): string {
  const apart = Math.abs(offMs ?? 0);
  if (language === "ko") {
    const clock = `${exhibit === null ? "" : `증거 ${exhibit}: `}봉인한 기계의 시계는`;
    if (offMs === null) return `${clock} 다른 시계와 견주지 않았습니다.`;
    const way = offMs < 0 ? "느렸습니다" : "빨랐습니다";
    return `${clock} 시각 확인 기관의 시계보다 ${apart}밀리초 ${way} (하루 안에 견준 값).`;
  }
  const clock = `${exhibit === null ? "The" : `Exhibit ${exhibit}: the`} clock of the machine that sealed it was`;
  if (offMs === null) return `${clock} not compared with another.`;
  return `${clock} ${apart} ms ${offMs < 0 ? "behind" : "ahead of"} the timestamp authority's (compared within a day).`;
}
