import { expect, test } from "vitest";
import { waysTo } from "../src/ways.ts";

const open = { feed: false, mails: true, cloudflare: true, aws: true };
const card = { mail: "abuse@site.example", form: "https://site.example/report", api: null };

test("a notice leaves by the feed beside one other way, and by hand only where no other is left", () => {
  expect(waysTo(card, open)).toEqual(["mail"]);
  expect(waysTo(card, { ...open, feed: true })).toEqual(["api", "mail"]);
  expect(waysTo({ ...card, api: "aws" }, open)).toEqual(["aws"]);
  expect(waysTo({ ...card, api: "cloudflare" }, { ...open, cloudflare: false })).toEqual(["mail"]);
  expect(waysTo(card, { ...open, mails: false })).toEqual(["form"]);
  expect(waysTo(card, { ...open, mails: false, feed: true })).toEqual(["api"]);
  expect(waysTo({ mail: null, form: null, api: null }, open)).toEqual([]);
});
