import type { ChatFormat } from "../src/chat.ts";

/** Invented chats in the shape each client writes. Nobody in them exists. */
export type Sample = { readonly name: string; readonly format: ChatFormat; readonly text: string };

const json = (value: unknown) => JSON.stringify(value, null, 1);
/** As Meta garbles: each byte of UTF-8 becomes a letter. */
const garbled = (text: string) => Buffer.from(text, "utf8").toString("latin1");

const telegram = {
  name: "지어낸 방",
  type: "private_supergroup",
  id: 4242,
  messages: [
    {
      id: 1,
      type: "service",
      date: "2024-03-01T21:00:00",
      date_unixtime: "1709294400",
      actor: "가나",
      actor_id: "user101",
      action: "create_group",
      title: "지어낸 방",
      members: ["가나", "다라"],
      text: "",
    },
    {
      id: 2,
      type: "message",
      date: "2024-03-01T21:00:05",
      date_unixtime: "1709294405",
      from: "가나",
      from_id: "user101",
      text: ["보세요 ", { type: "text_link", text: "여기", href: "https://example.org/a?utm_source=x" }, " @other_one"],
      text_entities: [],
    },
    {
      id: 3,
      type: "message",
      date: "2024-03-01T21:01:00",
      date_unixtime: "1709294460",
      edited: "2024-03-01T21:02:00",
      edited_unixtime: "1709294520",
      from: null,
      from_id: "user102",
      reply_to_message_id: 2,
      forwarded_from: "먼 방",
      text: "t.me/+AbCdEf12345",
      text_entities: [],
    },
    {
      id: 4,
      type: "message",
      date: "2024-03-01T21:03:00",
      from: "다라",
      from_id: "user103",
      photo: "(File not included. Change data exporting settings to download.)",
      width: 9,
      height: 9,
      text: "",
    },
    { id: 5, type: "unsupported" },
    {
      id: 6,
      type: "service",
      date: "2024-03-01T21:04:00",
      date_unixtime: "1709294640",
      actor: "다라",
      actor_id: "user103",
      action: "take_screenshot",
      text: "",
    },
  ],
};

const telegramAll = {
  about: "an export of everything",
  chats: {
    about: "list",
    list: [
      { name: "하나", type: "personal_chat", id: 1, messages: telegram.messages.slice(1, 3) },
      { name: '둘 "messages": [', type: "personal_chat", id: 2, messages: telegram.messages.slice(3, 4) },
    ],
  },
};

const telegramHtml = `<!DOCTYPE html>
<html>
 <body onload="CheckLocation();">
  <div class="page_wrap">
   <div class="page_header">
    <div class="content">
     <div class="text bold">
지어낸 방 &amp; 둘
     </div>
    </div>
   </div>
   <div class="page_body chat_page">
    <div class="history">
     <div class="message service" id="message-1">
      <div class="body details">
1 March 2024
      </div>
     </div>
     <div class="message default clearfix" id="message7">
      <div class="pull_left userpic_wrap"><div class="userpic userpic1"><div class="initials" style="line-height: 42px">가</div></div></div>
      <div class="body">
       <div class="pull_right date details" title="01.03.2024 21:00:05 UTC+09:00">
21:00
       </div>
       <div class="from_name">
가나
       </div>
       <div class="text">
첫 줄<br>둘째 &lt;줄&gt; <a href="https://example.org/b">여기</a>
       </div>
      </div>
     </div>
     <div class="message default clearfix joined" id="message8">
      <div class="body">
       <div class="pull_right date details" title="01.03.2024 21:01:05">
21:01
       </div>
       <div class="reply_to details">
In reply to <a href="#go_to_message7" onclick="return GoToMessage(7)">this message</a>
       </div>
       <div class="media_wrap clearfix">
        <div class="media clearfix pull_left media_photo">
         <div class="fill pull_left"></div>
         <div class="body"><div class="title bold">Photo</div><div class="status details">Not included, 1.0 KB</div></div>
        </div>
       </div>
      </div>
     </div>
     <div class="message default clearfix" id="message9">
      <div class="body">
       <div class="pull_right date details" title="01.03.2024 21:02:05 UTC+09:00">
21:02
       </div>
       <div class="from_name">
다라
       </div>
       <div class="forwarded body">
        <div class="from_name">
먼 방 <span class="date details" title="28.02.2024 10:00:00 UTC+09:00"> 28.02.2024 10:00:00</span>
        </div>
        <div class="text">
옮긴 말
        </div>
       </div>
      </div>
     </div>
    </div>
   </div>
  </div>
 </body>
</html>
`;

const discord = {
  guild: { id: "1", name: "지어낸 서버", iconUrl: "" },
  channel: { id: "22", type: "GuildTextChat", categoryId: "2", category: "이야기", name: "방", topic: null },
  dateRange: { after: null, before: null },
  exportedAt: "2024-03-02T10:00:00.0000000+09:00",
  messages: [
    // id = (ms - 1420070400000) << 22
    {
      id: String((BigInt(Date.parse("2024-03-01T12:00:00.123Z")) - 1420070400000n) << 22n),
      type: "Default",
      timestamp: "2024-03-01T21:00:00.123+09:00",
      timestampEdited: "2024-03-01T21:05:00+09:00",
      callEndedTimestamp: null,
      isPinned: false,
      content: "discord.gg/abcDEF 와 https://example.org/c",
      author: { id: "900", name: "ganada", discriminator: "0000", nickname: "가나", isBot: false, roles: [] },
      attachments: [{ id: "5", url: "files/one.png", fileName: "one.png", fileSizeBytes: 12 }],
      embeds: [],
      stickers: [],
      reactions: [],
      mentions: [],
    },
    {
      id: "5",
      type: "Reply",
      timestamp: "2024-03-01T21:01:00+09:00",
      timestampEdited: null,
      content: "네",
      author: { id: "901", name: "daramabasa" },
      attachments: [],
      reference: { messageId: "4", channelId: "22" },
    },
    {
      id: String((BigInt(Date.parse("2024-03-01T12:02:00Z")) - 1420070400000n) << 22n),
      type: "GuildMemberJoin",
      timestamp: "2024-03-01T12:02:00+00:00",
      timestampEdited: null,
      content: "Joined the server.",
      author: { id: "902", name: "sa" },
      attachments: [],
    },
  ],
  messageCount: 3,
};

const instagram = {
  participants: [{ name: garbled("가나") }, { name: "Invented One" }],
  messages: [
    {
      sender_name: garbled("가나"),
      timestamp_ms: 1709294460123,
      content: garbled("두 번째 말 😀 https://example.org/d"),
      reactions: [{ reaction: garbled("😀"), actor: "Invented One" }],
    },
    {
      sender_name: "Invented One",
      timestamp_ms: 1709294400000,
      photos: [{ uri: "your_instagram_activity/messages/inbox/x_1/photos/7.jpg", creation_timestamp: 1709294400 }],
    },
    {
      sender_name: "Invented One",
      timestamp_ms: 1709294300000,
      content: "caf\u00e9 is right already",
      is_unsent: true,
    },
  ],
  title: garbled("가나"),
  is_still_participant: true,
  thread_path: "inbox/x_1",
  magic_words: [],
};

const crlf = (text: string) => text.replaceAll("\n", "\r\n");

export const SAMPLES: readonly Sample[] = [
  { name: "Telegram, one chat", format: "telegram-json", text: json(telegram) },
  { name: "Telegram, all chats", format: "telegram-json", text: json(telegramAll) },
  { name: "Telegram, HTML", format: "telegram-html", text: telegramHtml },
  {
    name: "KakaoTalk, Android, Korean",
    format: "kakaotalk",
    text: `\ufeff${crlf(`지어낸 방 3 님과 카카오톡 대화
저장한 날짜 : 2024년 3월 2일 오전 9:00

2024년 3월 1일 오후 11:59
2024년 3월 1일 오후 11:59, 가나님이 다라님을 초대했습니다.
2024년 3월 1일 오후 11:59, 가나 : 첫 말
둘째 줄
2024년 3월 2일 오전 12:00, 다라 : 사진
`)}2024년 3월 2일 오후 12:01, 회원님 : https://open.kakao.com/o/gAbCdE1 가격 : 없음\n`,
  },
  {
    name: "KakaoTalk, Android, English",
    format: "kakaotalk",
    text: "KakaoTalk Chats with Invented Room\nDate Saved : Mar 2, 2024\n\nMarch 1, 2024\nMarch 1, 2024, 9:00\u202fPM, Ganada : hello\nMarch 1, 2024, 9:01 PM, you : Photo\nMarch 1, 2024, 21:02, Dara : see\n",
  },
  {
    name: "KakaoTalk, Android, English, old",
    format: "kakaotalk",
    text: "KakaoTalk Chats with Invented Room\nDate Saved : 8:00am, March 2, 2015\n\n8:34pm, March 1, 2015, Ganada : hello\n8:35pm, March 1, 2015, Dara : there\n",
  },
  {
    name: "KakaoTalk, iOS, Korean",
    format: "kakaotalk",
    text: "\ufeff지어낸 방 님과 카카오톡 대화\n저장한 날짜 : 2024. 3. 2. 오전 9:00\n\n2024년 3월 1일 금요일\n2024. 3. 1. 오후 9:00, 가나 : 첫 말\n2024. 3. 1. 오후 9:01: 다라님이 나갔습니다.\n2024. 3. 1. 21:02, 다라 : 삭제된 메시지입니다.\n",
  },
  {
    name: "KakaoTalk, iOS, Korean, days",
    format: "kakaotalk",
    text: "지어낸 방 카카오톡 대화\n저장한 날짜 : 2024. 3. 2. 오전 9:00\n\n2024년 3월 1일 금요일\n오후 9:00, 가나 : 첫 말\n오후 9:01, 다라 : 파일: 계획.hwp\n2024년 3월 2일 토요일\n오전 12:30, 가나 : 다음 날\n",
  },
  {
    name: "KakaoTalk, iOS, English",
    format: "kakaotalk",
    text: "Invented Room with KakaoTalk Chats\nDate Saved : Mar 2, 2024 at 09:00\n\nFriday, March 1, 2024\nMar 1, 2024 at 20:34, Ganada : hello\nMar 1, 2024 at 20:35, Dara : there\n",
  },
  {
    name: "KakaoTalk, Windows, Korean",
    format: "kakaotalk",
    text: crlf(
      "지어낸 방 님과 카카오톡 대화\n저장한 날짜 : 2024-03-02 09:00:00\n\n--------------- 2024년 3월 1일 금요일 ---------------\n[가나] [오후 9:00] 첫 말\n둘째 줄\n다라님이 나갔습니다.\n[다[1]] [오후 9:01] 이모티콘\n",
    ),
  },
  {
    name: "KakaoTalk, Windows, English",
    format: "kakaotalk",
    text: crlf(
      "Invented Room with KakaoTalk Chats\nDate Saved : 2024-03-02 09:00:00\n\n--------------- Friday, March 1, 2024 ---------------\n[Ganada] [2:37 PM] hello\n[Dara] [14:38] there\n",
    ),
  },
  {
    name: "KakaoTalk, Mac",
    format: "kakaotalk-csv",
    text: 'Date,User,Message\n2024-03-01 21:00:05,"가나","첫 말\n""둘째"", 줄"\n,,"다라님이 나갔습니다."\n2024-03-01 21:01:00,"다라","사진"\n',
  },
  { name: "Discord", format: "discord-json", text: json(discord) },
  {
    name: "Instagram",
    format: "instagram-json",
    text: JSON.stringify(instagram).replace(
      /[\u0080-\u00ff]/g,
      (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
    ),
  },
  {
    name: "WhatsApp, Android",
    format: "whatsapp",
    text: "3/1/24, 21:00 - Messages and calls are end-to-end encrypted.\n3/1/24, 21:00 - Ganada: hello\nmore\n3/1/24, 21:01 - Dara: <Media omitted>\n3/13/24, 21:02 - Dara: plan.pdf (file attached)\n3/13/24, 21:03 - Ganada: This message was deleted\n",
  },
  {
    name: "WhatsApp, iOS",
    format: "whatsapp",
    text: "\u200e[01/03/24, 9:00:05\u202fPM] Ganada: hello <This message was edited>\r\n\u200e[31/03/24, 9:01:00\u202fa.\u00a0m.] Dara: \u200e<attached: 0001-PHOTO.jpg>\r\n",
  },
  {
    name: "WhatsApp, Korean",
    format: "whatsapp",
    text: "2024. 3. 1. 오후 9:00 - 가나: 첫 말\n2024. 3. 1. 오후 9:01 - 다라: 첫: 둘\n",
  },
  {
    name: "LINE, Japanese",
    format: "line",
    text: '[LINE] 지어낸 방とのトーク履歴\n保存日時：2024/03/02 09:00\n\n2024/03/01(金)\n21:00\t가나\t첫 말\n21:01\t다라\t"둘째\n""셋째"" 줄"\n21:02\t[スタンプ]を送りました\n午後9:03\t다라\t[写真]\n21:04\t가나がメッセージの送信を取り消しました\n',
  },
  {
    name: "LINE, English",
    format: "line",
    text: "[LINE] Chat history with Invented One\nSaved on: 03/02/2024, 09:00\n\nFri, 03/01/2024\n09:00PM\tGanada\thello\n09:01PM\tDara\t[Sticker]\n",
  },
];

/** A file as the browser gives it. */
export const fileOf = (text: string | Uint8Array<ArrayBuffer>): Blob => new Blob([text]);
