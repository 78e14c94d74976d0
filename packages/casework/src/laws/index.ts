import { AUSTRALIA } from "./au.ts";
import { EUROPEAN_UNION } from "./eu.ts";
import { UNITED_KINGDOM } from "./gb.ts";
import { KOREA } from "./kr.ts";
import type { Jurisdiction, LawTable } from "./law.ts";
import { CANADA, JAPAN, TAIWAN } from "./others.ts";
import { UNITED_STATES } from "./us.ts";

/** Every law table there is, by jurisdiction. */
export const LAWS: Readonly<Record<Jurisdiction, LawTable>> = {
  kr: KOREA,
  us: UNITED_STATES,
  eu: EUROPEAN_UNION,
  gb: UNITED_KINGDOM,
  au: AUSTRALIA,
  jp: JAPAN,
  tw: TAIWAN,
  ca: CANADA,
};
