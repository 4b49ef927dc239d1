import { createServer, type AddressInfo } from 'node:net';
import { eventually } from './support/eventually';
import { closedPort } from './support/fake-vm';
import { Terminal } from './support/terminal';

let terminal: Terminal;

afterEach(() => terminal.stop());

const vm = () => terminal.vm ?? fail('the terminal has no VM of its own');

function fail(message: string): never {
  throw new Error(message);
}

describe('the messages of the first terminal sidecar', () => {
  test('carry input, output and the size of the shell', async () => {
    terminal = await Terminal.start();
    const viewer = await terminal.open({ sessionId: 'alice-001', cols: '100', rows: '30' });
    const shell = await vm().shell();
    await shell.write('root@vm:~# ');
    await viewer.shows('root@vm:~# ');
    viewer.send({ type: 'input', data: 'ls -l ä€😀\r' });
    await eventually(() => shell.received === 'ls -l ä€😀\r');
    viewer.send({ type: 'resize', cols: 120, rows: 40 });
    await eventually(() => shell.sizes.length === 2);
    expect(shell.sizes).toEqual(['100x30', '120x40']);
    expect(new Set(viewer.messages.map(({ type }) => type))).toEqual(new Set(['output']));
  });

  test('report the end of the shell as an error', async () => {
    terminal = await Terminal.start();
    const viewer = await terminal.open();
    (await vm().shell()).exit(0);
    expect(await viewer.closed()).toBe(1000);
    expect(viewer.messages).toEqual([{ type: 'error', message: 'the shell has ended' }]);
  });

  test('start a login shell that ends with its viewer, even if the VM has tmux', async () => {
    terminal = await Terminal.start({ hasTmux: true });
    const viewer = await terminal.open();
    const shell = await vm().shell();
    expect(shell.command).toBeUndefined();
    await viewer.leave();
    await eventually(() => shell.isClosed);
    expect((await terminal.get('/terminal/status')).body).toMatchObject({ shells: 0, viewers: 0 });
  });

  test('get 80 columns and 24 rows for a size that is none, and at most 1000', async () => {
    terminal = await Terminal.start();
    await terminal.open({ cols: '-3', rows: 'many' });
    expect((await vm().shell(0)).sizes).toEqual(['80x24']);
    await terminal.open({ cols: '99999999', rows: '1' });
    expect((await vm().shell(1)).sizes).toEqual(['1000x1']);
  });
});

test('characters that the VM sends in parts arrive whole', async () => {
  terminal = await Terminal.start();
  const viewer = await terminal.page();
  const shell = await vm().shell();
  const text = 'ä€😀';
  for (const byte of Buffer.from(text)) await shell.write(Buffer.of(byte));
  await viewer.shows(text);
  expect(viewer.output).toBe(text);
});

test('a shell that ends at once shows its last output and its exit code', async () => {
  terminal = await Terminal.start({
    onShell: (shell) => {
      void shell.write('This account is currently not available.\r\n');
      shell.exit(1);
    },
  });
  const viewer = await terminal.page();
  expect(await viewer.message('exit')).toEqual({ type: 'exit', code: 1 });
  expect(viewer.screen).toBe('This account is currently not available.\r\n');
  expect(await viewer.closed()).toBe(1000);
});

describe('a viewer who comes back', () => {
  test('gets the same shell and its recent output', async () => {
    terminal = await Terminal.start();
    const first = await terminal.page();
    const { id, resumed, kept } = await first.message('shell');
    expect({ resumed, kept }).toEqual({ resumed: false, kept: false });
    const shell = await vm().shell();
    await shell.write('make -j2\r\n');
    await first.shows('make');
    await first.leave();
    await shell.write('done\r\n');
    const second = await terminal.page({ shell: id });
    expect(await second.message('shell')).toMatchObject({ id, resumed: true });
    await second.shows('done');
    expect(second.messages.find(({ type }) => type === 'output')).toEqual({
      type: 'output',
      data: '\u001bcmake -j2\r\ndone\r\n',
      replay: true,
    });
    second.send({ type: 'input', data: 'q' });
    await eventually(() => shell.received === 'q');
    expect(vm().shells).toHaveLength(1);
  });

  test('sees output once that arrives while it comes', async () => {
    terminal = await Terminal.start();
    const { id } = await (await terminal.page()).message('shell');
    const shell = await vm().shell();
    const lines = Array.from({ length: 200 }, (_, index) => `line ${String(index)}\r\n`);
    const writing = (async () => {
      for (const line of lines) await shell.write(line);
    })();
    const viewers = await Promise.all(Array.from({ length: 5 }, () => terminal.page({ shell: id })));
    await writing;
    await Promise.all(viewers.map((viewer) => viewer.shows('line 199')));
    expect(viewers.map(({ screen }) => screen)).toEqual(viewers.map(() => lines.join('')));
  });

  test('gets a new shell with the same id after the grace period', async () => {
    terminal = await Terminal.start({}, { SHELL_GRACE_SECONDS: '0' });
    const first = await terminal.page();
    const { id } = await first.message('shell');
    await first.leave();
    await eventually(() => vm().shells[0]?.isClosed === true);
    const second = await terminal.page({ shell: id });
    expect(await second.message('shell')).toMatchObject({ id, resumed: false });
    await vm().shell(1);
  });

  test('to a VM with tmux gets the session of that name, also from another process', async () => {
    terminal = await Terminal.start({ hasTmux: true });
    const viewer = await terminal.page({ shell: 'abc123' });
    expect(await viewer.message('shell')).toEqual({
      type: 'shell',
      id: 'abc123',
      resumed: false,
      kept: true,
      readonly: false,
    });
    expect((await vm().shell()).command).toMatch(
      /^exec tmux -u -L dozlab -f \/dev\/null .* new-session -A -D -s dozlab-abc123$/,
    );
  });
});

describe('two viewers', () => {
  test('share a shell, whose size is the latest', async () => {
    terminal = await Terminal.start();
    const first = await terminal.page({ cols: '80', rows: '24' });
    const { id } = await first.message('shell');
    const second = await terminal.page({ shell: id, cols: '90', rows: '20' });
    await second.message('shell');
    const shell = await vm().shell();
    await eventually(() => first.messages.some((message) => message.type === 'size' && message.cols === 90));
    await shell.write('both');
    await Promise.all([first.shows('both'), second.shows('both')]);
    first.send({ type: 'input', data: '1' });
    await eventually(() => shell.received === '1');
    second.send({ type: 'input', data: '2' });
    await eventually(() => shell.received === '12');
    expect(shell.sizes).toEqual(['80x24', '90x20']);
  });

  test('of whom one only reads: its input and its sizes do nothing', async () => {
    terminal = await Terminal.start();
    const writer = await terminal.page({ cols: '80', rows: '24' });
    const { id } = await writer.message('shell');
    const shell = await vm().shell();
    const reader = await terminal.page({ shell: id, readonly: '1', cols: '10', rows: '5' });
    expect(await reader.message('shell')).toMatchObject({ id, readonly: true });
    expect(await reader.message('size')).toEqual({ type: 'size', cols: 80, rows: 24 });
    reader.send({ type: 'input', data: 'rm -rf /\r' });
    reader.send({ type: 'resize', cols: 7, rows: 7 });
    await shell.write('shown');
    await reader.shows('shown');
    // The reader's messages came before this one of the same connection was answered.
    reader.send({ type: 'input' });
    await reader.closed();
    writer.send({ type: 'input', data: 'ls\r' });
    await eventually(() => shell.received.includes('ls'));
    expect(shell.received).toBe('ls\r');
    expect(shell.sizes).toEqual(['80x24']);
  });

  test('of whom one only reads may come without an id, and sees the latest shell', async () => {
    terminal = await Terminal.start();
    const reader = await terminal.page({ readonly: '1' });
    expect(await reader.closed()).toBe(4004);
    expect(reader.messages).toEqual([{ type: 'error', message: 'no such shell runs. Open the terminal first.' }]);
    await (await terminal.page()).message('shell');
    const { id } = await (await terminal.page()).message('shell');
    const other = await terminal.page({ readonly: '1' });
    expect(await other.message('shell')).toMatchObject({ id, readonly: true });
    expect(vm().shells).toHaveLength(2);
  });
});

describe('a problem of the VM is reported in words', () => {
  test('when nothing listens', async () => {
    const port = await closedPort();
    terminal = await Terminal.at(port);
    const viewer = await terminal.open();
    expect(await viewer.closed()).toBe(1013);
    expect(viewer.messages).toEqual([
      {
        type: 'error',
        message: `the VM does not answer on 127.0.0.1:${String(port)}: connection refused. It may still start.`,
      },
    ]);
  });

  test.each([
    ['speaks no SSH after its banner', 'SSH-2.0-test\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['sends a packet that is too long', Buffer.concat([Buffer.from('SSH-2.0-test\r\n'), Buffer.alloc(64, 0xff)])],
    ['closes the connection after its banner', 'SSH-2.0-test\r\n'],
  ])('when it %s', async (_name, data) => {
    const server = createServer((socket) => socket.on('error', () => undefined).end(data));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    terminal = await Terminal.at((server.address() as AddressInfo).port);
    const viewer = await terminal.page();
    expect(await viewer.closed()).toBe(1013);
    expect((await viewer.message('error')).message).toMatch(/^SSH with the VM fails before the login: .+\.$/);
    server.close();
  });

  test('when it goes away', async () => {
    terminal = await Terminal.start();
    const viewer = await terminal.page();
    await vm().shell();
    await vm().stop();
    expect(await viewer.closed()).toBe(1013);
    expect(await viewer.message('error')).toEqual({
      type: 'error',
      message: 'the connection to the VM was lost. It may have restarted.',
    });
  });
});
