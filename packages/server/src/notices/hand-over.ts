import type { Channel } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { handMailOver, lookForMail } from "./by-mail.ts";
import { lookAtCloudflare, reportAtAws, reportAtCloudflare } from "./by-service.ts";
import type { Found, Handed } from "./handed.ts";
import type { Parcel } from "./parcel.ts";

/** One way to somebody outside. Neither function throws for trouble out there: that is an outcome. */
export type Way = {
  handOver(jikim: Jikim, parcel: Parcel): Promise<Handed>;
  /** Looks for what the last try left behind. */
  lookFor(jikim: Jikim, parcel: Parcel): Promise<Found>;
};

const nobody: Way = {
  handOver: async () => ({ outcome: "refused", reference: null }),
  lookFor: async () => ({ evidence: "unavailable", reference: null }),
};

const WAYS: Readonly<Record<Channel, Way>> = {
  // The feed is our own table, and a form is filled in by a person: neither is handed over by a process.
  api: nobody,
  form: nobody,
  mail: { handOver: handMailOver, lookFor: lookForMail },
  cloudflare: { handOver: reportAtCloudflare, lookFor: lookAtCloudflare },
  // A token that comes again is the same report, so there is nothing to look for.
  aws: { handOver: reportAtAws, lookFor: nobody.lookFor },
};

export function wayOf(channel: Channel): Way {
  return WAYS[channel];
}
