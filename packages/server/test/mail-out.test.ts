import { createHash, createVerify, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { plusAddress, readIds, readMessageId, readPlusTags } from "../src/mail/address.ts";
import { composeMail, type Mail } from "../src/mail/compose.ts";
import { handMail, type MailWay, sendMail } from "../src/mail/transport.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";

let servers: MailServers;
let way: MailWay;
beforeAll(async () => {
  servers = await startMailServers(["archive@centre.example", "abuse@board.example"]);
  way = { smtp: servers.smtp, ca: null, dkim: null };
});
afterAll(() => servers.close());

let made = 0;
const mailTo = (to: string, fields: Partial<Mail> = {}): Mail => ({
  ...{ to, from: "가상 센터 <notices@centre.example>", messageId: `<${++made}@centre.example>` },
  ...{ subject: "삭제 요청", text: "지어낸 글\n", archive: "archive+copy@centre.example", ...fields },
});
const copies = async (mail: Mail) =>
  (await servers.mailsTo("archive@centre.example")).filter((each) => each.messageId === mail.messageId);

describe("one try at our mail server", () => {
  test("the recipient and the archive get the same mail in one transaction, and the archive stands nowhere in it", async () => {
    const mail = mailTo("abuse@board.example");
    expect(await sendMail(way, mail)).toBe("accepted");
    await expect.poll(() => copies(mail), { timeout: 15_000 }).toHaveLength(1);
    await expect.poll(() => servers.mailsTo("abuse@board.example"), { timeout: 15_000 }).toHaveLength(1);
    expect(await servers.countTaken(mail.messageId)).toBe(1);
    const composed = (await composeMail(mail, null)).toString();
    expect(composed).not.toContain("archive");
  });

  test("when the recipient is refused nothing is handed over, so a copy in the archive always means that both were taken", async () => {
    const [refused, later] = [mailTo("refused@board.example"), mailTo("later@board.example")];
    expect(await sendMail(way, refused)).toBe("refused");
    expect(await sendMail(way, later)).toBe("not-taken");
    const probe = mailTo("abuse@board.example");
    expect(await sendMail(way, probe)).toBe("accepted");
    await expect.poll(() => copies(probe), { timeout: 15_000 }).toHaveLength(1);
    for (const mail of [refused, later]) {
      expect(await servers.countTaken(mail.messageId)).toBe(0);
      expect(await copies(mail)).toEqual([]);
    }
  });

  test("with the archive refused nothing is handed over, and it is said that only the archive stood in the way", async () => {
    const mail = mailTo("abuse@board.example", { archive: "refused@centre.example" });
    expect(await handMail(way, mail)).toEqual({ outcome: "not-taken", status: null, unarchived: true });
    expect(await servers.countTaken(mail.messageId)).toBe(0);
    const both = mailTo("refused@board.example", { archive: "refused@centre.example" });
    expect(await handMail(way, both)).toMatchObject({ outcome: "refused", unarchived: false });
    const { archive: _, ...without } = mail;
    expect(await handMail(way, without)).toMatchObject({ outcome: "accepted" });
    expect(await servers.countTaken(mail.messageId)).toBe(1);
  });

  test("what a server says of us ends no notice: a quota, a sign-in it asks for, our own address", async () => {
    for (const [command, answer] of [
      ["MAIL", "550 5.4.5 daily quota exceeded"],
      ["MAIL", "530 5.7.0 authentication required"],
      ["MAIL", "553 sender not allowed"],
      ["RCPT", "550 5.7.0 authentication required"],
    ] as const) {
      const strict = await openStrictServer({ [command]: answer });
      expect(await sendMail({ ...way, smtp: strict.url }, mailTo("abuse@board.example")), answer).toBe("not-taken");
      await strict.close();
    }
    const gone = await openStrictServer({ RCPT: "550 5.1.1 no such user" });
    expect(await sendMail({ ...way, smtp: gone.url }, mailTo("abuse@board.example"))).toBe("refused");
    await gone.close();
  });

  test("a server that falls silent leaves open whether it took the mail, but only after it had all of it", async () => {
    const silent = await openSilentServer();
    const sent = mailTo("abuse@board.example");
    expect(await sendMail({ ...way, smtp: silent.url("after-data") }, sent)).toBe("unknown");
    expect(await sendMail({ ...way, smtp: silent.url("after-rcpt") }, sent)).toBe("not-taken");
    expect(await sendMail({ ...way, smtp: "smtp://127.0.0.1:1" }, sent)).toBe("not-taken");
    await silent.close();
  });

  test("a wrong password is ours to mend, so the mail is not given up", async () => {
    const url = new URL(servers.smtp);
    [url.username, url.password] = ["someone", "wrong"];
    expect(await sendMail({ ...way, smtp: url.href }, mailTo("abuse@board.example"))).toBe("not-taken");
    url.password = "secret";
    expect(await sendMail({ ...way, smtp: url.href }, mailTo("abuse@board.example"))).toBe("accepted");
  });

  test("off this machine nothing leaves without TLS to a server whose certificate holds", async () => {
    const mail = mailTo("abuse@board.example");
    const plain = await openSilentServer("127.0.0.2");
    expect(await sendMail({ ...way, smtp: plain.url("after-data") }, mail)).toBe("not-taken");
    expect(plain.seen()).not.toContain("지어낸");
    await plain.close();
    expect(await sendMail({ ...way, smtp: servers.smtpElsewhere }, mail)).toBe("not-taken");
    expect(await servers.countTaken(mail.messageId)).toBe(0);
    const trusting = { ...way, smtp: servers.smtpElsewhere, ca: readFileSync(servers.ca, "utf8") };
    expect(await sendMail(trusting, mail)).toBe("accepted");
    expect(
      (await servers.readLog()).split("\n").find((line) => line.includes(`id=${mail.messageId.slice(1, -1)}`)),
    ).toMatch(/ X=TLS1\.[23]/);
  });
});

/** An SMTP server that says nothing more from some moment on. */
async function openSilentServer(host = "127.0.0.1") {
  let [moment, seen] = ["", ""];
  const server = createServer((socket) => {
    socket.write("220 silent\r\n");
    let isData = false;
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      seen += data.toString();
      for (const line of data.toString().split("\r\n").slice(0, -1)) {
        if (isData) {
          if (line === ".") socket.destroy();
          continue;
        }
        if (/^RCPT/i.test(line) && moment === "after-rcpt") socket.destroy();
        isData = /^DATA/i.test(line);
        if (/^STARTTLS/i.test(line)) socket.write("502 no\r\n");
        else socket.write(isData ? "354 go on\r\n" : /^EHLO/i.test(line) ? "250 silent\r\n" : "250 ok\r\n");
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, host, ready));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: (when: string) => {
      moment = when;
      return `smtp://${host}:${port}`;
    },
    seen: () => seen,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

/** An SMTP server that gives these answers to commands, and takes everything else. */
async function openStrictServer(answers: Readonly<Record<string, string>>) {
  const server = createServer((socket) => {
    socket.write("220 strict\r\n");
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      for (const line of data.toString().split("\r\n").slice(0, -1)) {
        const command = line.split(" ")[0]?.toUpperCase() ?? "";
        socket.write(`${answers[command] ?? (command === "EHLO" ? "250 strict" : "250 ok")}\r\n`);
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, close: () => new Promise((closed) => server.close(closed)) };
}

describe("what a mail is made of", () => {
  test("words, a document, files, and where answers and returned mail go", async () => {
    const mail = mailTo("abuse@board.example", {
      ...{ html: "<p>지어낸 글</p>", replyTo: "notices+x@centre.example" },
      files: [{ name: "편지.pdf", type: "application/pdf", content: Buffer.from("%PDF-1.7") }],
    });
    const read = await simpleParser(await composeMail(mail, null));
    expect(read).toMatchObject({ subject: "삭제 요청", text: "지어낸 글\n", html: "<p>지어낸 글</p>" });
    expect(read.replyTo?.text).toBe("notices+x@centre.example");
    expect(read.headers.get("auto-submitted")).toBe("auto-generated");
    expect(read.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ["편지.pdf", "application/pdf"],
    ]);
  });

  test("a header cannot be written into another", async () => {
    const evil = "x\r\nBcc: someone@evil.example";
    const mail = mailTo("abuse@board.example", { subject: evil, replyTo: evil, text: "x" });
    const head = (await composeMail(mail, null)).toString().split("\r\n\r\n")[0] ?? "";
    expect(head).not.toMatch(/^bcc:/im);
  });

  test("a recipient who takes XARF gets a feedback report of three parts, with each report as a file", async () => {
    const reports = [{ url: "https://board.example/p/1" }, { url: `https://board.example/${"a".repeat(1000)}` }];
    const mail = mailTo("abuse@host.example", {
      reports,
      files: [{ name: "a.json", type: "application/json", content: "{}" }],
    });
    const raw = (await composeMail(mail, null)).toString();
    const [, boundary = ""] = /^content-type: multipart\/report;[\s\S]*?boundary="([^"]+)"/im.exec(raw) ?? [];
    expect(raw).toMatch(/report-type=feedback-report/);
    const parts = raw.split(`--${boundary}`).slice(1, -1);
    expect(parts.map((part) => /content-type: ([\w/-]+)/i.exec(part)?.[1])).toEqual([
      "text/plain",
      "message/feedback-report",
      "multipart/mixed",
    ]);
    expect(parts[1]).toContain(
      "Feedback-Type: other\r\nUser-Agent: Jikim/0.1\r\nVersion: 1\r\nReported-URI: https://board.example/p/1",
    );
    expect(raw.split("\r\n").every((line) => line.length <= 998)).toBe(true);
    const files = (await simpleParser(raw)).attachments.filter((file) => file.contentType === "application/json");
    expect(files.map((file) => [file.filename, file.content.toString()])).toEqual([
      ["xarf.json", JSON.stringify(reports[0])],
      ["xarf-2.json", JSON.stringify(reports[1])],
      ["a.json", "{}"],
    ]);
  });

  test("a DKIM signature holds, and a sender who says nothing of the centre is not signed for", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const dkim = { domain: "centre.example", selector: "a1", key };
    const signed = (await composeMail(mailTo("abuse@board.example"), dkim)).toString();
    expect(holdsDkim(signed, publicKey)).toBe(true);
    expect(holdsDkim(signed.replace("notices@centre", "nobody@centre"), publicKey)).toBe(false);
    expect(holdsDkim(signed.replace(/\r\n\r\n./, "\r\n\r\nX"), publicKey)).toBe(false);
    const neutral = mailTo("friend@home.example", { from: "hello@flowers.example" });
    expect((await composeMail(neutral, dkim)).toString().toLowerCase()).not.toMatch(/dkim|centre\.example;/);
  });
});

/** RFC 6376 with relaxed/relaxed and rsa-sha256, for mails of one text part. */
function holdsDkim(mail: string, key: KeyObject): boolean {
  const at = mail.indexOf("\r\n\r\n");
  const unfolded = mail
    .slice(0, at)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const relaxed = (line: string) => {
    const [, name = "", value = ""] = /^([^:]+):([\s\S]*)$/.exec(line) ?? [];
    return `${name.trim().toLowerCase()}:${value.replace(/\s+/g, " ").trim()}`;
  };
  const line = unfolded.find((each) => /^dkim-signature:/i.test(each)) ?? "";
  const tags = new Map(
    line
      .slice(line.indexOf(":") + 1)
      .split(";")
      .map((tag) => [tag.slice(0, tag.indexOf("=")).trim(), tag.slice(tag.indexOf("=") + 1).replace(/\s+/g, "")]),
  );
  const body = mail
    .slice(at + 4)
    .split("\r\n")
    .map((each) => each.replace(/[ \t]+/g, " ").replace(/ $/, ""))
    .join("\r\n");
  const hash = createHash("sha256")
    .update(`${body.replace(/(\r\n)+$/, "")}\r\n`)
    .digest("base64");
  if (hash !== tags.get("bh")) return false;
  const headers = (tags.get("h") ?? "").split(":").flatMap((name) => {
    const found = unfolded.findLast((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return found === undefined ? [] : [relaxed(found)];
  });
  const own = relaxed(line).replace(/(\bb=)[^;]*/, "$1");
  const verifier = createVerify("RSA-SHA256").update([...headers, own].join("\r\n"));
  return verifier.verify(key, tags.get("b") ?? "", "base64");
}

describe("addresses that name a notice", () => {
  const id = "0b9d7a52-6a3c-4f8e-9a44-0123456789ab";
  const from = "가상 센터 <Notices@Centre.example>";

  test("a plus address and a Message-ID of ours are read back; those of others are not", () => {
    expect(readPlusTags([`"x" <${plusAddress(from, id)}>, other@x.example`], from)).toEqual([id]);
    for (const other of [
      `notices+${id}@centre.example.evil`,
      `xnotices+${id}@centre.example`,
      `notices+${id}@evil.example`,
    ])
      expect(readPlusTags([other], from)).toEqual([]);
    expect(readMessageId(`<${id}@centre.example>`, from)).toEqual({ noticeId: id, number: 1 });
    expect(readMessageId(`<${id}.2@centre.example>`, from)).toEqual({ noticeId: id, number: 2 });
    expect(readMessageId(`<${id}@evil.example>`, from)).toBeNull();
    expect(readIds(`notice ${id}, and x${id}y, and ${id}`)).toEqual([id]);
  });
});

describe("settings", () => {
  test("an address of a mailbox with its password is read; DKIM told in part, or a file that is missing, is said by name", () => {
    const { mail } = readConfig({ JIKIM_IMAP_URL: "imaps://a%40b:p%2Fw@mail.example", JIKIM_MAIL_CA: servers.ca });
    expect(mail.inbox).toEqual({
      url: "imaps://a%40b:p%2Fw@mail.example",
      folder: "INBOX",
      done: null,
      pollSeconds: 60,
    });
    expect(mail.ca).toContain("BEGIN CERTIFICATE");
    expect(() => readConfig({ JIKIM_DKIM_DOMAIN: "centre.example" })).toThrow("JIKIM_DKIM_KEY");
    expect(() => readConfig({ JIKIM_MAIL_CA: "/nonexistent" })).toThrow("JIKIM_MAIL_CA");
    expect(() => readConfig({ JIKIM_IMAP_URL: "http://x" })).toThrow("JIKIM_IMAP_URL");
  });
});
