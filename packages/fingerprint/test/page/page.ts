const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const input = document.querySelector("input");

/** Hands the chosen file to the worker; the answer is JSON. */
function answer(): Promise<string> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(String(data));
    worker.onerror = ({ message }) => resolve(JSON.stringify({ crash: message }));
    worker.postMessage(input?.files?.[0]);
  });
}
Object.assign(globalThis, { answer });
