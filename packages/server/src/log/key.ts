import { type NoteKey, noteKey } from "@jikim/casework";
import { sha256 } from "../store/log.ts";

/** The key that signs checkpoints: the centre's service key, which its offline root vouches for, under the log's name. */
export function logKeyOf(servicePublicKey: string, origin: string): NoteKey {
  return noteKey(sha256, origin, "log", new Uint8Array(Buffer.from(servicePublicKey, "hex")));
}
