import { connect } from 'node:net';
import { Shell } from '../../../images/terminal/src/shell';
import { eventually } from './support/eventually';
import { Terminal } from './support/terminal';
import { refusal, TestViewer } from './support/test-viewer';

let terminal: Terminal;

afterEach(() => terminal.stop());

afterEach(() => jest.restoreAllMocks());

const MIB = 1024 * 1024;

describe('a request for a terminal is refused', () => {
  test('with the id of another session', async () => {
    terminal = await Terminal.start();
    expect(await refusal(terminal.port, { sessionId: 'bob-001' })).toEqual({
      status: 404,
      error: 'this is the terminal of another session',
    });
    expect(terminal.vm?.connections).toBe(0);
    await terminal.open({ sessionId: 'alice-001' });
    await terminal.open({ sessionId: '' });
  });

  test.each([
    'https://evil.example',
    'null',
    'http://127.0.0.1.evil.example',
    'file://127.0.0.1',
    'https://127.0.0.1',
    'http://127.0.0.1',
  ])('from a page of the origin %s', async (origin) => {
    terminal = await Terminal.start();
    expect(await refusal(terminal.port, {}, { Origin: origin })).toMatchObject({ status: 403 });
  });

  test('from pages of its own host too if ALLOWED_ORIGINS has others, except on the own machine', async () => {
    terminal = await Terminal.start({}, { ALLOWED_ORIGINS: 'https://labs.example.com' });
    const rebound = { Host: 'evil.example', Origin: 'http://evil.example' };
    expect(await refusal(terminal.port, {}, rebound)).toMatchObject({ status: 403 });
    await acceptedWith({ Origin: 'https://labs.example.com' });
    await acceptedWith({ Origin: `http://127.0.0.1:${String(terminal.port)}` });
  });

  test('with an id of a shell that could be more than an id', async () => {
    terminal = await Terminal.start({ hasTmux: true });
    for (const shell of ['', 'a', 'ABCDEF', 'abc def', 'abcdef;reboot', "abc'def", 'abc\ndef', 'a'.repeat(33)])
      expect(await refusal(terminal.port, { shell })).toMatchObject({ status: 400 });
    expect(terminal.vm?.connections).toBe(0);
  });

  test('with another path', async () => {
    terminal = await Terminal.start({}, { BASE_PATH: '/base' });
    expect(await refusal(terminal.port, {})).toMatchObject({ status: 404 });
  });

  test('when VIEWER_LIMIT viewers are connected, until one leaves', async () => {
    terminal = await Terminal.start({}, { VIEWER_LIMIT: '2' });
    const [first] = [await terminal.page(), await terminal.page()];
    expect(await refusal(terminal.port, {})).toEqual({
      status: 503,
      error: 'the limit of viewers, 2, is reached. Fix: close one, or set VIEWER_LIMIT',
    });
    await first.leave();
    await eventually(async () => (await terminal.get('/terminal/status')).body['viewers'] === 1);
    await (await terminal.page()).message('shell');
  });

  async function acceptedWith(headers: Record<string, string>): Promise<void> {
    const viewer = await TestViewer.open(terminal.port, {}, { headers });
    await viewer.leave();
  }
});

describe('SHELL_LIMIT shells', () => {
  test('that are in use are not replaced', async () => {
    terminal = await Terminal.start({}, { SHELL_LIMIT: '1' });
    await (await terminal.page()).message('shell');
    const second = await terminal.page();
    expect(await second.message('error')).toEqual({
      type: 'error',
      message: 'the limit of open shells, 1, is reached. Fix: close one, or set SHELL_LIMIT.',
    });
    expect(await second.closed()).toBe(1013);
  });

  test('without viewers make room, the oldest first', async () => {
    terminal = await Terminal.start({}, { SHELL_LIMIT: '2' });
    const [first, second] = [await terminal.page(), await terminal.page()];
    const [one, other] = [await first.message('shell'), await second.message('shell')];
    await first.leave();
    await second.leave();
    await (await terminal.page()).message('shell');
    expect(await (await terminal.page({ shell: other.id })).message('shell')).toMatchObject({ resumed: false });
    expect((await terminal.get('/terminal/status')).body).toMatchObject({ shells: 2 });
    expect(terminal.log).toContain(`"event":"shell.ended","shell":"${one.id}"`);
  });
});

describe('hostile frames', () => {
  test.each([
    ['binary', Buffer.from('{"type":"input","data":"x"}'), 1008],
    ['no JSON', '{"type":"input","data":', 1008],
    ['no object', '"input"', 1008],
    ['null', 'null', 1008],
    ['no type', '{"data":"x"}', 1008],
    ['a number as data', '{"type":"input","data":1}', 1008],
    ['an object as data', '{"type":"input","data":{"toString":"x"}}', 1008],
    ['a size of text', '{"type":"resize","cols":"wide","rows":1}', 1008],
    ['a size below 1', '{"type":"resize","cols":0,"rows":-1}', 1008],
    ['a size that is not whole', '{"type":"resize","cols":1.5,"rows":1e999}', 1008],
    ['more than a MiB', JSON.stringify({ type: 'input', data: 'x'.repeat(MIB) }), 1009],
  ])('close their viewer only: %s', async (_name, frame, code) => {
    terminal = await Terminal.start();
    const other = await terminal.page();
    const { id } = await other.message('shell');
    const viewer = await terminal.page({ shell: id });
    await viewer.message('shell');
    viewer.socket.send(frame, { binary: frame instanceof Buffer });
    expect(await viewer.closed()).toBe(code);
    const shell = await terminal.vm?.shell();
    other.send({ type: 'input', data: 'ok' });
    await eventually(() => shell?.received === 'ok');
  });

  test('of a type that is not known yet are ignored', async () => {
    terminal = await Terminal.start();
    const viewer = await terminal.page();
    viewer.send({ type: 'ping' });
    viewer.send({ type: '__proto__', data: [] });
    viewer.send({ type: 'input', data: 'ok' });
    const shell = await terminal.vm?.shell();
    await eventually(() => shell?.received === 'ok');
    expect(viewer.closeCode).toBeUndefined();
  });

  test('that are no frames at all end only their connection', async () => {
    terminal = await Terminal.start();
    const socket = connect(terminal.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'GET /terminal/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n',
    );
    socket.once('data', () => socket.write(Buffer.alloc(4096, 0xff)));
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await terminal.get('/health')).status).toBe(200);
  });
});

describe('a viewer that reads slowly', () => {
  const line = `${'x'.repeat(1022)}\r\n`;
  const total = 48 * MIB;

  async function fill(): Promise<void> {
    const shell = await terminal.vm?.shell();
    for (let sent = 0; sent < total; sent += 64 * line.length) await shell?.write(line.repeat(64));
    await shell?.write('the end');
  }

  test('slows the VM down, and misses nothing', async () => {
    terminal = await Terminal.start();
    const viewer = await terminal.page();
    await viewer.message('shell');
    const hold = jest.spyOn(Shell.prototype, 'hold');
    viewer.socket.pause();
    let hasEnded = false;
    const filling = fill().then(() => (hasEnded = true));
    await eventually(() => hold.mock.calls.length > 0);
    expect(hasEnded).toBe(false);
    viewer.socket.resume();
    await filling;
    await viewer.shows('the end');
    expect(viewer.output).toHaveLength(total + 'the end'.length);
    expect(viewer.output).not.toContain('\u001bc');
  });

  test('and only reads holds nobody up, and gets the recent output when it has caught up', async () => {
    terminal = await Terminal.start();
    const writer = await terminal.page();
    const { id } = await writer.message('shell');
    const reader = await terminal.page({ shell: id, readonly: '1' });
    await reader.message('shell');
    reader.socket.pause();
    await fill();
    await writer.shows('the end');
    reader.socket.resume();
    await reader.shows('the end');
    expect(writer.output).toHaveLength(total + 'the end'.length);
    expect(reader.output.length).toBeLessThan(total);
    expect(reader.screen.endsWith(`${line}the end`)).toBe(true);
    expect(reader.screen.startsWith(line)).toBe(true);
  });
});

test('input that the VM does not take waits, without limit for the viewer and with one in memory', async () => {
  terminal = await Terminal.start({ onShell: ({ channel }) => channel.pause() });
  const viewer = await terminal.page();
  await viewer.message('shell');
  const part = 'y'.repeat(64 * 1024);
  for (let sent = 0; sent < 8 * MIB; sent += part.length) viewer.send({ type: 'input', data: part });
  const shell = await terminal.vm?.shell();
  // The terminal has stopped reading: this much is more than the window of SSH and all buffers on the way.
  await eventually(() => viewer.socket.bufferedAmount > 0);
  shell?.channel.resume();
  expect(await eventually(() => shell?.received.length === 8 * MIB)).toBe(true);
});
