import type { ChatFormat, Personal } from "@jikim/evidence/chat";
import { m } from "../paraglide/messages.js";

/** Plain words for what a chat export is and holds; each is called while drawing, so that it follows the language. */
export const MESSENGER_NAMES: { readonly [format in ChatFormat]: () => string } = {
  "telegram-json": m.chat_telegram,
  "telegram-html": m.chat_telegram,
  kakaotalk: m.chat_kakaotalk,
  "kakaotalk-csv": m.chat_kakaotalk,
  "discord-json": m.chat_discord,
  "instagram-json": m.chat_instagram,
  whatsapp: m.chat_whatsapp,
  line: m.chat_line,
};

export const PERSONAL_NAMES: { readonly [kind in Personal]: () => string } = {
  "resident-number": m.chat_hidden_resident,
  card: m.chat_hidden_card,
  phone: m.chat_hidden_phone,
  account: m.chat_hidden_account,
  address: m.chat_hidden_address,
  mail: m.chat_hidden_mail,
};
