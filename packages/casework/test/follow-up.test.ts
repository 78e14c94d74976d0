import { describe, expect, test } from "vitest";
import { chooseEndWords, type EndFacts, writeEnd, writeReminder } from "../src/follow-up.ts";

const plain: EndFacts = {
  ...{ recipientHostile: false, threatActive: false, policeHold: false },
  ...{ danger: false, minor: false, known: true, removed: false },
};
const facts = { noticeId: "n-1", centre: "가상 센터", subject: "[삭제 요청] 가상 센터 · n-1" };

describe("a withdrawal", () => {
  test("is told plainly to a service that is known, and to nobody who is the threat", () => {
    expect(chooseEndWords(plain)).toBe("withdrawn");
    expect(chooseEndWords({ ...plain, recipientHostile: true, threatActive: true })).toBe("nothing");
  });

  test("waits while she is threatened or the police ask to hold", () => {
    expect(chooseEndWords({ ...plain, threatActive: true })).toBe("wait");
    expect(chooseEndWords({ ...plain, policeHold: true })).toBe("wait");
  });

  test.each([{ danger: true }, { minor: true }, { known: false }, { removed: true }])(
    "is not called so where that could show that pressure worked or be taken for consent: %o",
    (because) => {
      expect(chooseEndWords({ ...plain, ...because })).toBe("closed");
    },
  );

  test.each(["ko", "en"] as const)("in %s gives no leave to publish and names nobody", (language) => {
    for (const words of ["withdrawn", "closed"] as const) {
      const { text, subject } = writeEnd(facts, words, language);
      expect(subject).toBe(`Re: ${facts.subject}`);
      expect(text).toMatch(/동의나 허락이 아니며|no consent or permission/);
      expect(/철회|withdraw/.test(text)).toBe(words === "withdrawn");
    }
  });
});

test.each(["ko", "en"] as const)("a reminder in %s speaks of the same request and asks for no picture", (language) => {
  const { text, subject } = writeReminder(facts, language);
  expect([subject, text].join("\n")).toContain("n-1");
  expect(text).toMatch(/첨부하지 마십시오|Do not send or attach/);
});
