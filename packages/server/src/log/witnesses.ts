import { createHash } from "node:crypto";
import { type NoteKey, readKey } from "@jikim/casework";

/** Somebody outside the centre who keeps an eye on the log: it signs only what adds to all it has seen (C2SP tlog-witness). */
export type Witness = { readonly url: string; readonly key: NoteKey };

/** Reads `https://witness.example=name+id+key`, several with commas between. @throws {Error} naming the one that is wrong. */
export function readWitnesses(setting: string): Witness[] {
  return setting.split(",").map((each) => {
    const at = each.indexOf("=");
    const key = readKey((bytes) => createHash("sha256").update(bytes).digest(), each.slice(at + 1));
    const url = each.slice(0, Math.max(0, at)).trim();
    if (key?.signer !== "witness" || !URL.canParse(url)) throw new Error(`Not a witness: ${each.slice(0, 60)}`);
    return { url: url.replace(/\/$/, ""), key };
  });
}
