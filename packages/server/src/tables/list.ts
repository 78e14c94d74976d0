import type { Basis } from "@jikim/casework";
import type { Generated } from "kysely";
import type { Bytes, MaybeMoment, Moment } from "./column.ts";

/** The signed list that platforms hold. */
export type ListTables = {
  entry: {
    id: string;
    caseId: string;
    itemId: string;
    basis: Basis;
    referenceSealed: Bytes | null;
    disputed: Generated<boolean>;
    state: "active" | "withdrawn";
    since: Moment;
    withdrawnAt: MaybeMoment;
  };
  listChange: {
    number: number;
    entryId: string;
    kind: "put" | "withdraw";
    payloadSealed: Bytes;
    signature: string;
    digest: Bytes;
    inForce: boolean;
    changedAt: Moment;
  };
  listHead: { id: number; number: number; digest: Bytes; active: number; sum: Bytes };
};
