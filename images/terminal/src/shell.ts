import { StringDecoder } from 'node:string_decoder';
import type { Connection } from './connection';
import { RecentOutput } from './recent-output';
import type { ShellChannel, Size } from './shell-channel';
import { ShellInput } from './shell-input';
import type { Ending, ViewedShell, Viewer } from './viewer';

export interface ShellParts {
  readonly id: string;
  readonly connection: Connection;
  readonly shell: ShellChannel;
  readonly size: Size;
  readonly outputBytes: number;
  /** Called when the last viewer left. */
  readonly onEmpty: () => void;
  readonly onEnd: (ending: Ending) => void;
}

/** A running shell in the VM, its recent output and those who see it. */
export class Shell implements ViewedShell {
  readonly id: string;
  readonly isKept: boolean;
  readonly viewers = new Set<Viewer>();
  private readonly recent: RecentOutput;
  private readonly pendingInput: ShellInput;
  private readonly decoder = new StringDecoder('utf8');
  private readonly holding = new Set<Viewer>();
  private pending = '';
  private size: Size;
  private ending: Ending | undefined;

  constructor(private readonly parts: ShellParts) {
    const { id, shell, size, connection, outputBytes } = parts;
    const { channel, ending } = shell;
    this.id = id;
    this.isKept = shell.isKept;
    this.size = size;
    this.recent = new RecentOutput(outputBytes);
    this.pendingInput = new ShellInput(channel, connection.socket, (isHeld) => {
      for (const viewer of this.viewers) viewer.holdInput(isHeld);
    });
    for (const stream of [channel, channel.stderr]) stream.on('data', (data: Buffer) => this.output(data));
    void ending.then((code) => this.ended({ code }));
    const lost = { problem: 'the connection to the VM was lost. It may have restarted.' };
    connection.client.on('close', () => this.ended(lost));
  }

  attach(viewer: Viewer): void {
    const isResumed = this.viewers.size > 0 || this.recent.isUsed;
    this.flush();
    viewer.attachedTo(this, isResumed);
    this.caughtUp(viewer, isResumed);
    // It may have ended as soon as it had started.
    if (this.ending !== undefined) return viewer.shellEnded(this.ending);
    this.viewers.add(viewer);
    if (this.pendingInput.isHeld) viewer.holdInput(true);
  }

  detach(viewer: Viewer): void {
    this.release(viewer);
    if (this.viewers.delete(viewer) && this.viewers.size === 0 && this.ending === undefined) this.parts.onEmpty();
  }

  input(data: string): void {
    if (this.ending === undefined) this.pendingInput.add(data);
  }

  resize({ cols, rows }: Size): void {
    if (this.ending !== undefined || (cols === this.size.cols && rows === this.size.rows)) return;
    this.size = { cols, rows };
    this.parts.shell.channel.setWindow(rows, cols, 0, 0);
    for (const viewer of this.viewers) viewer.resized(this.size);
  }

  /** Stops the output of the VM until all viewers that asked for it have released it. */
  hold(viewer: Viewer): void {
    this.holding.add(viewer);
    this.parts.connection.socket.pause();
  }

  release(viewer: Viewer): void {
    if (this.holding.delete(viewer) && this.holding.size === 0) this.parts.connection.socket.resume();
  }

  /** Sends what the viewer does not have. */
  caughtUp(viewer: Viewer, hasMissed: boolean): void {
    this.flush();
    viewer.resized(this.size);
    if (hasMissed) viewer.replay(this.recent.text());
  }

  /** Closes the connection. A shell in tmux runs on. */
  close(): void {
    this.ended({});
  }

  private output(data: Buffer): void {
    this.recent.add(data);
    if (this.pending === '') setImmediate(() => this.flush());
    this.pending += this.decoder.write(data);
  }

  /** One message for all that came at once. */
  private flush(): void {
    const text = this.pending;
    this.pending = '';
    if (text !== '') for (const viewer of this.viewers) viewer.show(text);
  }

  private ended(ending: Ending): void {
    if (this.ending !== undefined) return;
    this.flush();
    this.ending = ending;
    const viewers = Array.from(this.viewers);
    this.viewers.clear();
    this.parts.onEnd(ending);
    for (const viewer of viewers) viewer.shellEnded(ending);
    this.parts.connection.client.end();
    this.parts.connection.socket.destroySoon();
  }
}
