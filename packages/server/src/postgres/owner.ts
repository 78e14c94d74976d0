import { unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { PostgresTrouble } from "./trouble.ts";

/** Proof that this process owns the cluster; the system takes it away with the process, even after kill -9. */
export interface Ownership {
  release(): Promise<void>;
}

/**
 * Claims the cluster whose sockets are in the folder.
 *
 * @throws {PostgresTrouble} `in-use` while another live Jikim owns it.
 */
export async function claimCluster(sockets: string): Promise<Ownership> {
  const path = join(sockets, "owner");
  await refuseWhileOwned(sockets);
  await unlink(path).catch(() => undefined);
  const server = await listenAt(path);
  server.unref();
  return { release: () => new Promise((done) => server.close(() => done())) };
}

/** @throws {PostgresTrouble} `in-use` while a live Jikim answers in the folder. */
export async function refuseWhileOwned(sockets: string): Promise<void> {
  if (!(await answers(join(sockets, "owner")))) return;
  throw new PostgresTrouble("in-use", "Jikim already runs on this data folder. Stop it first, or set JIKIM_DATA.");
}

function listenAt(path: string): Promise<Server> {
  return new Promise((listening, failed) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      const trouble = new PostgresTrouble("in-use", "Another Jikim is starting on this data folder.");
      failed(error.code === "EADDRINUSE" ? trouble : error);
    });
    server.listen(path, () => listening(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      answer(true);
    });
    socket.once("error", () => answer(false));
  });
}
