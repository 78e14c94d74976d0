import type { ChatFormat } from "../src/chat.ts";

/** An invented conversation of any length, as clients write it: two people, a few to a dozen words a turn, a link or a picture now and then. */

type Turn = {
  readonly at: Date;
  readonly who: 0 | 1;
  readonly text: string;
  readonly number: number;
  readonly newDay: boolean;
};

const WORDS = (
  "오늘 저녁에 만날까 그래서 어제 그 사람이 정말 이상하게 말했는데 나는 그냥 웃고 넘어갔어 ㅋㅋㅋ 진짜 고마워 알겠어 조금 있다가 " +
  "전화할게 내일 학교에서 보자 그건 보내지 마 제발 다음 주까지 시험이라 바빠 우산 챙겼어 늦으면 먼저 먹어"
).split(" ");
const NAMES = ["가상 하나", "지어낸 둘"] as const;
const [MINUTE, DAY] = [60_000, 86_400_000];
const START = Date.UTC(2020, 0, 1, 9);
/** After so many days the calendar begins again, so that every year is one that a chat can have. */
const DAYS = 2000;

/** The same conversation every time. */
function* turns(): Generator<Turn> {
  let state = 7;
  const below = (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % most;
  };
  let [sinceNine, days, newDay] = [0, 0, true];
  for (let number = 1; ; number++) {
    sinceNine += below(4) === 0 ? below(60) : below(2);
    if (sinceNine > 14 * 60) [sinceNine, days, newDay] = [0, days + 1, true];
    const words = Array.from({ length: 1 + below(12) }, () => WORDS[below(WORDS.length)] ?? "");
    if (below(200) === 0) words.push(`https://example.org/p/${below(1000)}`);
    const at = new Date(START + (days % DAYS) * DAY + sinceNine * MINUTE);
    yield { at, who: below(2) === 0 ? 0 : 1, text: words.join(" "), number, newDay };
    newDay = false;
  }
}

const two = (value: number) => String(value).padStart(2, "0");
const half = (at: Date) => (at.getUTCHours() < 12 ? "오전" : "오후");
const twelve = (at: Date) => `${((at.getUTCHours() + 11) % 12) + 1}:${two(at.getUTCMinutes())}`;
const weekday = (at: Date) => "일월화수목금토"[at.getUTCDay()] ?? "";
const day = (at: Date) => `${at.getUTCFullYear()}년 ${at.getUTCMonth() + 1}월 ${at.getUTCDate()}일`;
const iso = (at: Date) => at.toISOString();
const nameOf = ({ who }: Turn) => NAMES[who];
const garbled = (text: string) =>
  [...new TextEncoder().encode(text)]
    .map((byte) => (byte < 128 ? String.fromCharCode(byte) : `\\u00${byte.toString(16)}`))
    .join("");

type Way = {
  readonly format: ChatFormat;
  readonly head: string;
  readonly write: (turn: Turn) => string;
  readonly between: string;
  readonly tail: string;
};

/** How each client writes a turn. */
export const WAYS: Readonly<Record<string, Way>> = {
  "Telegram JSON": {
    format: "telegram-json",
    head: '{"name":"가상","type":"personal_chat","id":1,"messages":[',
    write: (turn) =>
      JSON.stringify({
        ...{ id: turn.number, type: "message", date: iso(turn.at).slice(0, 19) },
        ...{ date_unixtime: String(turn.at.getTime() / 1000), from: nameOf(turn), from_id: `user10${turn.who}` },
        ...{ text: turn.text, text_entities: [{ type: "plain", text: turn.text }] },
      }),
    between: ",\n",
    tail: "]}",
  },
  "Telegram HTML": {
    format: "telegram-html",
    head: '<!DOCTYPE html>\n<html>\n <body>\n  <div class="page_wrap">\n   <div class="page_header"><div class="content"><div class="text bold">\n가상\n</div></div></div>\n   <div class="page_body chat_page">\n    <div class="history">\n',
    write: (turn) =>
      `     <div class="message default clearfix" id="message${turn.number}">\n      <div class="body">\n       <div class="pull_right date details" title="${two(turn.at.getUTCDate())}.${two(turn.at.getUTCMonth() + 1)}.${turn.at.getUTCFullYear()} ${iso(turn.at).slice(11, 19)} UTC+09:00">\n${iso(turn.at).slice(11, 16)}\n       </div>\n       <div class="from_name">\n${nameOf(turn)}\n       </div>\n       <div class="text">\n${turn.text}\n       </div>\n      </div>\n     </div>\n`,
    between: "",
    tail: "    </div>\n   </div>\n  </div>\n </body>\n</html>\n",
  },
  "KakaoTalk, Android": {
    format: "kakaotalk",
    head: "\ufeff가상 님과 카카오톡 대화\r\n저장한 날짜 : 2026년 1월 2일 오전 9:00\r\n\r\n",
    write: (turn) => {
      const time = `${day(turn.at)} ${half(turn.at)} ${twelve(turn.at)}`;
      return `${turn.newDay ? `\r\n${time}\r\n` : ""}${time}, ${nameOf(turn)} : ${turn.text}\r\n`;
    },
    between: "",
    tail: "",
  },
  "KakaoTalk, Windows": {
    format: "kakaotalk",
    head: "가상 님과 카카오톡 대화\r\n저장한 날짜 : 2026-01-02 09:00:00\r\n\r\n",
    write: (turn) => {
      const line = `--------------- ${day(turn.at)} ${weekday(turn.at)}요일 ---------------\r\n`;
      return `${turn.newDay ? line : ""}[${nameOf(turn)}] [${half(turn.at)} ${twelve(turn.at)}] ${turn.text}\r\n`;
    },
    between: "",
    tail: "",
  },
  "KakaoTalk, Mac": {
    format: "kakaotalk-csv",
    head: "Date,User,Message\n",
    write: (turn) => `${iso(turn.at).slice(0, 19).replace("T", " ")},"${nameOf(turn)}","${turn.text}"\n`,
    between: "",
    tail: "",
  },
  Discord: {
    format: "discord-json",
    head: '{"guild":{"id":"1","name":"가상"},"channel":{"id":"22","type":"GuildTextChat","name":"방"},"exportedAt":"2026-01-02T09:00:00+09:00","messages":[',
    write: (turn) =>
      JSON.stringify({
        ...{ id: String((BigInt(turn.at.getTime() - 1_420_070_400_000) << 22n) + BigInt(turn.number % 4096)) },
        ...{ type: "Default", timestamp: iso(turn.at).replace("Z", "+00:00"), timestampEdited: null, isPinned: false },
        content: turn.text,
        author: {
          id: `90${turn.who}`,
          name: nameOf(turn),
          discriminator: "0000",
          nickname: nameOf(turn),
          isBot: false,
        },
        ...{ attachments: [], embeds: [], stickers: [], reactions: [], mentions: [] },
      }),
    between: ",\n",
    tail: "]}",
  },
  Instagram: {
    format: "instagram-json",
    head: `{"participants":[{"name":"${garbled(NAMES[0])}"},{"name":"${garbled(NAMES[1])}"}],"messages":[`,
    write: (turn) =>
      `{"sender_name":"${garbled(nameOf(turn))}","timestamp_ms":${START * 2 - turn.at.getTime()},"content":"${garbled(turn.text)}","is_geoblocked_for_viewer":false}`,
    between: ",\n",
    tail: `],"title":"${garbled(NAMES[1])}","is_still_participant":true,"thread_path":"inbox/x_1","magic_words":[]}`,
  },
  "WhatsApp, Android": {
    format: "whatsapp",
    head: "1/13/20, 09:00 - Messages and calls are end-to-end encrypted.\n",
    write: (turn) =>
      `${turn.at.getUTCMonth() + 1}/${turn.at.getUTCDate()}/${turn.at.getUTCFullYear() % 100}, ${iso(turn.at).slice(11, 16)} - ${nameOf(turn)}: ${turn.text}\n`,
    between: "",
    tail: "",
  },
  LINE: {
    format: "line",
    head: "[LINE] 가상とのトーク履歴\n保存日時：2026/01/02 09:00\n\n",
    write: (turn) => {
      const date = iso(turn.at).slice(0, 10).replaceAll("-", "/");
      return `${turn.newDay ? `${date}(${weekday(turn.at)})\n` : ""}${iso(turn.at).slice(11, 16)}\t${nameOf(turn)}\t${turn.text}\n`;
    },
    between: "",
    tail: "",
  },
};

/** An export of about so many bytes, in pieces of about 64 KB as a browser reads them. It is written before it is read, not while. */
export function writeExport({ head, write, between, tail }: Way, bytes: number): readonly Uint8Array[] {
  const utf8 = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let [size, piece] = [0, head];
  for (const turn of turns()) {
    piece += `${turn.number === 1 ? "" : between}${write(turn)}`;
    if (piece.length < 30_000) continue;
    pieces.push(utf8.encode(piece));
    size += pieces.at(-1)?.length ?? 0;
    piece = "";
    if (size >= bytes) break;
  }
  return [...pieces, utf8.encode(tail)];
}
