import { type CaseKey, keysOfReturnCode, type ReturnCode, solve } from "@jikim/evidence";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import type { portal } from "../src/contract.ts";
import { prepareReport, type Told } from "../src/demo/survivor.ts";
import { ask } from "./openapi.ts";

/** An invented survivor of a test, with what stays on her device. */
export type Survivor = {
  readonly report: portal.Report;
  readonly code: ReturnCode;
  readonly key: CaseKey;
  readonly headers: { readonly authorization: string };
};

const TOLD: Told = {
  language: "ko",
  codes: { danger: false, threat: false, ageBand: "20s", harms: ["synthesised", "circulated"] },
  items: [{ kind: "picture", fingerprints: [{ kind: "pdq", value: "f0".repeat(32), quality: 90 }] }],
  places: [{ kind: "url", text: "https://board.example/p/1" }],
  consents: { remove: true, share: true, police: false, statistics: true },
  withdrawalPlan: "at-once",
  story: { story: "지어낸 이야기입니다", names: "가상인물" },
  contact: { ways: "지어낸 주소", when: "저녁", where: "집", whatMayBeSaid: "주문 안내", safeContact: "가상의 친구" },
};

/** A report ready to go out, sealed as the portal seals it, with its effort solved. */
export async function prepareSurvivor(app: FastifyInstance, told: Partial<Told> = {}): Promise<Survivor> {
  const centre = (await ask(app, { url: "/api/centre" })).json<portal.Centre>();
  const { report, code, key } = await prepareReport(centre, { ...TOLD, ...told });
  const headers = { authorization: `Return ${keysOfReturnCode(code).token}` };
  return { report: { ...report, effort: await solveEffort(app) }, code, key, headers };
}

export async function solveEffort(app: FastifyInstance): Promise<portal.Report["effort"]> {
  const response = await ask(app, { method: "POST", url: "/api/challenges" });
  const challenge = response.json<{ seed: string; bits: number; parts: number }>();
  return { seed: challenge.seed, solution: solve(challenge) };
}

export function send(app: FastifyInstance, report: object): Promise<LightMyRequestResponse> {
  return ask(app, { method: "POST", url: "/api/reports", body: report });
}

/** A survivor whose report was accepted. */
export async function sendSurvivor(app: FastifyInstance, told: Partial<Told> = {}): Promise<Survivor> {
  const survivor = await prepareSurvivor(app, told);
  const response = await send(app, survivor.report);
  if (response.statusCode !== 200) throw new Error(`the report was not accepted: ${response.body}`);
  return survivor;
}

/** Her case as her code shows it. */
export async function readMyCase(app: FastifyInstance, { headers }: Pick<Survivor, "headers">): Promise<portal.MyCase> {
  const response = await ask(app, { url: "/api/my/case", headers });
  if (response.statusCode !== 200) throw new Error(`her case was not shown: ${response.body}`);
  return response.json<portal.MyCase>();
}
