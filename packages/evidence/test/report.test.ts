import { describe, expect, test } from "vitest";
import { type ReportFacts, reportHtml } from "../src/pack/index.ts";
import { FACTS } from "./packing.ts";

const HASH = "ab".repeat(32);
const facts: ReportFacts = {
  manifest: {
    ...FACTS,
    sealedAt: "2026-11-22T01:00:06Z",
    notStored: [{ address: "https://x.example/a.jpg", type: "image/jpeg", bytes: 70_123, sha256: HASH, why: "media" }],
    gaps: [{ address: "https://x.example/late.js", why: "timed out" }],
  },
  files: [{ path: "data/exhibits/1/page.txt", type: "text/plain", bytes: 12, sha256: HASH, sha512: HASH + HASH }],
  exhibits: [
    {
      ...{ number: 1, exhibit: "B-1", kind: "chat", packId: FACTS.packId, sealedAt: "2026-11-22T00:59:00Z" },
      ...{ manifestSha256: HASH, about: "지어낸 방", stampedAt: null, messages: { shown: 3, leftOut: 40 } },
      logged: { origin: "centre.example/log", index: 7 },
    },
  ],
  marks: [{ number: 1, item: 2, sentAt: "2026-11-22T00:30:00Z" }],
  custody: [{ did: "captured", role: "caseworker", who: "p-7", at: "2026-11-22T01:00:05Z" }],
  unreadable: 0,
  madeBy: "centre",
  recipientUnit: "Invented unit",
  stamps: "configured",
  logOrigin: "centre.example/log",
  root: "cd".repeat(32),
};

describe("the report of a pack", () => {
  test("tells in Korean and English what was captured, what was not kept and why, who did what, and how to check it", () => {
    const [ko, en] = [reportHtml(facts, "ko"), reportHtml(facts, "en")];
    for (const html of [ko, en])
      for (const fact of [
        HASH,
        "70123",
        "https://x.example/late.js",
        "p-7",
        "centre.example/log 7",
        "Invented unit",
        "age -d -i",
      ])
        expect(html).toContain(fact);
    expect(ko).toMatch(/보이는 말 3개, 빼놓은 말 40개/);
    expect(en).toMatch(/3 messages shown, 40 left out/);
    expect(ko).toMatch(/형사소송규칙 제134조의7[\s\S]*출력한 사람[\s\S]*참여인의 해시 확인/);
    expect(en).toMatch(/902\(13\): I am qualified[\s\S]*902\(14\)[\s\S]*28 U\.S\.C\. § 1746/);
    expect(ko).toMatch(/초안이며 법률 자문이 아닙니다/);
    expect(en).toMatch(/drafts and no legal advice/);
  });

  test("says what came later or never did", () => {
    expect(reportHtml({ ...facts, stamps: "none" }, "en")).toMatch(/No timestamp authority is configured/);
    expect(reportHtml(facts, "en")).toMatch(/<td>not yet<\/td>/);
    expect(reportHtml({ ...facts, manifest: { ...facts.manifest, gaps: [] } }, "en")).toMatch(/<p>none<\/p>/);
  });

  test("of a pack that somebody made alone it says that nobody vouches, and names no log, root or stamp", () => {
    const of = (language: "ko" | "en") =>
      reportHtml({ ...facts, madeBy: "somebody", stamps: "none", logOrigin: "", root: "" }, language);
    expect(of("en")).toMatch(/no centre was involved[\s\S]*nobody vouches for whose it is/);
    expect(of("ko")).toMatch(/센터 없이 누군가 혼자[\s\S]*아무도 보증하지 않습니다/);
    for (const told of [/leaflet/, /Name of the log/, /the centre holds sealed/, /stands in the centre's log/])
      expect(of("en")).not.toMatch(told);
    expect(of("en")).toMatch(/note yourself to whom it was handed/);
  });

  test("shows what a hostile page put into an address as letters, never as markup or as turned text", () => {
    const address = 'https://x.example/"><script>alert(1)</script><img src=//e.example>\u202egpj.exe\u0000';
    const html = reportHtml({ ...facts, manifest: { ...facts.manifest, gaps: [{ address, why: "'&" }] } }, "ko");
    expect(html).not.toMatch(/<script|<img|\u202e|\0/);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("[U+202E]gpj.exe[U+0000]");
    expect(html).toContain("&#39;&amp;");
    expect(html).toMatch(/default-src &#39;none|default-src 'none'/);
  });

  test("stays printable: of many rows it shows five hundred and says where the others are", () => {
    const gap = { address: "https://x.example/", why: "refused" };
    const html = reportHtml({ ...facts, manifest: { ...facts.manifest, gaps: Array(50_000).fill(gap) } }, "en");
    expect(html.split("<td>refused</td>").length).toBe(501);
    expect(html).toMatch(/And 49500 more: all of them stand in seal\/manifest\.json/);
  });

  test("says of marks where they stand and that absence proves nothing, and never that a picture is real", () => {
    const [ko, en] = [reportHtml(facts, "ko"), reportHtml(facts, "en")];
    for (const html of [ko, en]) expect(html).toContain("data/marks/1.txt");
    expect(en).toContain("absent proves nothing");
    expect(`${ko}${en}`).not.toMatch(/\b(real|authentic|genuine)\b|진짜/i);
    expect(reportHtml({ ...facts, marks: [] }, "en")).not.toContain("data/marks");
  });
});
