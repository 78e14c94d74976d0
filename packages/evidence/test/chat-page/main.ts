import { ChatRefusal, findUnproved, openChatInWorker, readChatInWorker } from "../../src/chat.ts";

/** What the test asks of the page. */
declare global {
  interface Window {
    readMade: (bytes: number) => Promise<{ messages: number; seen: number; size: number; turns: number; last: string }>;
    readWrong: () => Promise<string>;
    chooseFrom: (bytes: number) => Promise<{
      texts: string[];
      found: number;
      shown: number;
      all: number;
      unproved: number | null;
      again: boolean;
    }>;
  }
}

const startWorker = () => new Worker(new URL("../../src/chat/worker.ts", import.meta.url), { type: "module" });

/** Invented lines until there are so many bytes. */
function make(bytes: number): Blob {
  const head =
    "지어낸 방 님과 카카오톡 대화\n저장한 날짜 : 2024-03-02 09:00:00\n\n--------------- 2024년 3월 1일 금요일 ---------------\n";
  const lines =
    "[가나] [오후 9:00] 지어낸 말 하나, 아무 뜻도 없이 조금 길게 쓴 말\n둘째 줄\n[다라] [오후 9:00] 그렇구나\n".repeat(
      400,
    );
  const size = new Blob([lines]).size;
  return new Blob([head, ...Array.from({ length: Math.ceil(bytes / size) }, () => lines)]);
}

window.readMade = async (bytes) => {
  const file = make(bytes);
  let [seen, turns, last] = [0, 0, ""];
  // Turns of the page's own thread while the worker reads: were it busy itself, there would be none.
  const timer = setInterval(() => turns++, 1);
  const { messages } = await readChatInWorker(startWorker(), file, (more) => {
    seen += more.length;
    last = more.at(-1)?.text ?? "";
  });
  clearInterval(timer);
  return { messages, seen, size: file.size, turns, last };
};

window.readWrong = () =>
  readChatInWorker(startWorker(), new Blob(["just some words"]), () => undefined).then(
    () => "read",
    (error: unknown) => (error instanceof ChatRefusal ? error.reason.code : "failed"),
  );

window.chooseFrom = async (bytes) => {
  const chat = await openChatInWorker(startWorker(), make(bytes));
  const last = chat.file.messages - 1;
  const [rows, { places }] = await Promise.all([chat.rows(last, 5), chat.find({ words: "지어낸", sender: "가나" })]);
  const first = await chat.show([...places.slice(0, 3), last]);
  const again = await chat.show([last], first.secret);
  chat.close();
  return {
    texts: rows.map(({ text }) => text),
    found: places.length,
    shown: first.part.shown.length,
    all: first.part.commitment.size,
    unproved: findUnproved(first.part)?.length ?? null,
    again: again.part.commitment.root === first.part.commitment.root,
  };
};
