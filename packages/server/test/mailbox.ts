import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** unknown: there is no such address (RFC 3463, 5.1.1) · policy: what was written is not wanted (5.7.1). */
type Manner = "accept" | "refuse" | "fail" | "hang" | "unknown" | "policy";

/** A real SMTP server on this machine that keeps what it is given. */
export type Mailbox = {
  readonly url: string;
  readonly mails: readonly ParsedMail[];
  /** How the next mails are answered; "hang" says nothing until the other side gives up. */
  behave(how: Manner): void;
  close(): Promise<void>;
};

const CODES = { refuse: 550, fail: 451, unknown: 550, policy: 550 } as const;
const SAYS = {
  refuse: "not taken",
  fail: "not taken",
  unknown: "5.1.1 no such user",
  policy: "5.7.1 not wanted",
} as const;

export async function openMailbox(): Promise<Mailbox> {
  const mails: ParsedMail[] = [];
  let how: Manner = "accept";
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, _session, done) {
      void simpleParser(stream).then((mail) => {
        if (how === "hang") return;
        if (how !== "accept") return done(Object.assign(new Error(SAYS[how]), { responseCode: CODES[how] }));
        mails.push(mail);
        done();
      }, done);
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    behave: (next) => {
      how = next;
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}
