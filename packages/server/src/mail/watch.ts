import type { ImapFlow } from "imapflow";
import type { Jikim } from "../jikim.ts";
import { eraseMails } from "./erased.ts";
import { openMailbox, type Reading, readMailbox } from "./mailbox.ts";
import { openMailReader } from "./read-mail.ts";
import type { MailboxSettings } from "./settings.ts";

type Say = Reading["say"];

/** Pauses before connecting anew, doubling. Ours. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** Reads the mailbox once, over a connection of its own. @throws when it cannot be reached. */
export async function readMailboxOnce(jikim: Jikim, say: Say = () => undefined): Promise<number> {
  const { inbox } = jikim.config.mail;
  if (inbox === null) return 0;
  const reader = openMailReader();
  const client = await openMailbox(jikim, inbox);
  try {
    const recorded = await readMailbox(jikim, { client, inbox, reader, say });
    await eraseMails(jikim, client, inbox);
    return recorded;
  } finally {
    client.close();
    await reader.close();
  }
}

/** Reads the mailbox of the configuration as mail comes, for good: told by IDLE, and looking by itself too. */
export function watchMailbox(jikim: Jikim, say: Say = () => undefined): { stop(): Promise<void> } {
  const { inbox } = jikim.config.mail;
  if (inbox === null) return { stop: async () => undefined };
  const bell = newBell();
  const watching = keepWatching(jikim, { inbox, bell, say });
  return {
    async stop() {
      bell.end();
      await watching;
    },
  };
}

type Watch = { readonly inbox: MailboxSettings; readonly bell: Bell; readonly say: Say };

async function keepWatching(jikim: Jikim, { inbox, bell, say }: Watch): Promise<void> {
  const reader = openMailReader();
  let pauseMs = FIRST_PAUSE_MS;
  while (!bell.ended()) {
    try {
      const client = await openMailbox(jikim, inbox);
      await follow(jikim, { client, inbox, reader, say }, bell).finally(() => client.close());
      pauseMs = FIRST_PAUSE_MS;
    } catch (error) {
      say({ level: "warn", mailbox: error instanceof Error ? error.name : typeof error });
    }
    await bell.wait(pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
  await reader.close();
}

async function follow(jikim: Jikim, reading: Reading, bell: Bell): Promise<void> {
  const { client, inbox } = reading;
  client.on("exists", bell.ring);
  client.on("close", bell.ring);
  while (!bell.ended() && isOpen(client)) {
    await readMailbox(jikim, reading);
    await eraseMails(jikim, client, inbox);
    await bell.wait(inbox.pollSeconds * 1000);
  }
}

/** Asked anew each time: a connection ends by itself. */
function isOpen(client: ImapFlow): boolean {
  return client.usable;
}

/** What somebody waits for who also has a time of his own. A ring that nobody waited for is heard by the next who waits. */
type Bell = {
  ring(): void;
  end(): void;
  ended(): boolean;
  wait(ms: number): Promise<void>;
};

function newBell(): Bell {
  let [rung, isOver] = [false, false];
  let wake: (() => void) | null = null;
  const ring = () => {
    rung = true;
    wake?.();
  };
  return {
    ring,
    end() {
      isOver = true;
      ring();
    },
    ended: () => isOver,
    async wait(ms) {
      if (!rung)
        await new Promise<void>((done) => {
          const timer = setTimeout(done, ms);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
      [rung, wake] = [false, null];
    },
  };
}
