import { PLAIN_REQUEST } from "@jikim/casework";
import { m } from "../../paraglide/messages.js";
import type { Language } from "../../shared/languages.ts";
import type { Laws } from "../engine.ts";

/** Grounds that a standing approval can name, with the plain request last. */
export function groundsOf(
  { tables }: Laws,
  language: Language,
): readonly { readonly id: string; readonly name: string }[] {
  const grounds = tables.flatMap(({ laws }) =>
    laws.flatMap((law) => (law.kind === "ground" ? [{ id: law.id, name: `${law.law[language]} ${law.article}` }] : [])),
  );
  return [...grounds, { id: PLAIN_REQUEST, name: m.desk_policies_plain() }];
}
