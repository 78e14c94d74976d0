import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";

/** A picture of generated shapes; another one for each number. */
async function shapes(number: number, format: "png" | "jpeg"): Promise<Buffer> {
  const circle = (at: number) =>
    `<circle cx="${(at * 71 + number * 37) % 240}" cy="${(at * 53 + number * 91) % 180}" r="${8 + ((at * 13 + number) % 40)}" fill="hsl(${(at * 47 + number * 29) % 360} 90% 50%)"/>`;
  const circles = Array.from({ length: 30 }, (_, at) => circle(at)).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="180"><rect width="240" height="180" fill="#123"/>${circles}</svg>`;
  return sharp(Buffer.from(svg)).toFormat(format).toBuffer();
}

/** Each trick's own picture, so that a leak names the trick. */
export async function plant() {
  const names = [
    ...["plain", "data", "blob", "disguised", "frame", "worker", "websocket", "mse", "events", "json", "css", "canvas"],
    ...[
      "numbers",
      "escapes",
      "hex",
      "lines",
      "latin1",
      "background",
      "link",
      "srcdoc",
      "shadow",
      "gzip",
      "sent",
      "cookie",
    ],
  ] as const;
  const entries = await Promise.all(
    names.map(async (name, at) => [name, await shapes(at + 1, at % 2 === 0 ? "png" : "jpeg")] as const),
  );
  return Object.fromEntries(entries) as Readonly<Record<(typeof names)[number], Buffer>>;
}
export type Planted = Awaited<ReturnType<typeof plant>>;

type Page = { readonly type: string; readonly body: string | Buffer; readonly headers?: Record<string, string> };

export const PAGE_SECRET = "authorised-5be2c8f104";

const html = (body: string): Page => ({
  type: "text/html; charset=utf-8",
  body: `<!doctype html><title>방</title>${body}`,
});
const base64 = (bytes: Buffer) => bytes.toString("base64");

const showBlob = (bytes: string) =>
  `{ const i = new Image(); i.src = URL.createObjectURL(new Blob([${bytes}])); document.body.append(i); }`;

/** Secrets of a session: what the centre brings, what the site makes of it, and what a page sends. */
export const SECRETS = { brought: "brought-7f3a9c51e2", made: "made-90d1b7ac33" } as const;

/** Bytes that a page puts together by itself and has saved, in the pieces that stand in its script. */
const SAVED = ["put-together-", "by-the-page;"] as const;

function front(planted: Planted, other: string): Page {
  const xor = base64(planted.canvas.map((byte) => byte ^ 0x5a) as Buffer);
  const numbers = [...planted.numbers].join(",");
  const escapes = [...planted.escapes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  const lines = base64(planted.lines).replace(/.{76}/g, '$&"+\n"');
  return html(`<h1>안녕 hello room</h1><p id=said>kept words 보관된 말</p>
<link rel=stylesheet href=/style.css>
<img src=/plain.png><img src="data:image/png;base64,${base64(planted.data)}">
<img src=/disguised.bin><div style="width:200px;height:90px;background:url(/background.jpg)"></div>
<iframe src="${other}/frame"></iframe>
<iframe srcdoc="<img src='data:image/png;base64,${base64(planted.srcdoc)}'>"></iframe>
<div><template shadowrootmode=closed><img src="data:image/jpeg;base64,${base64(planted.shadow)}"></template></div>
<canvas id=c width=240 height=180></canvas><video src=/film.mp4></video>
<a href="data:image/png;base64,${base64(planted.link)}">link</a>
<script>
const un64 = (t) => Uint8Array.from(atob(t), (c) => c.charCodeAt(0));
fetch("/blob.bin").then((r) => r.arrayBuffer()).then((b) => ${showBlob("b")});
fetch("/latin1.txt").then((r) => r.arrayBuffer()).then((b) => ${showBlob("b")});
fetch("/gzip.txt").then((r) => r.arrayBuffer()).then((b) => ${showBlob("b")});
fetch("/room.json").then((r) => r.json()).then((j) => { for (const p of [un64(j.photo), un64(j.hex)]) ${showBlob("p")} });
try { ${showBlob(`new Uint8Array([${numbers}])`)} } catch {}
</script><script>
try { const t = "${escapes}"; ${showBlob("Uint8Array.from(t, (c) => c.charCodeAt(0))")} } catch {}
</script><script>
try { const t = "${lines}"; ${showBlob("un64(t)")} } catch {}
</script><script>
try { createImageBitmap(new Blob([un64("${xor}").map((x) => x ^ 0x5a)])).then((b) => c.getContext("2d").drawImage(b, 0, 0)); } catch {}
try { new WebSocket("ws://" + location.host + "/socket"); new EventSource("/events"); } catch {}
try { new RTCPeerConnection({ iceServers: [{ urls: "stun:" + location.host }] }).createDataChannel("x"); } catch {}
try { navigator.serviceWorker.register("/worker.js"); new Worker("/dedicated.js"); } catch {}
try { const m = new MediaSource(); document.querySelector("video").src = URL.createObjectURL(m);
  m.onsourceopen = () => fetch("/mse.m4s").then((r) => r.arrayBuffer()).then((b) => m.addSourceBuffer("video/mp4").appendBuffer(b)); } catch {}
const g = document.querySelector("#c").getContext("2d"); g.fillStyle = "red"; g.fillRect(0, 0, 240, 180);
setTimeout(() => c.toBlob((b) => fetch("/upload", { method: "POST", body: b })), 300);
fetch("/mine", { headers: { authorization: "Bearer ${PAGE_SECRET}" } });
const a = document.createElement("a"); a.download = "saved.bin";
a.href = URL.createObjectURL(new Blob(["${SAVED[0]}", "${SAVED[1]}"].map((part, at, all) => all.join("").repeat(4000))));
a.click();
fetch("/echo?sent=" + encodeURIComponent("${base64(planted.sent).slice(0, 6000)}"));
document.body.insertAdjacentHTML("beforeend", "<p>written by a script</p>");
</script>`);
}

function answerOf(path: string, planted: Planted, other: string): Page | null {
  const octets = (body: Buffer): Page => ({ type: "application/octet-stream", body });
  const pages: Record<string, () => Page> = {
    "/": () => ({ ...front(planted, other), headers: { "set-cookie": `p=${base64(planted.cookie).slice(0, 3500)}` } }),
    "/start": () => ({ type: "text/plain", body: "", headers: { location: "/" } }),
    "/plain.png": () => ({ type: "image/png", body: planted.plain }),
    "/background.jpg": () => ({ type: "image/jpeg", body: planted.background }),
    "/disguised.bin": () => octets(planted.disguised),
    "/blob.bin": () => octets(planted.blob),
    "/mse.m4s": () => octets(planted.mse),
    "/latin1.txt": () => ({ type: "text/plain; charset=iso-8859-1", body: planted.latin1 }),
    "/gzip.txt": () => ({ type: "text/plain", body: planted.gzip }),
    "/frame": () =>
      html(
        `<p>words in the frame</p><img src=/frame.png><img src="${other.replace("localhost", "127.0.0.1")}/act.png">`,
      ),
    "/frame.png": () => ({ type: "image/png", body: planted.frame }),
    "/room.json": () => ({
      type: "application/json",
      body: JSON.stringify({ message: "room words", photo: base64(planted.json), hex: planted.hex.toString("hex") }),
    }),
    "/style.css": () => ({
      type: "text/css",
      body: `h1{background:url(data:image/png;base64,${base64(planted.css)})}`,
    }),
    "/worker.js": () => ({ type: "text/javascript", body: "self.onfetch = () => {};" }),
    "/dedicated.js": () => ({ type: "text/javascript", body: 'fetch("/worker.png").then((r) => r.blob());' }),
    "/worker.png": () => ({ type: "image/png", body: planted.worker }),
    "/echo": () => ({ type: "text/plain", body: "heard" }),
  };
  return pages[path]?.() ?? null;
}

/** A site that tries to have its pictures kept; it listens on this machine only. */
export async function openHostileSite(planted: Planted) {
  const asked: string[] = [];
  const cookies = new Map<string, string>();
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "http://site/");
    asked.push(pathname);
    request.resume();
    cookies.set(`${request.headers.host?.split(":")[0]}${pathname}`, request.headers.cookie ?? "");
    if (pathname === "/mine") {
      // As some sites do: the session's key stands in what they send, and a new one comes with it.
      const said = { you: request.headers.cookie ?? "", next: SECRETS.made, words: "words for who is let in" };
      response.writeHead(200, { "content-type": "application/json", "set-cookie": `next=${SECRETS.made}; HttpOnly` });
      return response.end(JSON.stringify(said));
    }
    const found = answerOf(pathname, planted, `http://localhost:${port}`);
    if (pathname === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      return response.write(`data: ${base64(planted.events)}\n\n`);
    }
    if (found === null) return response.writeHead(404).end();
    const status = found.headers?.location === undefined ? 200 : 302;
    return response.writeHead(status, { "content-type": found.type, ...found.headers }).end(found.body);
  };
  const server = createServer(handle);
  server.on("upgrade", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url: `http://127.0.0.1:${port}`, asked, cookies, close };
}
