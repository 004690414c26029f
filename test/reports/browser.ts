// Opens the page in Chromium, if it is installed, and collects the browser's messages, errors, dialogs and requests.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const skip = existsSync(executablePath)
  ? false
  : `no Chromium at ${executablePath}: set CHROMIUM to its path to run this`;

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface OpenOptions extends BrowserContextOptions {
  /** The end of the page's address. */
  readonly hash?: string;
  /** Runs in the page before the page's script. */
  readonly before?: () => void;
}

/** An open page, with everything that the browser reported about it. */
interface OpenPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Disables timers of a second or more, so that messages stay in the page. */
function keepMessages(): void {
  const { setTimeout } = window;
  window.setTimeout = ((run: () => void, milliseconds = 0) =>
    milliseconds < 1000 ? setTimeout(run, milliseconds) : 0) as typeof window.setTimeout;
}

/** A suite whose tests share a browser. Each test opens its own page and must close its context. */
export function describeInBrowser(
  title: string,
  tests: (open: (html: string, options?: OpenOptions) => Promise<OpenPage>) => void,
): void {
  describe(title, { skip }, () => {
    let browser: Browser;
    let directory: string;
    let pages = 0;

    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'gatag-page-'));
      browser = await chromium.launch({ executablePath, args: ARGUMENTS, timeout: 0 });
    });

    after(async () => {
      await browser?.close();
      await rm(directory, { recursive: true });
    });

    tests(async (html, { hash = '', before: prepare, ...options } = {}) => {
      const file = join(directory, `report-${pages++}.html`);
      const { href } = pathToFileURL(file);
      await writeFile(file, html);
      const context = await browser.newContext(options);
      // No test may depend on the speed of the machine, so nothing times out and messages stay.
      context.setDefaultTimeout(0);
      const page = await context.newPage();
      await page.addInitScript(keepMessages);
      if (prepare !== undefined) await page.addInitScript(prepare);
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
      page.on('request', (request) => {
        const url = request.url();
        if (url.split('#')[0] !== href && !url.startsWith('data:')) complaints.push(`request: ${url}`);
      });
      await page.goto(`${href}${hash}`);
      return { page, complaints };
    });
  });
}
