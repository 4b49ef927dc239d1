import { chromium, type Browser, type Page } from 'playwright-core';

/** Debian's chromium. Only a trusted page is loaded, and a container gives it no sandbox. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

/** The page of a terminal as its user sees it. Every wait ends with an error after 30 s. */
export class TerminalPage {
  /** Errors of scripts, and what the Content-Security-Policy refused. */
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', ({ message }) => this.faults.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' && message.text().includes('Content Security Policy'))
        this.faults.push(message.text());
    });
  }

  /** @param url of the page, with a slash at its end, and with a query for a reader */
  static async open(browser: Browser, url: string): Promise<TerminalPage> {
    const page = new TerminalPage(await browser.newPage({ viewport: { width: 900, height: 500 } }));
    await page.page.goto(url);
    return page;
  }

  /** Waits for a shell. */
  async connected(): Promise<void> {
    await this.page.locator('#status[data-state="connected"]').waitFor();
  }

  /** Waits for a text in the status line. */
  async says(text: string): Promise<void> {
    await this.page.locator('#status', { hasText: text }).waitFor();
  }

  /** Types into the terminal; a newline is Enter. */
  async type(text: string): Promise<void> {
    await this.page.locator('#terminal').click();
    await this.page.keyboard.type(text);
  }

  /** Waits for a text in the visible rows of the terminal. */
  async shows(text: string): Promise<void> {
    await this.page.locator('.xterm-rows', { hasText: text }).waitFor();
  }

  rows(): Promise<string[]> {
    return this.page.locator('.xterm-rows > div').allInnerTexts();
  }

  /** A style of the first part of a row with this text. */
  styleOf(text: string, name: string): Promise<string> {
    const part = this.page.locator('.xterm-rows span', { hasText: text }).first();
    return part.evaluate((element, style) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle: (of: unknown) => { getPropertyValue: (name: string) => string };
      };
      return getComputedStyle(element).getPropertyValue(style);
    }, name);
  }

  /** Pastes as a user does from the clipboard. */
  async paste(text: string): Promise<void> {
    await this.page.evaluate(
      `(() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', ${JSON.stringify(text)});
        const event = new ClipboardEvent('paste', { clipboardData, bubbles: true });
        document.querySelector('.xterm-helper-textarea').dispatchEvent(event);
      })()`,
    );
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  /** The address for a reader of the same shell. */
  readerUrl(): string {
    const url = new URL(this.page.url());
    url.searchParams.set('readonly', '1');
    return url.href;
  }
}
