import type { Browser } from 'playwright-core';
import { eventually } from './support/eventually';
import { FakeVm, type FakeShell, type FakeVmOptions } from './support/fake-vm';
import { Terminal } from './support/terminal';
import { startBrowser, TerminalPage } from './support/terminal-page';

let browser: Browser;
let vm: FakeVm;
let terminal: Terminal;
const pages: TerminalPage[] = [];

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

afterEach(async () => {
  for (const { page } of pages.splice(0)) await page.close();
  await terminal.stop();
  await vm.stop();
});

async function start(options: FakeVmOptions = {}): Promise<void> {
  vm = await FakeVm.start(options);
  terminal = await Terminal.at(vm.port);
}

async function open(url = `http://127.0.0.1:${String(terminal.port)}/`): Promise<TerminalPage> {
  const page = await TerminalPage.open(browser, url);
  pages.push(page);
  await page.connected();
  return page;
}

const received = (shell: FakeShell, end: string) => eventually(() => shell.received.endsWith(end));

test('the page types, shows colours and characters, follows its window, and breaks no policy', async () => {
  await start();
  const page = await open();
  await page.says('The VM runs no tmux');
  expect(await page.page.title()).toBe('Terminal of alice-001');
  const shell = await vm.shell();
  await shell.write('\u001b[38;2;255;100;0mroot@vm\u001b[0m ä€😀# ');
  await page.shows('root@vm ä€😀#');
  expect(await page.styleOf('root@vm', 'color')).toBe('rgb(255, 100, 0)');
  await page.type('ls -l\n');
  await received(shell, 'ls -l\r');
  const { length } = shell.sizes;
  await page.resize(500, 300);
  await eventually(() => shell.sizes.length > length);
  const widths = shell.sizes.map((size) => Number(size.split('x')[0]));
  expect(widths.at(-1)).toBeLessThan(widths[length - 1] ?? 0);
  expect(page.faults).toEqual([]);
});

test('a large paste arrives whole', async () => {
  await start();
  const page = await open();
  const shell = await vm.shell();
  const text = `${'😀'.repeat(50_001)}the end`;
  await page.paste(text);
  await received(shell, 'the end');
  expect(shell.received).toBe(text);
});

test('a reload comes back to the shell, and answers no question of its old output', async () => {
  await start();
  const page = await open();
  const shell = await vm.shell();
  await shell.write('before\r\n\u001b[c');
  await received(shell, 'c');
  const answered = shell.received;
  await page.page.reload();
  await page.connected();
  await page.shows('before');
  await page.type('x');
  await received(shell, 'x');
  expect(shell.received).toBe(`${answered}x`);
  expect(vm.shells).toHaveLength(1);
});

test('a reader sees the shell in the size of its writer, and cannot type', async () => {
  await start();
  const writer = await open();
  await writer.resize(600, 400);
  const shell = await vm.shell();
  const reader = await open(writer.readerUrl());
  await reader.says('read-only');
  await shell.write('seen by both');
  await reader.shows('seen by both');
  expect((await reader.rows()).length).toBe(Number(shell.sizes.at(-1)?.split('x')[1]));
  await reader.type('typed by the reader');
  await writer.type('w');
  await received(shell, 'w');
  expect(shell.received).toBe('w');
});

test('the page says why there is no connection, and comes back to the shell in tmux after a restart', async () => {
  await start({ hasTmux: true });
  const page = await open();
  const id = new URL(page.page.url()).searchParams.get('shell') ?? '';
  await terminal.stop();
  await page.says('Not connected');
  terminal = await Terminal.at(vm.port, { PORT: String(terminal.port) });
  await page.connected();
  const [first, second] = [await vm.shell(0), await vm.shell(1)];
  expect(first.command).toMatch(new RegExp(`-s dozlab-${id}$`));
  expect(second.command).toBe(first.command);
  await page.type('x');
  await received(second, 'x');
});

test('the page offers a new shell when one has ended', async () => {
  await start();
  const page = await open();
  (await vm.shell(0)).exit(0);
  await page.says('Press Enter for a new one');
  expect(page.page.url()).not.toContain('shell=');
  await page.type('\n');
  await page.connected();
  const shell = await vm.shell(1);
  await page.type('x');
  await received(shell, 'x');
  expect(shell.received).toBe('x');
});
