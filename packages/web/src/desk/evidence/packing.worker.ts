import type { PackVouching, SealedPack } from "./evidence-work.ts";
import { type OpenedExhibit, openExhibit, type SealedExhibit, writeDelivery } from "./packing.ts";
import { PackingRefusal } from "./packing-refusal.ts";

// Opens and writes packs beside the page, so that the desk stays quick while half a gigabyte is digested.

export type PackingAsked =
  | { readonly ask: "open"; readonly exhibit: SealedExhibit }
  | {
      readonly ask: "write";
      readonly sealed: SealedPack;
      readonly vouching: PackVouching;
      readonly exhibits: readonly OpenedExhibit[];
      readonly recipient: string;
    };
export type PackingSaid =
  | { readonly said: "opened"; readonly exhibit: OpenedExhibit }
  | { readonly said: "written"; readonly file: Blob; readonly sha256: string }
  | { readonly said: "refused"; readonly code: PackingRefusal["code"]; readonly number: number }
  | { readonly said: "trouble" };

async function answer(asked: PackingAsked): Promise<PackingSaid> {
  try {
    if (asked.ask === "open") return { said: "opened", exhibit: await openExhibit(asked.exhibit) };
    const { sealed, vouching, exhibits, recipient } = asked;
    return { said: "written", ...(await writeDelivery(sealed, vouching, { exhibits, recipient })) };
  } catch (error) {
    if (error instanceof PackingRefusal) return { said: "refused", code: error.code, number: error.number };
    return { said: "trouble" };
  }
}

addEventListener(
  "message",
  ({ data }: MessageEvent<PackingAsked>) => void answer(data).then((said) => postMessage(said)),
);
