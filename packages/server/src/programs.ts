import { existsSync } from "node:fs";

/** A Debian package without which Jikim runs, but not all of it. */
export type Program = {
  readonly package: (typeof PROGRAMS)[number]["package"];
  /** Any of these files shows that it is there. */
  readonly found: readonly string[];
  /** What does not work without it. */
  readonly without: { readonly ko: string; readonly en: string };
};

/** The same stand in system-packages.json for `npm start`, which installs them where it may. */
export const PROGRAMS = [
  {
    package: "chromium",
    found: ["/usr/bin/chromium", "/usr/bin/chromium-browser"],
    without: {
      ko: "PDF 편지를 만들지 못하고, 화면을 봉인하지 못하며, 브라우저가 있어야 열리는 곳은 확인해도 ‘알 수 없음’이 됩니다",
      en: "no letters as PDF, no captures, and places whose page needs a browser stay “cannot tell”",
    },
  },
  {
    package: "ffmpeg",
    found: ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"],
    without: {
      ko: "영상을 대조하지 못하고, 영상이 있는 곳은 확인해도 ‘알 수 없음’이 됩니다",
      en: "videos are not compared, and places with videos stay “cannot tell”",
    },
  },
  {
    package: "fonts-nanum",
    found: ["/usr/share/fonts/truetype/nanum/NanumGothic.ttf"],
    without: {
      ko: "PDF 편지와 봉인한 화면의 한글이 네모로 나올 수 있습니다",
      en: "Korean in letters and captured pages may come out as boxes",
    },
  },
] as const;

/** Those that this machine does not have. @param isThere  whether a file exists. */
export function findMissing(isThere: (path: string) => boolean = existsSync): readonly Program[] {
  return PROGRAMS.filter(({ found }) => !found.some(isThere));
}

/** Whether browsers that open foreign pages run as whoever runs the server: only root can give them an account of their own. */
export function isSharedAccount(uid = process.getuid?.()): boolean {
  return uid !== 0;
}

/** What the operator is told of that at the start; nothing when they have one. */
export function sayAccount(isShared: boolean): string[] {
  if (!isShared) return [];
  return [
    "루트로 시작하지 않아, 남의 화면을 여는 브라우저가 이 서버와 같은 계정으로 돕니다. 브라우저의 격리 말고는 서버의 열쇠와 나누는 것이 없습니다.",
    "Not started as root, so browsers that open foreign pages run under this server's own account: nothing but the browser's sandbox stands between them and its keys.",
  ];
}

/** What the operator is told at the start, a line each: what is missing, what does not work, and the one command; nothing when all is there. */
export function sayMissing(missing: readonly Program[], isDebian = existsSync("/usr/bin/apt-get")): string[] {
  if (missing.length === 0) return [];
  const names = missing.map((one) => one.package).join(" ");
  const command = `apt-get update && apt-get install -y --no-remove --no-install-recommends ${names}`;
  return [
    "없어도 시작하지만, 이것이 없어 되지 않는 일이 있습니다. / Jikim runs, but without these some things do not work:",
    ...missing.flatMap(({ package: name, without }) => [`  ${name}: ${without.ko}.`, `    ${without.en}.`]),
    ...(isDebian
      ? ["설치하고 다시 시작하세요. / Install them, then start again:", `  sudo sh -c '${command}'`]
      : [
          "이 파일이 있게 설치하고 다시 시작하세요. / Install them so that these files exist, then start again:",
          ...missing.map(({ found }) => `  ${found[0]}`),
        ]),
  ];
}
