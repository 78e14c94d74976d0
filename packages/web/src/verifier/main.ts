import { type NoteKey, readKey } from "@jikim/casework";
import { sayFinding, sayTold, type Trust, type Verdict, verifyPack } from "@jikim/evidence/pack";
import { sha256 } from "@noble/hashes/sha2.js";
import { Temporal as Later } from "temporal-polyfill";
import { type Language, WORDS } from "./words.ts";

// A page that is one file: no framework, no network, nothing kept.

if (!("Temporal" in globalThis)) Object.assign(globalThis, { Temporal: Later });

let language: Language = navigator.language.startsWith("ko") ? "ko" : "en";
let last: Verdict | null = null;

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(id);
  return found;
}

const form = element("form", HTMLFormElement);
const said = element("said", HTMLDivElement);
const input = (id: string) => element(id, HTMLInputElement);
const word = (name: keyof (typeof WORDS)["ko"]) => WORDS[language][name];

function showWords(): void {
  document.documentElement.lang = language;
  document.title = word("title");
  for (const each of document.querySelectorAll<HTMLElement>("[data-word]"))
    each.textContent = word(each.dataset.word as keyof (typeof WORDS)["ko"]);
  element("language", HTMLButtonElement).textContent = word("language");
  if (last !== null) show(last);
}

function line(text: string, look = ""): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.className = look;
  paragraph.textContent = text;
  return paragraph;
}

/** Says something and takes the reader there. */
function say(...content: HTMLElement[]): void {
  said.replaceChildren(...content);
  said.focus();
}

function show({ holds, findings, manifest, told }: Verdict): void {
  const outcome = holds ? "holds" : findings.some(({ state }) => state === "fails") ? "fails" : "unchecked";
  const list = document.createElement("ul");
  for (const finding of findings) {
    const item = document.createElement("li");
    item.className = finding.state;
    item.textContent = sayFinding(finding, language);
    list.append(item);
  }
  const facts =
    manifest === null
      ? []
      : [line(`${word("exhibit")}: ${manifest.exhibit} · ${word("sealed")}: ${manifest.sealedAt}`)];
  const says = told.map((each) => line(sayTold(each, language), "told"));
  say(line(word(outcome), `verdict ${outcome}`), ...facts, ...says, list);
}

function witnessesIn(text: string): NoteKey[] | null {
  const lines = text.split("\n").filter((each) => each.trim() !== "");
  const keys = lines.map((each) => readKey(sha256, each));
  return keys.every((key) => key?.signer === "witness") ? keys.filter((key) => key !== null) : null;
}

/** What the reader trusts, or the word for what is wrong with it. */
async function trusted(): Promise<Trust | "badRoot" | "badWitness"> {
  const root = input("root").value.replace(/\s/g, "").toLowerCase();
  if (root !== "" && !/^[0-9a-f]{64}$/.test(root)) return "badRoot";
  const witnesses = witnessesIn(element("witnesses", HTMLTextAreaElement).value);
  if (witnesses === null) return "badWitness";
  const authorities = await Promise.all([...(input("authorities").files ?? [])].map((file) => file.text()));
  return { root: root === "" ? null : root, authorities, witnesses, now: Temporal.Now.instant() };
}

async function check(): Promise<void> {
  const [pack] = input("pack").files ?? [];
  const identity = input("identity").value.trim();
  last = null;
  if (pack === undefined || identity === "") return say(line(word("need"), "fails"));
  const trust = await trusted();
  if (typeof trust === "string") return say(line(word(trust), "fails"));
  say(line(word("checking")));
  last = await verifyPack(pack.stream(), identity, trust);
  show(last);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void check();
});
element("language", HTMLButtonElement).addEventListener("click", () => {
  language = language === "ko" ? "en" : "ko";
  showWords();
});
showWords();
