import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { FileBounds, FileFingerprints } from "./file-fingerprints.ts";
import type { FileType } from "./file-header.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { fingerprint, type Pixels } from "./pdq.ts";
import { readPpmFrames } from "./ppm.ts";
import { FingerprintRefusal } from "./refusal.ts";
import { fingerprintsOfVideo } from "./video.ts";

/** ffmpeg's name of the demuxer for each container: no other is tried, so no playlist can name other files. */
const DEMUXERS: Partial<Record<FileType, string>> = {
  mp4: "mov",
  matroska: "matroska",
  avi: "avi",
  mpegts: "mpegts",
  flv: "flv",
  ogg: "ogg",
};

/** One frame a second, and the first frame of each new scene. */
const SELECT = "select='isnan(prev_selected_t)+gte(t-prev_selected_t,1)+gt(scene,0.3)'";

const FRAME_MINUTES = 20;

/** Serves bytes in memory to ffmpeg, which must be able to seek in them, under a path nobody can guess. */
async function serveBytes(bytes: Uint8Array): Promise<{ url: string; close: () => void }> {
  const path = `/${randomUUID()}`;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== path) return void response.writeHead(404).end();
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const from = Number(range?.[1] ?? 0);
    const to = Math.min(range?.[2] ? Number(range[2]) : bytes.length - 1, bytes.length - 1);
    if (from >= bytes.length) return void response.writeHead(416).end();
    const headers = { "accept-ranges": "bytes", "content-length": to - from + 1 };
    if (range === null) response.writeHead(200, headers);
    else response.writeHead(206, { ...headers, "content-range": `bytes ${from}-${to}/${bytes.length}` });
    response.end(bytes.subarray(from, to + 1));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}${path}`, close };
}

function ffmpegArguments(input: string, type: FileType, bounds: FileBounds): string[] {
  const format = DEMUXERS[type];
  if (format === undefined) throw new FingerprintRefusal("NOT_SUPPORTED");
  const protocols = input.startsWith("http:") ? "http,tcp" : "file";
  return [
    ["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", protocols],
    ["-max_pixels", String(bounds.pixels), "-f", format, "-i", input, "-map", "0:v:0", "-an", "-sn", "-dn"],
    ["-t", String(bounds.seconds), "-vf", `${SELECT},metadata=mode=print:file=pipe\\\\:3:direct=1`],
    ["-fps_mode", "passthrough", "-pix_fmt", "rgb24", "-c:v", "ppm", "-f", "image2pipe", "pipe:1"],
  ].flat();
}

/** Reads the times of the frames as ffmpeg's metadata filter prints them: `frame:0 pts:0 pts_time:0.04`. */
function readTimes(from: Readable): number[] {
  const times: number[] = [];
  let rest = "";
  from.setEncoding("latin1").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const time = /pts_time:([\d.]+)/.exec(line)?.[1];
      if (time !== undefined) times.push(Number(time));
    }
  });
  return times;
}

async function framesOf(input: string, type: FileType, bounds: FileBounds) {
  const signal = AbortSignal.timeout(FRAME_MINUTES * 60_000);
  const child = spawn("ffmpeg", ffmpegArguments(input, type, bounds), {
    stdio: ["ignore", "pipe", "ignore", "pipe"],
    signal,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  ended.catch(() => undefined);
  const [, pictures, , metadata] = child.stdio;
  if (pictures === null || !(metadata instanceof Readable)) throw new Error("ffmpeg has no output");
  const times = readTimes(metadata);
  const hashes: { value: string; quality: number }[] = [];
  let size = { width: 0, height: 0 };
  try {
    for await (const frame of readPpmFrames(pictures, bounds.pixels)) {
      hashes.push(hashOf(frame));
      size = { width: frame.width, height: frame.height };
    }
  } finally {
    child.kill("SIGKILL");
  }
  await ended;
  return {
    frames: hashes.map((hash, at): Fingerprint => ({ kind: "vpdq-frame", ...hash, at: times[at] ?? at })),
    size,
  };
}

function hashOf(frame: Pixels): { value: string; quality: number } {
  const { pdq, quality } = fingerprint(frame);
  return { value: pdq, quality };
}

/**
 * Fingerprints a video through ffmpeg: frames come as a stream, one at a time.
 *
 * @throws {FingerprintRefusal} `NO_FRAMES` when nothing could be read, `TOO_LARGE`, `TOO_SMALL`.
 * @throws {Error} when ffmpeg is not installed.
 */
export async function fingerprintFilm(
  film: Uint8Array | string,
  type: FileType,
  bounds: FileBounds,
): Promise<FileFingerprints> {
  const served = typeof film === "string" ? null : await serveBytes(film);
  try {
    const input = served?.url ?? `file:${film}`;
    const { frames, size } = await framesOf(input, type, bounds);
    if (frames.length === 0) throw new FingerprintRefusal("NO_FRAMES");
    return fingerprintsOfVideo(frames, size);
  } finally {
    served?.close();
  }
}
