import type { Doubts } from "./doubt.ts";
import type { Meaning } from "./draft.ts";
import { type ChatMedia, NO_MEDIA } from "./model.ts";

/** What KakaoTalk writes where something that is not words was sent; anybody could type the same. */
const MEDIA =
  /^(?:사진(?: \d+장)?|동영상|이모티콘|음성메시지|(?:Photo|Video|Emoticon|Sticker|Voice (?:message|note))s?(?: \(\d+\))?|\d+ photos?)$/i;
const FILE = /^(?:파일|File) ?: ?(.{1,255})$/i;
/** Android writes the name under which it stores a picture: 64 hex digits and an ending. The digits are a name; nobody checked them. */
const STORED = /^[0-9a-f]{40,64}\.(?:jpe?g|png|gif|mp4|m4a|webp)$/;
const DELETED =
  /^(?:삭제된 메시지입니다\.?|(?:This message was deleted|Deleted message|This is a deleted message)\.?)$/i;
/** Lines of the client itself, as it writes them into groups. */
export const SERVICE =
  /(?:님이 (?:들어왔습니다|나갔습니다)|님을 (?:초대|내보)(?:했|냈)습니다|님을 초대하였습니다|메시지가 가려졌습니다|(?:joined|left) this chat ?room|invited .{1,200} to this chat ?room|has (?:joined|left))\.?$/;

const WHY = "KakaoTalk's text export holds no media";
const named = (name: string | null): readonly ChatMedia[] => [{ name, sha256: null, why: WHY }];

/** What the words of a KakaoTalk message stand for. */
export function kakaoMeaning(doubts: Doubts): (text: string, line: number) => Meaning {
  const words = (text: string): Meaning => ({ kind: "text", text, media: NO_MEDIA, editedAt: null });
  return (text, line) => {
    if (text.length > LONGEST_MARK || !BEGINS.has(text.charCodeAt(0))) return words(text);
    if (DELETED.test(text)) {
      doubts.note("typed-or-media", line);
      return { ...words(text), kind: "deleted" };
    }
    const name = STORED.test(text) ? text : FILE.exec(text)?.[1];
    if (name === undefined && !MEDIA.test(text)) return words(text);
    doubts.note("typed-or-media", line);
    return { ...words(text), kind: "media", media: named(name ?? null) };
  };
}

const LONGEST_MARK = 270;
/** First letters of all the marks above: most words are told apart by one look. */
const BEGINS = new Set([..."사동이음삭파PpVvEeSsFfTtDdAaBbCc0123456789"].map((letter) => letter.charCodeAt(0)));
