import { expect, test } from "vitest";
import { isSearch } from "../src/index.ts";

const at = (text: string) => isSearch({ kind: "url", text });

test("a query of a search engine is a page of results; other pages of the same company are not", () => {
  for (const text of [
    "https://www.google.com/search?q=someone",
    "https://www.google.co.kr/search?q=someone&tbm=isch",
    "https://www.bing.com/images/search?q=someone",
    "https://search.naver.com/search.naver?where=image&query=someone",
    "https://duckduckgo.com/?q=someone",
    "https://yandex.com/images/search?text=someone",
  ])
    expect(at(text), text).toBe(true);
  for (const text of [
    "https://www.google.com/",
    "https://www.google.com/search?q=",
    "https://drive.google.com/search?q=someone",
    "https://google.com.evil.example/search?q=someone",
    "https://board.example/search?q=someone",
    "https://blog.naver.com/someone/1",
    "not an address",
  ])
    expect(at(text), text).toBe(false);
  expect(isSearch({ kind: "room", text: "@someone" })).toBe(false);
});
