import { randomUUID } from "node:crypto";
import type { PlaceAddress } from "@jikim/casework";
import type { Insertable } from "kysely";
import type { NamedBy, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { keyOfAddress, sealAddress } from "./sealed.ts";

/** Rows for places that a case does not have yet, numbered on from `firstNumber`. */
export function newPlaces(
  vault: Vault,
  addresses: readonly PlaceAddress[],
  as: { readonly caseId: string; readonly firstNumber: number; readonly namedBy: NamedBy },
): Insertable<Tables["place"]>[] {
  return addresses.map((address, at) => {
    const id = randomUUID();
    return {
      id,
      caseId: as.caseId,
      number: as.firstNumber + at,
      addressSealed: sealAddress(vault, id, address),
      addressKey: keyOfAddress(vault, address),
      namedBy: as.namedBy,
    };
  });
}
