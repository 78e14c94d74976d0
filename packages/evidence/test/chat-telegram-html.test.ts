import fc from "fast-check";
import { expect, test } from "vitest";
import { type Message, readChat } from "../src/chat.ts";

type Told = {
  readonly id: number;
  readonly title: string;
  readonly name: string | null;
  readonly text: string;
  readonly face: boolean;
};

/** A message as Telegram Desktop writes it; with `gap`, an attribute's space that no fast way expects. */
function block({ id, title, name, text, face }: Told, gap: "" | " "): string {
  const userpic = `<div class="pull_left userpic_wrap"><div class="userpic userpic1"><div class="initials">가</div></div></div>\n`;
  return `     <div class="message default clearfix${name === null ? " joined" : ""}" id="message${id}">
      ${face ? userpic : ""}<div class="body">
       <div class="pull_right date details" title="${title}">
21:00
       </div>
${name === null ? "" : `       <div class="from_name">\n${name}\n       </div>\n`}       <div class="text"${gap}>
${text}
       </div>
      </div>
     </div>
`;
}

async function read(blocks: readonly string[]): Promise<readonly Message[]> {
  const page = `<!DOCTYPE html>\n<html>\n <body>\n  <div class="page_wrap">\n   <div class="page_header"><div class="content"><div class="text bold">\n방\n</div></div></div>\n   <div class="page_body chat_page">\n    <div class="history">\n${blocks.join("")}    </div>\n   </div>\n  </div>\n </body>\n</html>\n`;
  const messages: Message[] = [];
  await readChat(new Blob([page]), (some) => void messages.push(...some), "telegram-html");
  return messages;
}

test("a plain message read off fast is the one that the parser of HTML reads, whatever its words", async () => {
  const words = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, " "));
  const told = fc.record({
    id: fc.nat(1e9),
    title: fc.constantFrom("01.03.2024 21:00:05 UTC+09:00", "01.03.2024 21:01:05", "31.02.2024 25:00:00", ""),
    name: fc.option(words),
    text: fc.oneof(
      words,
      fc.constantFrom("a &lt;b&gt;", "x<br>y", "&amp;amp;", `<a href="https://example.org/">z</a>`, "  ", "]]>"),
    ),
    face: fc.boolean(),
  });
  const chat = fc.array(told, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(chat, async (all) => {
      const [fast, slow] = [
        await read(all.map((one) => block(one, ""))),
        await read(all.map((one) => block(one, " "))),
      ];
      expect(fast).toEqual(slow);
      expect(fast).toHaveLength(all.length);
    }),
    { seed: 23, numRuns: 300 },
  );
});
