import { reportAllToAws } from "../channels/aws.ts";
import { reportToCloudflare, traceAtCloudflare } from "../channels/cloudflare.ts";
import type { Jikim } from "../jikim.ts";
import { isUnderWay } from "../store/delivery.ts";
import { openWritten } from "../store/notice.ts";
import type { Found, Handed } from "./handed.ts";
import type { Parcel } from "./parcel.ts";

/** Nothing can be handed over until the operator has named the account again. */
const NO_ACCOUNT: Handed = { outcome: "not-taken", reference: null };
/** The notice was not written for this service. */
const NOT_FOR_IT: Handed = { outcome: "refused", reference: null };

/** Another try was begun, or this one was given up for lost: nothing was handed over by it. */
const OUTRUN: Handed = { outcome: "not-taken", reference: null };

export async function reportAtCloudflare({ db, config, vault }: Jikim, parcel: Parcel): Promise<Handed> {
  const { cloudflare } = config.channels;
  const report = openWritten(vault, parcel.row).cloudflare;
  if (report === null) return NOT_FOR_IT;
  if (cloudflare === null) return NO_ACCOUNT;
  if (!(await isUnderWay(db, parcel))) return OUTRUN;
  const { outcome, reference } = await reportToCloudflare(cloudflare, report);
  return { outcome, reference };
}

export async function lookAtCloudflare({ config, vault }: Jikim, { row, delivery }: Parcel): Promise<Found> {
  const { cloudflare } = config.channels;
  const url = openWritten(vault, row).cloudflare?.urls.split("\n")[0] ?? "";
  if (cloudflare === null || delivery.state !== "in-doubt" || !URL.canParse(url))
    return { evidence: "unavailable", reference: null };
  // The doubt arose when the try's time had run out: it was begun before.
  const since = row.approvedAt ?? delivery.since;
  return traceAtCloudflare(cloudflare, { noticeId: row.id, host: new URL(url).hostname, since });
}

export async function reportAtAws({ db, config, vault }: Jikim, parcel: Parcel): Promise<Handed> {
  const { aws } = config.channels;
  const requests = openWritten(vault, parcel.row).aws;
  if (requests.length === 0) return NOT_FOR_IT;
  if (aws === null) return NO_ACCOUNT;
  if (!(await isUnderWay(db, parcel))) return OUTRUN;
  const { outcome, reference } = await reportAllToAws(aws, requests);
  return { outcome, reference };
}
