import { spawnSync } from "node:child_process";
import { chownSync } from "node:fs";
import { fingerprintFile } from "@jikim/fingerprint/decode";
import sharp from "sharp";

const ACCOUNT = "jikim-capture";

/**
 * Started as root, this process becomes an account of its own, for good, with the folder as its only belonging. Decoders are loaded before, as
 * that account may not be able to read where they are installed.
 * @throws when there is no such account and `nobody` neither.
 */
export async function giveUpRoot(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const plain = { width: 64, height: 64, channels: 3, background: "#999" } as const;
  await fingerprintFile(await sharp({ create: plain }).png().toBuffer());
  const { uid, gid } = accountOf(ACCOUNT) ?? make(ACCOUNT) ?? accountOf("nobody") ?? fail();
  chownSync(folder, uid, gid);
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

type Account = { readonly uid: number; readonly gid: number };

function make(name: string): Account | null {
  const asked = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"];
  spawnSync("useradd", [...asked, "--shell", "/usr/sbin/nologin", name], { stdio: "ignore" });
  return accountOf(name);
}

function accountOf(name: string): Account | null {
  const [uid, gid] = ["-u", "-g"].map((flag) => {
    const answer = spawnSync("id", [flag, name], { encoding: "utf8" });
    return answer.status === 0 ? Number(answer.stdout) : 0;
  });
  return uid && gid ? { uid, gid } : null;
}

function fail(): never {
  throw new Error("There is no unprivileged account.");
}
