import { FingerprintRefusal, type FingerprintRefusalCode } from "@jikim/fingerprint";
import { type FileFingerprints, fingerprintFile } from "@jikim/fingerprint/browser";

export type PictureAsked = { readonly id: string; readonly file: Blob };
export type PictureSaid =
  | { readonly id: string; readonly said: "share"; readonly share: number }
  | { readonly id: string; readonly said: "done"; readonly result: FileFingerprints }
  | { readonly id: string; readonly said: "refused"; readonly code: FingerprintRefusalCode };

const say = (said: PictureSaid) => postMessage(said);

/** Reads one file at a time; nothing of it leaves this worker but its fingerprints. */
async function read({ id, file }: PictureAsked): Promise<void> {
  try {
    const result = await fingerprintFile(file, { onProgress: (share) => say({ id, said: "share", share }) });
    say({ id, said: "done", result });
  } catch (error) {
    say({ id, said: "refused", code: error instanceof FingerprintRefusal ? error.code : "NOT_SUPPORTED" });
  }
}

addEventListener("message", (event: MessageEvent<PictureAsked>) => void read(event.data));
