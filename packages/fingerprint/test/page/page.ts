const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const input = document.querySelector("input");

/** Hands the chosen file to the worker. */
function ask(): Promise<unknown> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve({ crash: message });
    worker.postMessage(input?.files?.[0]);
  });
}
Object.assign(globalThis, { ask });
