import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { decodeText } from "../src/mail/charset.ts";
import { readHead } from "../src/mail/head.ts";
import { type MailReader, MOST_MAIL, openMailReader } from "../src/mail/read-mail.ts";
import { wordsOfHtml } from "../src/mail/words.ts";

let reader: MailReader;
beforeAll(() => {
  reader = openMailReader();
});
afterAll(() => reader.close());

const lines = (...each: (string | Buffer)[]) =>
  Buffer.concat(each.map((line) => Buffer.concat([Buffer.from(line as string), Buffer.from("\r\n")])));
/** "삭제 완료" in the charsets of Korean mail, written by other programs. */
const EUC_KR = Buffer.from("bbe8c1a620bfcfb7e1", "hex");
const ISO_2022_KR = Buffer.from("1b2429430e3b6841260f200e3f4f37610f", "hex");

describe("Korean mail is read right", () => {
  test.each([
    ["euc-kr", EUC_KR],
    ["ks_c_5601-1987", EUC_KR],
    ["cp949", EUC_KR],
    ["iso-2022-kr", ISO_2022_KR],
    ["utf-8", Buffer.from("삭제 완료")],
    ["nonsense", EUC_KR],
    ["us-ascii", EUC_KR],
  ])("a body in %s", async (charset, bytes) => {
    const plain = lines(`Content-Type: text/plain; charset="${charset}"`, "", bytes);
    expect((await reader.read(plain)).text).toBe("삭제 완료");
  });

  test("a body that names no charset, and one in base64 within parts", async () => {
    expect((await reader.read(lines("Subject: x", "", EUC_KR))).text).toBe("삭제 완료");
    const coded = EUC_KR.toString("base64");
    const parts = lines(
      ...['Content-Type: multipart/alternative; boundary="b"', "", "--b", "Content-Type: text/plain; charset=EUC-KR"],
      ...[
        "Content-Transfer-Encoding: base64",
        "",
        coded,
        "--b",
        "Content-Type: text/html",
        "",
        "<p>other</p>",
        "--b--",
      ],
    );
    expect((await reader.read(parts)).text).toBe("삭제 완료");
  });

  test("subjects and names: encoded words, also split ones, and bytes in the open", () => {
    const subjectOf = (...header: (string | Buffer)[]) => readHead(lines(...header, "", "")).head.subject;
    const word = `=?EUC-KR?B?${EUC_KR.toString("base64")}?=`;
    expect(subjectOf(`Subject: ${word}`, ` ${word}`)).toBe("삭제 완료삭제 완료");
    expect(subjectOf(`Subject: =?iso-2022-kr?B?${ISO_2022_KR.toString("base64")}?=`)).toBe("삭제 완료");
    expect(subjectOf("Subject: =?utf-8?Q?=EC=82=AD=EC=A0=9C_ok?= [x]")).toBe("삭제 ok [x]");
    expect(subjectOf(Buffer.concat([Buffer.from("Subject: "), EUC_KR]))).toBe("삭제 완료");
    expect(subjectOf("Subject: 삭제")).toBe("삭제");
  });

  test("what is no text in any charset is marked and never an error", () => {
    expect(decodeText(Buffer.from([0xff, 0xfe, 0x80]), "euc-kr")).toContain("\ufffd");
    expect(decodeText(Buffer.from([0x0e, 0x21]), "iso-2022-kr")).toContain("\ufffd");
  });
});

describe("a foreign mail may hold the picture", () => {
  test("media are hashed and dropped, inline ones and mails within the mail too; words that are quoted in HTML are left out", async () => {
    const mail = lines(
      ...['Content-Type: multipart/related; boundary="b"', "", "--b", "Content-Type: text/html; charset=utf-8", ""],
      ...["<style>x{}</style><p>Removed.</p><blockquote>quoted</blockquote><img src='cid:1'><script>1</script>"],
      ...["--b", "Content-Type: image/jpeg", "Content-ID: <1>", "Content-Disposition: inline", ""],
      ...["jpeg-bytes", "--b", "Content-Type: message/rfc822", "Content-Disposition: inline", ""],
      ...["Subject: inner", "Message-ID: <inner@x.example>", "", "inner words", "--b--"],
    );
    const read = await reader.read(mail);
    expect(read.text).toBe("Removed.");
    expect(read.parts.map(({ type, bytes }) => [type, bytes > 0])).toEqual([
      ["image/jpeg", true],
      ["message/rfc822", true],
    ]);
    expect(JSON.stringify(read)).not.toMatch(/jpeg-bytes|inner words/);
    expect(read.returned).toEqual(["<inner@x.example>"]);
  });

  test("a text that is longer than what is kept says that it was cut", async () => {
    const read = await reader.read(lines("", "가".repeat(20_000)));
    expect([read.text.length, read.cut]).toEqual([16_384, true]);
  });
});

describe("the head", () => {
  test("a machine's mail is known by its own word, and a person's 'no' is believed", () => {
    const isAutomatic = (...header: string[]) => readHead(lines(...header, "", "")).head.automatic;
    expect(isAutomatic("Auto-Submitted: auto-replied (vacation)")).toBe(true);
    expect(isAutomatic("Precedence: bulk")).toBe(true);
    expect(isAutomatic("X-Autoreply: yes")).toBe(true);
    expect(isAutomatic("Auto-Submitted: no")).toBe(false);
    expect(isAutomatic("Subject: x")).toBe(false);
  });

  test("two Message-IDs are none; folded headers are one; the body begins after the first empty line", () => {
    const read = readHead(
      lines("Message-ID: <a@b>", "Message-ID: <c@d>", "To: x,", "\ty+z@c.example", "", "Message-ID: <e@f>"),
    );
    expect(read.head).toMatchObject({ messageId: null, addressed: ["x, y+z@c.example"] });
    expect(readHead(lines("Message-ID:", " <a@b>", "", "")).head.messageId).toBe("<a@b>");
  });
});

describe("hostile mail is bounded", () => {
  const nested = (depth: number) => {
    let mail = "";
    for (let at = 0; at < depth; at++) mail += `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`;
    return Buffer.from(`${mail}\r\nwords\r\n`);
  };
  const flood = (type: string, count: number) =>
    Buffer.from(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${`--b\r\nContent-Type: ${type}\r\n\r\nx\r\n`.repeat(count)}--b--\r\n`,
    );

  test("too many parts, too deep, too long heads, too many lines: the head is read, the rest is left, and it is said", async () => {
    const cases = [
      nested(5000),
      flood("text/plain", 101),
      flood("text/plain", 5000),
      flood("image/png", 5000),
      Buffer.from(
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: ${"y".repeat(100_000)}\r\n\r\nz\r\n--b--\r\n`,
      ),
      Buffer.from(`\r\n${"\n".repeat(2_000_000)}`),
    ];
    for (const body of cases) {
      const read = await reader.read(Buffer.concat([Buffer.from("Subject: still read\r\n"), body]));
      expect(read).toMatchObject({ subject: "still read", cut: true });
      expect(read.parts.length).toBeLessThanOrEqual(30);
    }
  });

  test("a mail beyond the limit is cut there; a bomb in a transfer encoding stays packed", async () => {
    const head = Buffer.from("Subject: big\r\nContent-Type: application/x\r\n\r\n");
    const big = await reader.read(Buffer.concat([head, Buffer.alloc(MOST_MAIL, "x")]));
    expect(big).toMatchObject({ subject: "big", cut: true, parts: [{ bytes: MOST_MAIL - head.length }] });
    const bomb = deflateSync(Buffer.alloc(20_000_000)).toString("base64");
    const packed = lines('Content-Type: application/zip; name="a.zip"', "Content-Transfer-Encoding: base64", "", bomb);
    const read = await reader.read(packed);
    expect(read.parts[0]?.bytes).toBeLessThan(100_000);
  });

  test("a body that takes too long is given up with its thread, and the next mail is read by another", async () => {
    const impatient = openMailReader({ mostMs: 1 });
    const slow = await impatient.read(flood("text/plain", 90));
    expect(slow).toMatchObject({ text: "", cut: true });
    await impatient.close();
    expect((await reader.read(lines("", "words"))).text).toBe("words");
  });

  test("2,000 hostile mails are read without an error, in order, and a good one after them too", async () => {
    const piece = fc.constantFrom(
      ...[
        "Content-Type: multipart/mixed; boundary=b\r\n",
        'Content-Type: multipart/report; boundary="b"\r\n',
        "\r\n",
        "\n",
        "--b\r\n",
      ],
      ...[
        "--b--\r\n",
        "Content-Type: text/plain; charset=iso-2022-kr\r\n",
        'Content-Type: text/html; charset="\r\n',
        "\u000e!!!",
        "\u001b$)C",
      ],
      ...[
        "Content-Transfer-Encoding: base64\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "=0D=0ABcc: x@y\r\n",
        "!!!!====",
        "=\r\n=",
      ],
      ...[
        "Content-Type: message/delivery-status\r\n",
        "Content-Type: message/rfc822\r\n",
        "Final-Recipient: rfc822;a@b\r\n",
        "Action: failed\r\n",
      ],
      ...[
        "Subject: =?utf-8?B?4pi",
        "?=\r\n",
        "=?x?Q?=ZZ?=",
        "Message-ID: <a@b>\r\n",
        "References: <",
        "To: a:b:c:;;\r\n",
        `${"(".repeat(500)}\r\n`,
      ],
      ...[
        "\u0000",
        "\ud800",
        "가",
        "<p><b><table>",
        "<blockquote>",
        "&#0;&#xD800;",
        "x".repeat(3000),
        " \r\n\t",
        "charset*0=u; charset*1=tf-8\r\n",
      ],
      ...[
        "Content-Disposition: inline; filename*=utf-8''%FF\r\n",
        "Content-Type: text/plain; format=flowed; delsp=yes\r\n",
        ": no name\r\n",
      ],
    );
    const mails = fc.sample(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 40 }), {
      numRuns: FUZZ_RUNS,
      seed: 4,
    });
    for (const mail of mails) {
      const read = await reader.read(Buffer.from(mail.join("")));
      expect(read.text.length).toBeLessThanOrEqual(16_384);
      expect(read.subject + read.from).not.toMatch(/\p{Cc}/u);
    }
    expect((await reader.read(lines("Subject: good", "", "words"))).text).toBe("words");
  });

  test("words of a hostile document: deep, unclosed and huge ones come out in one pass", () => {
    expect(wordsOfHtml(`${"<div>".repeat(100_000)}words`, 1000)).toBe("words");
    expect(wordsOfHtml("</blockquote></script><p>words", 1000)).toBe("words");
    expect(wordsOfHtml(`${"<blockquote>".repeat(10)}quoted`, 1000)).toBe("");
    expect(wordsOfHtml("a ".repeat(1_000_000), 1000).length).toBeLessThanOrEqual(1000);
  });
});
