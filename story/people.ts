import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";

const CHROMIUM = "/usr/bin/chromium";
const PATIENCE_MS = 20_000;
/** Where "leave" leads; answered here, so that the story needs no other host. */
export const NEUTRAL_PAGE = "https://www.weather.go.kr/";

/** The browser as Debian has it. Its way to any host but this machine ends at `outsidePort`. */
export function launchBrowser(outsidePort: number): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      `--proxy-server=http://127.0.0.1:${outsidePort}`,
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-domain-reliability",
      "--disable-dev-shm-usage",
      "--no-pings",
      // As root Chromium starts in no other way; it only ever sees our own pages.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** A browser profile. */
export type Profile = {
  readonly context: BrowserContext;
  /** A new tab: a visit of its own. */
  open(): Promise<Page>;
  /** What the console said that it should not: violations of the content security policy, and errors of our scripts. */
  readonly complaints: readonly string[];
  /** Hosts that pages of this profile asked. */
  readonly hosts: ReadonlySet<string>;
};

/** Her phone: 360 px wide, Korean, by touch. */
export function openPhone(browser: Browser): Promise<Profile> {
  return openProfile(browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
}

/** The caseworker's computer. */
export function openComputer(browser: Browser): Promise<Profile> {
  return openProfile(browser, { viewport: { width: 1280, height: 800 } });
}

async function openProfile(browser: Browser, screen: Parameters<Browser["newContext"]>[0]): Promise<Profile> {
  const context = await browser.newContext({ ...screen, locale: "ko-KR", timezoneId: "Asia/Seoul" });
  const complaints: string[] = [];
  const hosts = new Set<string>();
  await context.route(`${NEUTRAL_PAGE}**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>weather</title><p>sunny</p>" }),
  );
  context.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http")) hosts.add(host);
  });
  context.on("console", (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(error.error().message));
  const open = async () => {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    return page;
  };
  return { context, open, complaints, hosts };
}

/** Who touches her security key when the page asks for one. */
export type SecurityKeys = { use(whose: "admin" | "intake"): Promise<void> };

/** Two virtual security keys with PRF and user verification at this page (WebAuthn, through CDP); one at a time answers. */
export async function plugInSecurityKeys(page: Page): Promise<SecurityKeys> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const add = async () => {
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        transport: "usb",
        hasResidentKey: true,
        hasUserVerification: true,
        hasPrf: true,
        isUserVerified: true,
        automaticPresenceSimulation: false,
      },
    });
    return authenticatorId;
  };
  const keys = { admin: await add(), intake: await add() };
  return {
    async use(whose) {
      for (const [who, authenticatorId] of Object.entries(keys))
        await session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled: who === whose });
    },
  };
}
