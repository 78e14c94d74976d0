import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseGround, NO_READINGS, writeNotice } from "@jikim/casework";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { CARD, factsOf, stated, TODAY } from "../../casework/test/writing-facts.ts";
import { findChromium, openPrinter, type Printer } from "../src/letters/printer.ts";
import { openChannelServer } from "./channel-server.ts";

const folder = mkdtempSync(join(tmpdir(), "jikim-letter-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const printers: Printer[] = [];
afterEach(async () => {
  for (const printer of printers.splice(0)) await printer.close();
});
function printer(): Printer {
  const opened = openPrinter(findChromium());
  printers.push(opened);
  return opened;
}

/** A letter as Poppler reads it, a program that shares nothing with the one that wrote it. */
async function read(printer: Printer, html: string) {
  const pdf = await printer.print(html);
  if (pdf === null) throw new Error("no Chromium");
  const file = join(folder, "letter.pdf");
  writeFileSync(file, pdf);
  const poppler = (tool: string, ...asked: string[]) => execFileSync(tool, [...asked, file], { encoding: "utf8" });
  return {
    text: execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" }),
    fonts: poppler("pdffonts").split("\n").slice(2),
    facts: poppler("pdfinfo"),
    structure: poppler("pdfinfo", "-struct-text"),
  };
}

const places = Array.from({ length: 40 }, (_, at) => ({ kind: "url" as const, text: `https://board.example/p/${at}` }));
const korean = writeNotice(
  factsOf({
    places,
    chosen: chooseGround({
      ...{
        card: CARD,
        reach: "public",
        minor: false,
        statements: stated("is-depicted"),
        senderKinds: [],
        day: TODAY,
        readings: NO_READINGS,
      },
    }),
  }),
);

/** Our own Chromium processes that are alive: children of this one. */
function browsers(): { readonly pid: number; readonly uid: string | undefined; readonly command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8");
        if (!status.includes(`\nPPid:\t${process.pid}\n`)) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        return command.includes("jikim-letters-")
          ? [{ pid: Number(name), uid: /\nUid:\t(\d+)/.exec(status)?.[1], command }]
          : [];
      } catch {
        return [];
      }
    });
}

describe("a letter", () => {
  test("in Korean is A4 and tagged, its text can be read and copied, and a Korean font is embedded", async () => {
    const { text, fonts, facts, structure } = await read(printer(), korean.html);
    expect(text).toContain("불법촬영물등 삭제요청서");
    expect(text).toContain("전기통신사업법 제22조의5제1항");
    for (const { text: address } of places) expect(text).toContain(address);
    expect(facts).toMatch(/Tagged: +yes/);
    expect(facts).toMatch(/Page size: .*A4/);
    // Poppler tells the first word of each element.
    expect(structure).toMatch(/H1 \(block\)[^H]*불법촬영물등[\s\S]*Table \(block\)[\s\S]*TH[\s\S]*LI \(block\)/);
    // name type encoding emb sub uni object: a font as such, embedded, and with its letters told.
    expect(fonts.some((font) => /\+NanumGothic +CID TrueType +\S+ +yes yes yes/.test(font))).toBe(true);
    expect(fonts.filter((font) => font !== "" && !/ yes (yes|no) +(yes|no) +\d+ +\d+$/.test(font))).toEqual([]);
  });

  test("in English says the same as its mail", async () => {
    const card = { ...CARD, language: "en", jurisdiction: "us" } as const;
    const statements = stated("is-depicted", "no-consent", "good-faith");
    const chosen = chooseGround({
      card,
      reach: "public",
      minor: false,
      statements,
      senderKinds: [],
      day: TODAY,
      readings: NO_READINGS,
    });
    const notice = writeNotice(factsOf({ card, statements, chosen }));
    const words = (text: string) => text.replaceAll(/[■•\-:]|\d+ ?\/ ?\d+|\s/g, "");
    const { text } = await read(printer(), notice.html);
    expect(words(text)).toBe(words(notice.text));
  });

  test("loads nothing and runs nothing, whatever stands in it", async () => {
    const asked: string[] = [];
    const server = await openChannelServer(({ path }) => {
      asked.push(path);
      return { status: 200, raw: "" };
    });
    const { base } = server;
    const { text } = await read(
      printer(),
      `<p id="p">still</p><img src="${base}/img"><link rel="stylesheet" href="${base}/css"><iframe src="${base}/frame"></iframe>
       <style>@font-face { font-family: f; src: url(${base}/font) } p { font-family: f }</style>
       <script>document.getElementById("p").textContent = "changed"; fetch("${base}/fetch")</script>
       <iframe src="file:///etc/hostname"></iframe>`,
    );
    await server.close();
    expect(asked).toEqual([]);
    expect(text.trim()).toBe("still");
  });
});

describe("the printer", () => {
  test("uses one browser, in its sandbox and never as root, and leaves nothing behind", async () => {
    const one = printer();
    await Promise.all([one.print("<p>a"), one.print("<p>b"), one.print("<p>c")]);
    const [browser, ...others] = browsers();
    expect(others).toEqual([]);
    expect(browser?.uid).not.toBe("0");
    expect(browser?.command).not.toContain("no-sandbox");
    await one.print("<p>d");
    expect(browsers().map(({ pid }) => pid)).toEqual([browser?.pid]);
    await one.close();
    expect(browsers()).toEqual([]);
    const folder = /--user-data-dir=(\S+)\/profile/.exec(browser?.command ?? "")?.[1] ?? "";
    expect(folder).toContain("jikim-letters-");
    expect(existsSync(folder)).toBe(false);
  });

  test("prints on after its browser was lost", async () => {
    const one = printer();
    await one.print("<p>a");
    for (const { pid } of browsers()) process.kill(pid, "SIGKILL");
    expect((await read(one, "<p>after")).text).toContain("after");
  });

  test("has no letter where there is no Chromium, and none that is endless", async () => {
    expect(await openPrinter(null).print("<p>a")).toBeNull();
    await expect(printer().print("x".repeat(4_000_001))).rejects.toMatchObject({ reason: { code: "TOO_LARGE" } });
  });

  test("lets no more letters wait than it may, and takes new ones when those are done", async () => {
    const one = openPrinter(findChromium(), 2);
    printers.push(one);
    const asked = [one.print("<p>a"), one.print("<p>b")];
    await expect(one.print("<p>c")).rejects.toMatchObject({ reason: { code: "TOO_MANY_REQUESTS" } });
    await Promise.all(asked);
    expect(await one.print("<p>d")).not.toBeNull();
  });
});
