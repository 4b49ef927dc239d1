import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import type { Message } from '../../../images/terminal/src/messages';
import { Viewer, type ViewedShell } from '../../../images/terminal/src/viewer';

const MIB = 1024 * 1024;

/** A WebSocket whose other side reads when the test says so. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  isPaused = false;
  isTerminated = false;
  pings = 0;
  readonly sent: Message[] = [];
  private readonly waiting: (() => void)[] = [];

  send(data: string, done: () => void): void {
    this.sent.push(JSON.parse(data) as Message);
    this.wait(data.length, done);
  }

  pong(data: Buffer, _mask: boolean, done: () => void): void {
    this.wait(data.length, done);
  }

  ping(): void {
    this.pings++;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  /** The other side reads all that was sent until now. */
  read(): void {
    this.bufferedAmount = 0;
    for (const done of this.waiting.splice(0)) done();
  }

  private wait(length: number, done: () => void): void {
    this.bufferedAmount += length;
    this.waiting.push(done);
  }
}

function viewerOf(options: { isReadOnly: boolean }) {
  const socket = new FakeSocket();
  const calls: string[] = [];
  const viewer = new Viewer(socket as unknown as WebSocket, { protocol: 2, ...options });
  const shell: ViewedShell = {
    id: 'abc123',
    isKept: false,
    input: (data) => calls.push(`input ${data}`),
    resize: ({ cols, rows }) => calls.push(`resize ${String(cols)}x${String(rows)}`),
    hold: () => calls.push('hold'),
    release: () => calls.push('release'),
    detach: () => calls.push('detach'),
    caughtUp: (_viewer, hasMissed) => calls.push(hasMissed ? 'replay' : 'go on'),
  };
  return { socket, viewer, shell, calls };
}

function attached(options: { isReadOnly: boolean }) {
  const parts = viewerOf(options);
  parts.viewer.attachedTo(parts.shell, false);
  parts.socket.read();
  return parts;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a viewer reads no input until it has a shell', () => {
  const { socket, viewer, shell } = viewerOf({ isReadOnly: false });
  expect(socket.isPaused).toBe(true);
  viewer.attachedTo(shell, false);
  expect(socket.isPaused).toBe(false);
});

test('a slow viewer holds the shell until it has read', () => {
  const { socket, viewer, calls } = attached({ isReadOnly: false });
  viewer.show('x'.repeat(MIB));
  viewer.show('still sent');
  expect(calls).toEqual(['hold']);
  socket.read();
  expect(calls).toEqual(['hold', 'release', 'go on']);
  jest.runAllTimers();
  expect(calls).toHaveLength(3);
});

test('a slow viewer holds the shell for 10 s, then misses output, and gets it when it has read', () => {
  const { socket, viewer, calls } = attached({ isReadOnly: false });
  viewer.show('x'.repeat(MIB));
  jest.advanceTimersByTime(9_999);
  expect(calls).toEqual(['hold']);
  jest.advanceTimersByTime(1);
  expect(calls).toEqual(['hold', 'release']);
  const { length } = socket.sent;
  for (let index = 0; index < 1000; index++) viewer.show('missed');
  expect(socket.sent).toHaveLength(length);
  socket.read();
  expect(calls.slice(2)).toEqual(['release', 'replay']);
});

test('a slow reader holds nothing, and gets no replay if it has missed nothing', () => {
  const { socket, viewer, calls } = attached({ isReadOnly: true });
  viewer.replay('x'.repeat(MIB));
  socket.read();
  expect(calls).not.toContain('hold');
  expect(calls.at(-1)).toBe('go on');
});

test('no message adds to what a slow viewer has not read', () => {
  const { socket, viewer } = attached({ isReadOnly: true });
  viewer.show('x'.repeat(MIB));
  const before = socket.bufferedAmount;
  for (let index = 0; index < 1000; index++) {
    viewer.show('output');
    viewer.resized({ cols: index, rows: 1 });
    socket.emit('ping', Buffer.alloc(125));
  }
  expect(socket.bufferedAmount).toBe(before);
});

test('a flood of pings that are not read is answered up to a limit, and later again', () => {
  const { socket, calls } = attached({ isReadOnly: true });
  for (let index = 0; index < 100_000; index++) socket.emit('ping', Buffer.alloc(125));
  expect(socket.bufferedAmount).toBeLessThan(MIB);
  socket.read();
  socket.emit('ping', Buffer.alloc(125));
  expect(socket.bufferedAmount).toBe(125);
  expect(calls.at(-1)).toBe('go on');
});

describe('a viewer is ended', () => {
  test('if it answers no ping, although the system takes its data', () => {
    const { socket, viewer } = attached({ isReadOnly: false });
    viewer.checkAlive();
    viewer.show('x');
    socket.read();
    expect(socket).toMatchObject({ pings: 1, isTerminated: false });
    viewer.checkAlive();
    expect(socket.isTerminated).toBe(true);
  });

  test('not if it answers, reads slowly, or is not read', () => {
    const { socket, viewer } = attached({ isReadOnly: false });
    const checkAfter = (event: () => void) => {
      viewer.checkAlive();
      event();
      viewer.checkAlive();
    };
    checkAfter(() => socket.emit('pong'));
    socket.emit('pong');
    viewer.show('x'.repeat(MIB));
    checkAfter(() => socket.read());
    socket.emit('pong');
    viewer.holdInput(true);
    checkAfter(() => undefined);
    viewer.holdInput(false);
    expect(socket.isTerminated).toBe(false);
  });
});
