import { shortName } from "@jikim/fingerprint";
import type { Centre, Entry, Match } from "@jikim/sdk";
import type { Post } from "./board.ts";
import type { Linked } from "./following.ts";
import { type Html, html, nothing } from "./html.ts";
import { type Language, TEXTS, type Texts } from "./text.ts";

function page(language: Language, title: string, body: Html): string {
  const t = TEXTS[language];
  const whole = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === t.board ? title : `${title} · ${t.board}`}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a class="name" href="/"><img src="/icon.svg" alt="" width="32" height="32">${t.board}</a><p>${t.tagline}</p></header>
<main>${body}</main>
</body>
</html>
`;
  return whole.markup;
}

/** The board: upload form and what is shown. */
export function boardPage(language: Language, posts: readonly Post[], linked: Linked): string {
  const t = TEXTS[language];
  const shown = posts.filter((post) => post.state.kind === "shown");
  const cards = shown.map(
    (post) =>
      html`<li><a href="/p/${post.id}"><img src="/media/${post.id}" alt="" loading="lazy"><span>${post.title || post.id}</span></a></li>`,
  );
  return page(
    language,
    t.board,
    html`${listState(t, linked)}
<h1>${t.board}</h1>
<form class="upload" method="post" action="/upload" enctype="multipart/form-data">
<label>${t.title}<input name="title" maxlength="80" autocomplete="off"></label>
<label>${t.address}<input name="address" maxlength="40" pattern="[a-z0-9-]*" title="${t.addressHint}" autocomplete="off" spellcheck="false"></label>
<label>${t.picture}<input type="file" name="picture" accept="image/*" required aria-describedby="hint"></label>
<p id="hint" class="hint">${t.pictureHint}</p>
<button>${t.upload}</button>
</form>
${cards.length === 0 ? html`<p>${t.empty}</p>` : html`<ul class="board">${cards}</ul>`}`,
  );
}

function listState(t: Texts, linked: Linked): Html {
  if (linked === "unlinked") return html`<p class="state off">${t.unlinked}</p>`;
  const { number, stale } = linked === "starting" ? { number: null, stale: true } : linked.status();
  if (number === null) return html`<p class="state off">${t.notReady}</p>`;
  return stale ? html`<p class="state off">${t.stale}</p>` : html`<p class="state on">${t.linked}</p>`;
}

export function postPage(language: Language, post: Post): string {
  const t = TEXTS[language];
  const title = post.title || post.id;
  const day = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "Asia/Seoul" }).format(
    new Date(post.at),
  );
  return page(
    language,
    title,
    html`<article><h1>${title}</h1><img class="whole" src="/media/${post.id}" alt="${title}">
<p class="hint">${t.posted} <time datetime="${post.at}">${day}</time></p></article><p><a href="/">${t.back}</a></p>`,
  );
}

export type Message = { readonly title: keyof Texts; readonly text: keyof Texts; readonly appeal?: true };

export function messagePage(language: Language, { title, text, appeal }: Message): string {
  const t = TEXTS[language];
  const hint = appeal ? html`<p>${t.appeal}</p>` : nothing;
  return page(language, t[title], html`<h1>${t[title]}</h1><p>${t[text]}</p>${hint}<p><a href="/">${t.back}</a></p>`);
}

export function blockedMessage(basis: Entry["basis"]): Message {
  const text = basis === "police" ? "blockedPolice" : basis === "court" ? "blockedCourt" : "blockedReview";
  return { title: "blockedTitle", text, appeal: true };
}

export function signInPage(language: Language, wasWrong: boolean): string {
  const t = TEXTS[language];
  const wrong = wasWrong ? html`<p class="state off" role="alert">${t.wrongToken}</p>` : nothing;
  return page(
    language,
    t.reviewTitle,
    html`<h1>${t.reviewTitle}</h1>${wrong}<form method="post" action="/review/sign-in">
<label>${t.reviewSignIn}<input type="password" name="token" autocomplete="current-password" required></label>
<button>${t.signIn}</button></form>`,
  );
}

/** What waits for a person: numbers and short names, never a picture. */
export function reviewPage(language: Language, posts: readonly Post[], centre: Centre | null): string {
  const t = TEXTS[language];
  const held = posts.filter((post) => post.state.kind === "held");
  const rows = held.map((post) => html`<li>${reviewCard(t, post, centre)}</li>`);
  const list = rows.length === 0 ? html`<p>${t.reviewEmpty}</p>` : html`<ol class="review">${rows}</ol>`;
  return page(language, t.reviewTitle, html`<h1>${t.reviewTitle}</h1><p>${t.reviewIntro}</p>${list}`);
}

function reviewCard(t: Texts, post: Post, centre: Centre | null): Html {
  const matches = post.state.kind === "held" ? post.state.matches : [];
  const name = shortName(post.uploaded[0]?.pdq ?? "");
  return html`<h2>${t.post} ${post.id}</h2><p>${t.fingerprint}: <code>${name}</code></p>
${matches.map((match) => matchFacts(t, match, centre?.entry(match.entryId) ?? null))}
<form method="post" action="/review/${post.id}">
<button name="decision" value="release">${t.release}</button><button class="refuse" name="decision" value="refuse">${t.refuse}</button>
</form>`;
}

function matchFacts(t: Texts, match: Match, entry: Entry | null): Html {
  const first = entry?.fingerprints[0];
  const basis = entry?.basis ?? match.basis;
  const notes = [...(entry === null ? [t.gone] : []), ...(entry?.disputed ? [t.disputed] : [])].join(", ");
  return html`<dl><dt>${t.entry}</dt><dd><code>${first === undefined ? match.entryId.slice(0, 8) : shortName(first.value)}</code> ${notes}</dd>
<dt>${t.basis}</dt><dd>${t[basis]}</dd><dt>${t.apart}</dt><dd>${match.bitsApart} ${t.bits}</dd>
<dt>${t.edit}</dt><dd>${match.edits.length === 0 ? t.same : match.edits.map((edit) => t[edit]).join(", ")}</dd></dl>`;
}
