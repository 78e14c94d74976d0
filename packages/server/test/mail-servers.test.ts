import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MailServers, startMailServers } from "./mail-servers.ts";

let servers: MailServers;
beforeAll(async () => {
  servers = await startMailServers(["notices@centre.example", "bounced@away.example"]);
});
afterAll(() => servers.close());

async function hand(to: string, messageId: string): Promise<void> {
  const transport = createTransport({ url: servers.smtp, ignoreTLS: true });
  await transport.sendMail({ from: "notices@centre.example", to, messageId, subject: "시험", text: "지어낸 글" });
  transport.close();
}

test("the SMTP server delivers plus addresses to their mailbox, counts what it took, and returns what has no mailbox", async () => {
  await hand("Notices+abc@centre.example", "<one@centre.example>");
  await hand("someone@board.example", "<two@centre.example>");
  await hand("bounced@board.example", "<three@centre.example>");
  await expect.poll(() => servers.mailsTo("notices@centre.example"), { timeout: 15_000 }).toHaveLength(2);
  const [plus, bounce] = await servers.mailsTo("notices@centre.example");
  expect(plus).toMatchObject({ messageId: "<one@centre.example>", subject: "시험" });
  expect(bounce?.references).toBe("<three@centre.example>");
  await expect.poll(() => servers.mailsTo(null), { timeout: 15_000 }).toHaveLength(1);
  expect(await servers.countTaken("<two@centre.example>")).toBe(1);
  expect(await servers.countTaken("<four@centre.example>")).toBe(0);
  await expect(hand("refused@board.example", "<five@centre.example>")).rejects.toMatchObject({ responseCode: 550 });
  await expect(hand("later@board.example", "<six@centre.example>")).rejects.toMatchObject({ responseCode: 451 });
});
