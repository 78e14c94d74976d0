import { createTransport } from "nodemailer";

/** A plain mail. `json` is attached as a file. */
export type Mail = {
  readonly to: string;
  readonly from: string;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly attachment?: { readonly name: string; readonly json: unknown };
};

/** accepted: the other server took it · refused: it never will (5xx) · unreachable: try again later. */
export type MailOutcome = "accepted" | "refused" | "unreachable";

/** Silence after which a server counts as unreachable. */
const TIMEOUT_MS = 20_000;

/** Hands a mail to the SMTP server of the configuration, once. Says nothing of what it held when that fails. */
export async function sendMail(smtp: string, mail: Mail): Promise<MailOutcome> {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url: smtp, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  const { attachment, ...fields } = mail;
  const attachments = attachment && [
    { filename: attachment.name, content: JSON.stringify(attachment.json), contentType: "application/json" },
  ];
  try {
    await transport.sendMail({ ...fields, ...(attachments ? { attachments } : {}) });
    return "accepted";
  } catch (error) {
    return isRefusal(error) ? "refused" : "unreachable";
  } finally {
    transport.close();
  }
}

/** A permanent answer of the other server (RFC 5321, 4.2.1). A failed sign-in there is ours to mend, so it is tried again. */
function isRefusal(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { responseCode, code } = error as { readonly responseCode?: unknown; readonly code?: unknown };
  return typeof responseCode === "number" && responseCode >= 500 && code !== "EAUTH";
}
