import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ParsedMail, simpleParser } from "mailparser";
import { freePort } from "../src/free-port.ts";
import { temporaryFolder } from "../src/postgres/index.ts";
import { dovecotConfig, EVERYONE, eximConfig, type MailFolder, PASSWORD } from "./mail-config.ts";

/** Exim and Dovecot, Debian's, on free ports of this machine: SMTP that delivers into the Maildirs that IMAP serves. */
export type MailServers = {
  /** smtp://127.0.0.1:…, without TLS unless the other side asks for it. */
  readonly smtp: string;
  /** The same server under 127.0.0.2, which is not this machine's usual name: TLS has to be asked for. */
  readonly smtpElsewhere: string;
  /** A mailbox by IMAP: without TLS, or (imaps) with it. */
  imap(address: string, scheme?: "imap" | "imaps"): string;
  /** The certificate that both show, which signs itself: path of a PEM file. */
  readonly ca: string;
  /** Gives an address (and all its plus addresses) a mailbox of its own. */
  addMailbox(address: string): Promise<void>;
  /** What lies in an address's mailbox, oldest first; the addresses without one share a mailbox, which `null` names. */
  mailsTo(address: string | null): Promise<ParsedMail[]>;
  /** How often the SMTP server took a mail of this Message-ID: its own count, also of what is not delivered yet. */
  countTaken(messageId: string): Promise<number>;
  /** Ends every IMAP session, as a server does that is started anew. */
  dropSessions(): void;
  /** The log of the SMTP server. */
  readLog(): Promise<string>;
  close(): Promise<void>;
};

const EXIM = "/usr/sbin/exim4";
const DOVECOT = "/usr/sbin/dovecot";
const DOVEADM = "/usr/bin/doveadm";
/** A free port may be taken by another between finding and using it. */
const MOST_STARTS = 4;

/** @throws with a sentence when one of the servers is missing or does not start. */
export async function startMailServers(mailboxes: readonly string[]): Promise<MailServers> {
  for (const [path, name] of [
    [EXIM, "exim4-daemon-light"],
    [DOVECOT, "dovecot-imapd"],
    ["/usr/bin/openssl", "openssl"],
  ] as const)
    if (!existsSync(path)) throw new Error(`The mail tests need the Debian package ${name}: ${path} is missing.`);
  for (let start = 1; ; start++) {
    const home = await prepareFolder();
    for (const address of mailboxes) await addMailbox(home, address);
    const running = await run(home);
    if (running !== null) return serve(home, running);
    const said = await readFile(join(home.folder, "log", "said"), "utf8").catch(() => "");
    await rm(home.folder, { recursive: true, force: true });
    if (start === MOST_STARTS) throw new Error(`The mail servers of the tests did not start. ${said}`);
  }
}

/** As root both run as `nobody`: neither needs more, and both then run alike for everybody. */
function findAccount(): MailFolder["account"] {
  const { uid, gid, username } = userInfo();
  const ask = (...asked: string[]) => execFileSync("id", asked, { encoding: "utf8" }).trim();
  if (uid !== 0) return { uid, gid, name: username, group: ask("-gn") };
  return {
    uid: Number(ask("-u", "nobody")),
    gid: Number(ask("-g", "nobody")),
    name: "nobody",
    group: ask("-gn", "nobody"),
  };
}

async function prepareFolder(): Promise<MailFolder> {
  const account = findAccount();
  const folder = await temporaryFolder("jikim-mail-");
  const [smtp, imap, imaps] = [await freePort(), await freePort(), await freePort()];
  const home = { folder, account, ports: { smtp, imap, imaps } };
  await give(home, folder);
  await chmod(folder, 0o755);
  for (const name of ["spool", "log", "run", "state", "mail", `mail/${EVERYONE}`]) await makeFolder(home, name);
  makeCertificate(folder);
  await writeFile(join(folder, "exim.conf"), eximConfig(home), { mode: 0o644 });
  await writeFile(join(folder, "dovecot.conf"), dovecotConfig(home), { mode: 0o644 });
  for (const name of ["cert.pem", "key.pem", "exim.conf", "dovecot.conf"]) await give(home, join(folder, name));
  return home;
}

function asAccount({ account: { uid, gid } }: MailFolder): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid, gid } : {};
}

async function give({ account }: MailFolder, path: string): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, account.uid, account.gid);
}

async function makeFolder(home: MailFolder, name: string): Promise<void> {
  const path = join(home.folder, name);
  await mkdir(path, { recursive: true });
  await give(home, path);
}

async function addMailbox(home: MailFolder, address: string): Promise<void> {
  if (!/^[\w.-]+@[\w.-]+$/.test(address)) throw new Error("a mailbox of the tests has a plain address");
  await makeFolder(home, join("mail", address.toLowerCase()));
}

function makeCertificate(folder: string): void {
  const names = "subjectAltName=DNS:localhost,DNS:mail.example,IP:127.0.0.1,IP:127.0.0.2";
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", join(folder, "key.pem")];
  const made = ["-out", join(folder, "cert.pem"), "-days", "2", "-subj", "/CN=mail.example", "-addext", names];
  execFileSync("/usr/bin/openssl", ["req", "-x509", ...key, ...made], { stdio: "ignore" });
}

/**
 * Both servers in a process group of their own, that ends with its last reader, and the folder with it: also when this process is
 * killed, since then the pipe that `cat` reads ends. @returns null when one of them is not up.
 */
async function run(home: MailFolder): Promise<ChildProcess | null> {
  const { folder, ports } = home;
  const [exim, dovecot] = [join(folder, "exim.conf"), join(folder, "dovecot.conf")];
  const script = `exec >"${folder}/log/said" 2>&1
"${EXIM}" -C "${exim}" -bdf -q1s & "${DOVECOT}" -F -c "${dovecot}" & cat >/dev/null; trap "" TERM; kill 0; wait; cd / && rm -rf "${folder}"`;
  const running = spawn("/bin/sh", ["-c", script], {
    ...asAccount(home),
    ...{ cwd: folder, detached: true, stdio: ["pipe", "ignore", "ignore"] },
  });
  const up = await Promise.all([greets(ports.smtp, "220 "), greets(ports.imap, "* OK"), greets(ports.imaps, null)]);
  if (up.every(Boolean)) return running;
  await stop(running);
  return null;
}

/** Whether a server greets as expected within ten seconds. */
async function greets(port: number, expected: string | null): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    const greeting = await readGreeting(port, expected === null);
    if (greeting?.startsWith(expected ?? "")) return true;
    await pause(100);
  }
  return false;
}

function readGreeting(port: number, connectOnly: boolean): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (said: string | null) => {
      socket.destroy();
      resolve(said);
    };
    socket.setTimeout(5000, () => end(null));
    socket.once("error", () => end(null));
    socket.once("close", () => end(null));
    if (connectOnly) socket.once("connect", () => end(""));
    else socket.once("data", (data) => end(data.toString("latin1")));
  });
}

async function stop(running: ChildProcess): Promise<void> {
  if (running.exitCode !== null || running.signalCode !== null) return;
  const gone = once(running, "exit");
  running.stdin?.end();
  await gone;
}

function serve(home: MailFolder, running: ChildProcess): MailServers {
  const { folder, ports } = home;
  const readLog = () => readFile(join(folder, "log", "mainlog"), "utf8").catch(() => "");
  return {
    smtp: `smtp://127.0.0.1:${ports.smtp}`,
    smtpElsewhere: `smtp://127.0.0.2:${ports.smtp}`,
    imap: (address, scheme = "imap") =>
      `${scheme}://${encodeURIComponent(address.toLowerCase())}:${PASSWORD}@127.0.0.1:${ports[scheme]}`,
    ca: join(folder, "cert.pem"),
    addMailbox: (address) => addMailbox(home, address),
    mailsTo: (address) => readMaildir(join(folder, "mail", address?.toLowerCase() ?? EVERYONE, "Maildir")),
    countTaken: async (messageId) => {
      const id = ` id=${messageId.replace(/^<|>$/g, "")}`;
      return (await readLog()).split("\n").filter((line) => line.includes(" <= ") && line.includes(id)).length;
    },
    dropSessions: () =>
      void execFileSync(DOVEADM, ["-c", join(folder, "dovecot.conf"), "kick", "*"], {
        ...asAccount(home),
        stdio: "ignore",
      }),
    readLog,
    close: async () => {
      await stop(running);
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function readMaildir(folder: string): Promise<ParsedMail[]> {
  const files: string[] = [];
  for (const part of ["cur", "new"])
    for (const name of await readdir(join(folder, part)).catch(() => [])) files.push(join(folder, part, name));
  // Exim's names begin with the time and its microseconds.
  const age = (path: string) =>
    path.slice(path.lastIndexOf("/") + 1).replace(/M(\d+)P/, (_, at) => `M${at.padStart(6, "0")}P`);
  files.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  return Promise.all(files.map(async (path) => simpleParser(await readFile(path))));
}
