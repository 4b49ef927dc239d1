import type { Socket } from 'node:net';
import type { ClientChannel } from 'ssh2';

const HELD_CHARACTERS = 64 * 1024;

/** Input on its way to the VM: one write at a time, and a limit on what waits. Many small writes would each cost an object. */
export class ShellInput {
  isHeld = false;
  private pending = '';
  private isWriting = false;

  constructor(
    private readonly channel: ClientChannel,
    /** The channel writes into its buffer, whatever is in it. */
    private readonly socket: Socket,
    private readonly onHold: (isHeld: boolean) => void,
  ) {}

  add(data: string): void {
    this.pending += data;
    if (!this.isWriting) this.write();
    else if (this.pending.length > HELD_CHARACTERS) this.hold(true);
  }

  private write(): void {
    if (this.pending === '' || !this.channel.writable) return;
    const text = this.pending;
    this.pending = '';
    this.isWriting = true;
    this.channel.write(text, () => {
      if (this.socket.writableNeedDrain) this.socket.once('drain', () => this.written());
      else this.written();
    });
  }

  private written(): void {
    this.isWriting = false;
    this.hold(false);
    this.write();
  }

  private hold(isHeld: boolean): void {
    if (isHeld === this.isHeld) return;
    this.isHeld = isHeld;
    this.onHold(isHeld);
  }
}
