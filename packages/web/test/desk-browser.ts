import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";

/** A Chromium as Debian has it. As root it runs without its sandbox, which is only right for pages of our own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** One person at her own computer: a browser profile with a security key that has PRF. */
export type Person = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the console said that it should not: errors, and violations of the content security policy. */
  readonly complaints: readonly string[];
};

export type PersonOptions = {
  readonly width?: number;
  readonly height?: number;
  /** False: a security key that signs in but gives no PRF output. */
  readonly hasPrf?: boolean;
};

/** A new profile with a virtual security key (WebDriver "virtual authenticators", through CDP). */
export async function newPerson(browser: Browser, options: PersonOptions = {}): Promise<Person> {
  const { width = 1280, height = 800, hasPrf = true } = options;
  const context = await browser.newContext({ viewport: { width, height }, locale: "ko-KR", timezoneId: "Asia/Seoul" });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy|Trusted/i.test(message.text()))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(`${error.name}: ${error.message}`));
  await addSecurityKey(page, hasPrf);
  return { context, page, complaints };
}

/** Opens a page of the desk anew, by way of the laws: one that is open already shows what it read, and two changes of the address at once would be none. */
export async function openAnew(page: Page, origin: string, hash: string): Promise<void> {
  await page.goto(`${origin}/desk/#/laws`);
  await page.getByRole("heading", { level: 1, name: "법", exact: true }).waitFor();
  await page.goto(`${origin}/desk/${hash}`);
}

async function addSecurityKey(page: Page, hasPrf: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
