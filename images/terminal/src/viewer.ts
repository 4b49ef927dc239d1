import type { RawData, WebSocket } from 'ws';
import { parseRequest, type Message } from './messages';
import type { Size } from './shell-channel';

/** How a shell ended: by itself, with the exit code if there is one, or by a problem. */
export interface Ending {
  readonly code?: number | undefined;
  readonly problem?: string;
}

/** What a viewer asks of its shell. */
export interface ViewedShell {
  readonly id: string;
  readonly isKept: boolean;
  input(data: string): void;
  resize(size: Size): void;
  hold(viewer: Viewer): void;
  release(viewer: Viewer): void;
  caughtUp(viewer: Viewer, hasMissed: boolean): void;
  detach(viewer: Viewer): void;
}

export interface ViewerOptions {
  readonly isReadOnly: boolean;
  /** 1: only the messages of the first terminal sidecar. */
  readonly protocol: 1 | 2;
  /** How long a slow viewer with input stops the shell's output. @default 10000 */
  readonly holdMs?: number;
}

/** Close codes: 1xxx of RFC 6455, 4xxx our own. */
export const CLOSE = { ended: 1000, goingAway: 1001, policy: 1008, later: 1013, noShell: 4004 } as const;

/** Bytes that wait for a viewer before it counts as slow, and before it counts as quick again. */
const SLOW_BYTES = 512 * 1024;
const QUICK_BYTES = 64 * 1024;

const RESET = '\u001bc';
const PROTOCOL_1: readonly Message['type'][] = ['output', 'error'];

/**
 * One WebSocket at a shell. A viewer that reads too slowly holds the shell's output for a while; after that, and at once if it is read-only,
 * it misses output and gets the recent output when it has caught up. What waits for it never exceeds SLOW_BYTES and one message.
 */
export class Viewer {
  readonly isReadOnly: boolean;
  private shell: ViewedShell | undefined;
  private state: 'current' | 'holding' | 'lagging' = 'current';
  private hasMissed = false;
  private holdTimer: NodeJS.Timeout | undefined;
  private isAlive = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: ViewerOptions,
  ) {
    this.isReadOnly = options.isReadOnly;
    // Input waits for the shell.
    socket.pause();
    // ws closes the socket after an error, such as a frame that is too large.
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('pong', () => (this.isAlive = true));
    // Answers to pings that nobody reads would fill the memory.
    socket.on('ping', (data: Buffer) => {
      if (this.state === 'current') socket.pong(data, false, () => this.sent());
      this.checkSpeed();
    });
    socket.on('close', () => {
      clearTimeout(this.holdTimer);
      this.shell?.detach(this);
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Called by the shell. */
  attachedTo(shell: ViewedShell, isResumed: boolean): void {
    this.shell = shell;
    const { id, isKept } = shell;
    this.socket.resume();
    this.send({ type: 'shell', id, resumed: isResumed, kept: isKept, readonly: this.isReadOnly });
  }

  /** A slow viewer gets the latest size when it has caught up. */
  resized(size: Size): void {
    if (this.state === 'current') this.send({ type: 'size', ...size });
  }

  show(data: string): void {
    if (this.state === 'lagging') this.hasMissed = true;
    else this.send({ type: 'output', data });
  }

  /** Recent output, in place of what the viewer had. */
  replay(data: string): void {
    this.send({ type: 'output', data: RESET + data, replay: true });
  }

  send(message: Message): void {
    if (!this.isOpen || (this.options.protocol === 1 && !PROTOCOL_1.includes(message.type))) return;
    this.socket.send(JSON.stringify(message), () => this.sent());
    this.checkSpeed();
  }

  fail(message: string, code: number): void {
    this.send({ type: 'error', message });
    this.close(code);
  }

  /** Called by the shell, which has forgotten this viewer. */
  shellEnded(ending: Ending): void {
    if (ending.problem !== undefined) return this.fail(ending.problem, CLOSE.later);
    if (this.options.protocol === 1) return this.fail('the shell has ended', CLOSE.ended);
    this.send({ type: 'exit', ...(ending.code === undefined ? {} : { code: ending.code }) });
    this.close(CLOSE.ended);
  }

  close(code: number): void {
    // The other side's answer must be read.
    this.socket.resume();
    this.socket.close(code);
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** Called every so often: ends the connection if nothing came or went since the last call. */
  checkAlive(): void {
    // Nothing is read from it, so no answer either.
    if (this.socket.isPaused) return;
    if (!this.isAlive) return this.terminate();
    this.isAlive = false;
    this.socket.ping();
  }

  /** Stops reading input while the VM takes none. */
  holdInput(isHeld: boolean): void {
    if (isHeld) this.socket.pause();
    else this.socket.resume();
  }

  private receive(data: RawData, isBinary: boolean): void {
    this.isAlive = true;
    const request = isBinary ? 'binary frames are not accepted' : parseRequest((data as Buffer).toString('utf8'));
    if (typeof request === 'string') return this.fail(request, CLOSE.policy);
    if (this.isReadOnly) return;
    if (request.type === 'input') this.shell?.input(request.data);
    if (request.type === 'resize') this.shell?.resize(request);
  }

  private checkSpeed(): void {
    if (this.state !== 'current' || this.socket.bufferedAmount <= SLOW_BYTES) return;
    if (this.isReadOnly) {
      this.state = 'lagging';
      return;
    }
    this.state = 'holding';
    this.shell?.hold(this);
    this.holdTimer = setTimeout(() => {
      this.state = 'lagging';
      this.shell?.release(this);
    }, this.options.holdMs ?? 10_000);
  }

  private sent(): void {
    // To a quick viewer, this only means that the system took the data.
    if (this.state === 'current') return;
    this.isAlive = true;
    if (this.socket.bufferedAmount > QUICK_BYTES) return;
    const { hasMissed } = this;
    clearTimeout(this.holdTimer);
    this.state = 'current';
    this.hasMissed = false;
    this.shell?.release(this);
    this.shell?.caughtUp(this, hasMissed);
  }
}
