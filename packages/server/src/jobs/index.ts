import { z } from "zod";
import { capturePage } from "../captures/capture.ts";
import { sweepFolders } from "../captures/folder.ts";
import { lookAt, type Means } from "../checks/look.ts";
import { climb } from "../escalation/climb.ts";
import type { Say } from "../http/log.ts";
import type { Jikim } from "../jikim.ts";
import { prepareDrafts } from "../notices/prepare.ts";
import { sendNotice } from "../notices/send.ts";
import { tellUnit } from "../packs/tell.ts";
import { lookUpHost } from "../places/find.ts";
import { stampSeal } from "../timestamps/stamp.ts";
import { lookAtPage } from "../watch/look-page.ts";
import { sweepSource } from "../watch/sweep-source.ts";
import { createQueues, QUEUES, type Queue } from "./queue.ts";
import { SweepFailed, sweep } from "./sweep.ts";
import { tellSafeContact } from "./tell.ts";

const noticeSchema = z.object({ noticeId: z.uuid() });
const placeSchema = z.object({ placeId: z.uuid(), asked: z.boolean() });
const lookupSchema = z.object({ lookupId: z.uuid() });
const sourceSchema = z.object({ sourceId: z.uuid() });
const pageSchema = z.object({ sourceId: z.uuid(), page: z.string().regex(/^[0-9a-f]{64}$/) });
const referralSchema = z.object({ referralId: z.uuid() });
const captureSchema = z.object({ captureId: z.uuid() });
const packSchema = z.object({ packId: z.uuid() });
const caseSchema = z.object({ caseId: z.uuid() });

/** Seconds between two looks into a queue, for jobs whose time comes later; a notification brings one that is due at once. */
const POLL_SECONDS = 2;

/** A job that failed and runs again. What went wrong may quote what it worked on, so only its kind is kept. */
class JobFailed extends Error {
  override readonly name = "JobFailed";
}

/** Does one job. Jobs only call the others: notices, checks, mail. @param means  how names are looked up and pages are read; the simulation gives its own. */
export async function doJob(jikim: Jikim, queue: Queue, data: unknown, means: Means = {}): Promise<void> {
  switch (queue) {
    case "send-notice":
      return sendNotice(jikim, noticeSchema.parse(data).noticeId);
    case "climb-ladders":
      return climb(jikim, caseSchema.parse(data).caseId);
    case "draft-notices":
      return prepareDrafts(jikim, caseSchema.parse(data).caseId);
    case "check-place":
      return lookAt(jikim, placeSchema.parse(data), means);
    case "tell-safe-contact":
      return tellSafeContact(jikim, caseSchema.parse(data).caseId);
    case "find-host":
      return lookUpHost(jikim, lookupSchema.parse(data).lookupId, means.resolve);
    case "watch-source":
      return sweepSource(jikim, sourceSchema.parse(data).sourceId);
    case "watch-page": {
      const { sourceId, page } = pageSchema.parse(data);
      return lookAtPage(jikim, { sourceId, pageKey: Buffer.from(page, "hex") });
    }
    case "capture-page":
      return capturePage(jikim, captureSchema.parse(data).captureId);
    case "stamp-seal":
      return stampSeal(jikim, packSchema.parse(data).packId);
    case "tell-unit":
      return tellUnit(jikim, referralSchema.parse(data).referralId);
    case "sweep":
      return sweep(jikim);
  }
}

/** Starts the workers. @param say  takes the lines of the log. */
export async function registerJobs(jikim: Jikim, say: Say = () => undefined): Promise<void> {
  await sweepFolders();
  await createQueues(jikim.jobs);
  for (const queue of QUEUES) await startWork(jikim, { queue, act: (data) => doJob(jikim, queue, data), say });
  await jikim.jobs.schedule("sweep", "* * * * *");
  await jikim.jobs.send("sweep", {});
}

/** Jobs of one process that run at once, for each queue: mail and pages of others are mostly waited for. */
const AT_ONCE = 3;

type Work = { readonly queue: Queue; readonly act: (data: unknown) => Promise<void>; readonly say: Say };

async function startWork(jikim: Jikim, { queue, act, say }: Work): Promise<void> {
  const options = {
    pollingIntervalSeconds: POLL_SECONDS,
    notifyPollingIntervalSeconds: POLL_SECONDS,
    localConcurrency: queue === "sweep" || queue === "capture-page" ? 1 : AT_ONCE,
  };
  await jikim.jobs.work(queue, options, async (jobs) => {
    for (const { data } of jobs)
      await act(data).catch((error: unknown) => {
        const kind = error instanceof SweepFailed ? error.message : error instanceof Error ? error.name : typeof error;
        say({ level: "error", job: queue, error: kind });
        throw new JobFailed(kind);
      });
  });
}
