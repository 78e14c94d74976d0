import type { portal } from "@jikim/server/contract";
import { ask } from "../shared/api.ts";
import { startWorker } from "../shared/trusted-script.ts";
import workerUrl from "./effort.worker.ts?worker&url";
import { onLeave } from "./leave.ts";

/** A solved challenge; can be spent once. */
export type Effort = portal.Report["effort"];

type Challenge = { seed: string; bits: number; parts: number; expiresAt: string };
type Solved = { readonly effort: Effort; readonly expiresAt: number };

/** What is left of a challenge's life below which a new one is asked for. */
const MARGIN_MS = 60_000;

let prepared: Promise<Solved> | null = null;
let worker: Worker | null = null;

onLeave(() => {
  worker?.terminate();
  worker = null;
  prepared = null;
});

/** Begins to solve a challenge while she writes, so that "send" need not wait. Failures show only when it is taken. */
export function prepareEffort(): void {
  if (prepared !== null) return;
  const solving = solveOne();
  prepared = solving;
  solving.catch(() => {
    if (prepared === solving) prepared = null;
  });
}

/** A solved challenge that is good for another minute. @throws {NetworkLost}, {ApiRefusal}. */
export async function takeEffort(): Promise<Effort> {
  const ready = prepared;
  prepared = null;
  const solved = await ready?.catch(() => null);
  if (solved && solved.expiresAt - Date.now() > MARGIN_MS) return solved.effort;
  return (await solveOne()).effort;
}

async function solveOne(): Promise<Solved> {
  const challenge = await ask<Challenge>("/api/challenges", { method: "POST", body: {} });
  const { seed, bits, parts } = challenge;
  const solution = await solveInWorker({ seed, bits, parts });
  return { effort: { seed, solution }, expiresAt: Date.parse(challenge.expiresAt) };
}

function solveInWorker(challenge: { seed: string; bits: number; parts: number }): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const own = startWorker(workerUrl);
    worker = own;
    own.onmessage = (event: MessageEvent<number[]>) => {
      own.terminate();
      resolve(event.data);
    };
    own.onerror = () => {
      own.terminate();
      reject(new Error("the worker did not start"));
    };
    own.postMessage(challenge);
  });
}
