import { createHash } from 'node:crypto';

/**
 * The host key of the VM: the first one is pinned as long as the process runs. Another key is accepted only if the VM was
 * down since the pinned one was seen, as after a restart with a new disk.
 */
export class HostKey {
  private pinned: string | undefined;
  private wasDown = false;

  constructor(private readonly onChange: (before: string, now: string) => void) {}

  /** To be called when nothing answers on the VM's port. */
  sawDown(): void {
    this.wasDown = true;
  }

  /** Gives why the key is refused, or undefined. */
  problem(key: Buffer): string | undefined {
    const now = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
    const before = this.pinned;
    if (before !== undefined && before !== now && !this.wasDown)
      return `the VM has another host key (${now}) than before (${before}), although it did not restart. Fix: if sshd got a new key, restart the terminal's container.`;
    if (before !== undefined && before !== now) this.onChange(before, now);
    this.pinned = now;
    this.wasDown = false;
    return undefined;
  }
}
