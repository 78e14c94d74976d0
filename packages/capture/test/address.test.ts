import type { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { isPublicAddress } from "../src/address.ts";

const NONE: ReturnType<typeof networkInterfaces> = {};
const of = (address: string, family: "IPv4" | "IPv6") => ({
  eth0: [
    family === "IPv4"
      ? { address, family, netmask: "255.255.255.0", mac: "00:00:00:00:00:00", internal: false, cidr: null }
      : { address, family, netmask: "ffff::", mac: "00:00:00:00:00:00", internal: false, cidr: null, scopeid: 0 },
  ],
});

test("this machine's own address is reached by no page, however public it is", () => {
  expect(isPublicAddress("203.0.114.7", NONE)).toBe(true);
  expect(isPublicAddress("203.0.114.7", of("203.0.114.7", "IPv4"))).toBe(false);
  expect(isPublicAddress("203.0.114.8", of("203.0.114.7", "IPv4"))).toBe(true);
  expect(isPublicAddress("2a00:1450::1", NONE)).toBe(true);
  expect(isPublicAddress("2a00:1450:0:0::1", of("2a00:1450::1", "IPv6"))).toBe(false);
  expect(isPublicAddress("127.0.0.1", NONE)).toBe(false);
});
