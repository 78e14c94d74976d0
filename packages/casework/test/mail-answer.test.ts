import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import {
  ANSWERS,
  answerOf,
  classMail,
  MAIL_CLASSES,
  MAIL_RULES,
  type MailFacts,
  mayFollow,
  readDeliveryStatus,
  stripQuotes,
} from "../src/index.ts";

const mail = (text: string, facts: Partial<MailFacts> = {}): MailFacts => ({
  ...{ subject: "Re: notice", text, automatic: false, delivery: null },
  ...facts,
});
const classOf = (text: string, facts?: Partial<MailFacts>) => classMail(mail(text, facts)).class;

describe("what recipients write is classed by phrases that can be shown", () => {
  test.each([
    ["removed", "Hello, we have removed the content you reported. Regards, Trust & Safety"],
    ["removed", "After review, the links were taken down today."],
    ["removed", "안녕하세요. 요청하신 게시물은 삭제 처리되었습니다."],
    ["removed", "해당 게시물을 임시조치 하였습니다."],
    ["removed", "신고하신 URL 3건 모두 접속 차단 완료하였습니다."],
    ["refused", "We reviewed it and found that it does not violate our policies."],
    ["refused", "Unfortunately we are unable to remove this page."],
    ["refused", "The content has not been removed."],
    ["refused", "검토 결과 운영 정책 위반에 해당하지 않습니다."],
    ["refused", "요청하신 내용은 삭제가 어렵습니다."],
    ["needs-information", "Could you please provide the exact links?"],
    ["needs-information", "We cannot remove it without more details. Please provide a screenshot."],
    ["needs-information", "신분증 사본을 첨부하여 회신해 주시기 바랍니다."],
    ["needs-information", "추가 자료를 제출해 주세요."],
    ["not-ours", "We do not host this website. Please contact the hosting provider."],
    ["not-ours", "We are only the registrar and cannot remove content."],
    ["not-ours", "해당 사이트는 당사에서 호스팅하지 않는 사이트입니다."],
    ["counter-notice", "The uploader has disputed your claim and sent a counter-notification."],
    ["counter-notice", "게시자가 이의신청을 하였습니다."],
    ["receipt", "Thank you for your report. Ticket number 4711."],
    ["receipt", "귀하의 신고가 접수되었습니다. 검토 후 답변드리겠습니다."],
    ["auto-reply", "I am out of office until Monday."],
    ["auto-reply", "현재 부재중입니다. 자동응답 메일입니다."],
    ["unknown", "Hello."],
    ["unknown", ""],
  ] as const)("%s: %s", (expected, text) => {
    expect(classOf(text)).toBe(expected);
  });

  test("what may be is not what was done", () => {
    for (const text of [
      "If it violates our rules it will be removed.",
      "We will remove it once it has been removed by the author.",
      "위반이 확인되면 삭제 처리될 예정입니다.",
      "You may file a counter-notice.",
      "결과에 이의신청을 하실 수 있습니다.",
      "If you need anything else please provide details.",
    ])
      expect([text, classOf(text)]).toEqual([text, "unknown"]);
  });

  test("a mail that says two things is for a person to read", () => {
    expect(classMail(mail("We have removed two links. The third does not violate our rules."))).toMatchObject({
      class: "unknown",
      rule: "mixed",
    });
  });

  test("our own words, quoted below an answer, are not taken for the answer", () => {
    const quotes = [
      "Hello.\n\n> We have removed the content",
      "Hello.\n\nOn Mon, 1 Jan 2026 at 10:00 Centre wrote:\nThe page has been removed before.",
      "안녕하세요.\n\n-----Original Message-----\n삭제 처리되었습니다.",
      "안녕하세요.\n\n2026년 1월 1일 (목) 오전 10:00, 가상 센터님이 작성:\n삭제 처리되었습니다.",
      "안녕하세요.\n\n보낸사람: 가상 센터\n삭제 처리되었습니다.",
    ];
    for (const text of quotes) expect([text, classOf(text)]).toEqual([text, "unknown"]);
    expect(stripQuotes("From: the abuse desk\nWe have removed it.")).toContain("removed it");
  });

  test("a sentence goes on over wrapped lines; a machine's mail without a known phrase is an automatic reply", () => {
    expect(classOf("we have\nremoved the page")).toBe("removed");
    expect(classOf("Hello.", { automatic: true })).toBe("auto-reply");
    expect(classOf("We have removed the page.", { automatic: true })).toBe("removed");
  });

  test("the rule and the words that matched are shown", () => {
    expect(classMail(mail("We have removed the page."))).toEqual({
      class: "removed",
      rule: "en-removed",
      phrase: "we have removed",
    });
    expect(new Set(MAIL_RULES.map((rule) => rule.id)).size).toBe(MAIL_RULES.length);
  });
});

describe("delivery reports (RFC 3464)", () => {
  const report = (block: string) => `Reporting-MTA: dns; mail.example\r\n\r\n${block}`;

  test("given up, still trying and delivered are told apart, by the action first", () => {
    const kindOf = (block: string) => readDeliveryStatus(report(block)).map(({ kind }) => kind);
    expect(kindOf("Final-Recipient: rfc822;a@b.example\r\nAction: failed\r\nStatus: 5.1.1")).toEqual(["hard"]);
    expect(kindOf("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 4.4.7")).toEqual(["hard"]);
    expect(kindOf("Final-Recipient: rfc822;a@b.example\nAction: delayed\nStatus: 4.4.1")).toEqual(["soft"]);
    expect(kindOf("Final-Recipient: rfc822;a@b.example\nAction: relayed")).toEqual(["delivered"]);
    expect(kindOf("Final-Recipient: rfc822;a@b.example\nStatus: 5.0.0")).toEqual(["hard"]);
    expect(kindOf("Final-Recipient: rfc822;a@b.example\nAction: sang")).toEqual([]);
    expect(kindOf("Action: failed\nStatus: 5.1.1")).toEqual([]);
  });

  test("addresses are read with their folded lines, and lower case", () => {
    expect(
      readDeliveryStatus(
        report("Original-Recipient: rfc822;A@B.example\nFinal-Recipient: rfc822;\n <C@D.example>\nAction: failed"),
      ),
    ).toEqual([{ recipient: "c@d.example", original: "a@b.example", kind: "hard", status: null }]);
  });

  test("a report decides before any phrase; one recipient given up is enough", () => {
    const status = (kind: "hard" | "soft" | "delivered") => ({
      recipient: "a@b.example",
      original: null,
      kind,
      status: null,
    });
    const text = "We have removed the page.";
    expect(classMail(mail(text, { delivery: [status("soft"), status("hard")] })).rule).toBe("bounce-hard");
    expect(classMail(mail(text, { delivery: [status("soft")] })).rule).toBe("bounce-soft");
    expect(classMail(mail(text, { delivery: [status("delivered")] })).class).toBe("auto-reply");
    expect(classMail(mail(text, { delivery: [] })).class).toBe("removed");
  });
});

describe("answers follow each other as recipients change their mind", () => {
  test("what was removed is not taken back; everything final can be contested; a refusal can be lifted", () => {
    expect(mayFollow(null, "refused")).toBe(true);
    for (const answer of ANSWERS) expect(mayFollow("removed", answer)).toBe(answer === "counter-notice");
    for (const before of ["removed", "refused", "not-ours"] as const)
      expect(mayFollow(before, "counter-notice")).toBe(true);
    expect(mayFollow("refused", "removed")).toBe(true);
    expect(mayFollow("refused", "received")).toBe(false);
  });

  test("each class that answers is recorded as one; the others record nothing", () => {
    expect(MAIL_CLASSES.map(answerOf)).toEqual([
      ...["received", "removed", "refused", "needs-information", "not-ours", "counter-notice"],
      ...[null, null, null],
    ]);
  });
});

test("hostile texts are classed without an error, and long ones quickly", () => {
  const words = fc.constantFrom(
    ...[
      "삭제",
      "처리",
      "되었",
      " ",
      "\n",
      ".",
      ">",
      "we",
      "have",
      "removed",
      "not",
      "cannot",
      "-----",
      "from:",
      "On ",
      "wrote:",
    ],
    ...["가".repeat(600), "a".repeat(3000), "\u0000", "\ud800", "’", "이의 신청", "please provide", "action: failed\n"],
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), fc.boolean(), (parts, automatic) => {
      const text = parts.join("");
      expect(MAIL_CLASSES).toContain(classMail(mail(text, { automatic, delivery: readDeliveryStatus(text) })).class);
    }),
    { numRuns: FUZZ_RUNS, seed: 4 },
  );
  for (const unit of ["not be ", "삭제 ", "we have ", "on on ", "이 서비스 ", "\n\n", "- "])
    expect(MAIL_CLASSES).toContain(classOf(unit.repeat(200_000)));
});
