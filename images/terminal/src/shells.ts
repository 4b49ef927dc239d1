import { randomInt } from 'node:crypto';
import type { Config } from './config';
import type { Connection } from './connection';
import type { Log } from './log';
import { Shell } from './shell';
import { openShell, type Size } from './shell-channel';
import { CLOSE, type Ending, type Viewer } from './viewer';
import { VmProblem } from './vm-problem';

export interface Wanted {
  /** Of a shell to come back to, which may run in this process, in the VM's tmux, or not at all. */
  readonly id: string | undefined;
  /** Whether the viewer learns the id, and so can come back. */
  readonly canReturn: boolean;
  readonly size: Size;
}

export type Connect = (signal: AbortSignal) => Promise<Connection>;

/** The shells of this process by id, within their limits. */
export class Shells {
  private readonly running = new Map<string, Shell>();
  private readonly starting = new Map<string, Promise<Shell>>();
  /** Shells without viewers, in the order in which the last one left. */
  private readonly waiting = new Map<Shell, NodeJS.Timeout>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly config: Pick<Config, 'shellLimit' | 'graceSeconds' | 'outputBytes'>,
    private readonly connect: Connect,
    private readonly log: Log,
  ) {}

  get count(): number {
    return this.running.size + this.starting.size;
  }

  /** Shows a shell to the viewer, or closes the viewer with what is wrong. */
  async attach(viewer: Viewer, wanted: Wanted): Promise<void> {
    try {
      const shell = viewer.isReadOnly ? await this.forReader(wanted.id) : await this.forWriter(wanted);
      if (shell === undefined) return viewer.fail('no such shell runs. Open the terminal first.', CLOSE.noShell);
      if (!viewer.isOpen) return this.leftAlone(shell, wanted.canReturn);
      clearTimeout(this.waiting.get(shell));
      this.waiting.delete(shell);
      shell.attach(viewer);
      if (!viewer.isReadOnly) shell.resize(wanted.size);
    } catch (error) {
      const problem = error instanceof VmProblem ? error.message : 'the terminal has a defect. See its log.';
      this.log('shell.failed', { problem: error instanceof VmProblem ? problem : String(error) });
      viewer.fail(problem, CLOSE.later);
    }
  }

  /** Closes all connections. Shells in tmux run on. */
  close(): void {
    this.stopping.abort(new VmProblem('the terminal stops', false));
    for (const shell of Array.from(this.running.values())) shell.close();
  }

  /** Without an id: the shell that a viewer came to last. */
  private async forReader(id: string | undefined): Promise<Shell | undefined> {
    if (id !== undefined) return this.running.get(id) ?? (await this.starting.get(id));
    return Array.from(this.running.values()).at(-1);
  }

  private async forWriter({ id, canReturn, size }: Wanted): Promise<Shell> {
    const name = id ?? randomId();
    const running = this.running.get(name);
    if (running !== undefined) {
      this.running.delete(name);
      this.running.set(name, running);
      return running;
    }
    let starting = this.starting.get(name);
    if (starting === undefined) {
      this.makeRoom();
      starting = this.start(name, canReturn, size).finally(() => this.starting.delete(name));
      this.starting.set(name, starting);
    }
    return starting;
  }

  /** Closes the shell that has waited longest for a viewer, if there are too many. */
  private makeRoom(): void {
    if (this.count < this.config.shellLimit) return;
    const [oldest] = this.waiting.keys();
    if (oldest === undefined)
      throw new VmProblem(
        `the limit of open shells, ${String(this.config.shellLimit)}, is reached. Fix: close one, or set SHELL_LIMIT.`,
        false,
      );
    oldest.close();
  }

  private async start(id: string, canReturn: boolean, size: Size): Promise<Shell> {
    const connection = await this.connect(this.stopping.signal);
    try {
      const opened = await openShell(connection.client, canReturn ? id : undefined, size);
      this.stopping.signal.throwIfAborted();
      const shell: Shell = new Shell({
        id,
        connection,
        shell: opened,
        size,
        outputBytes: this.config.outputBytes,
        onEmpty: () => this.leftAlone(shell, canReturn),
        onEnd: (ending) => this.forget(shell, ending),
      });
      this.running.set(id, shell);
      this.log('shell.started', { shell: id, tmux: opened.isKept });
      return shell;
    } catch (error) {
      connection.socket.destroy();
      throw error;
    }
  }

  private leftAlone(shell: Shell, canReturn: boolean): void {
    if (shell.viewers.size > 0 || this.running.get(shell.id) !== shell) return;
    const wait = canReturn ? this.config.graceSeconds * 1000 : 0;
    clearTimeout(this.waiting.get(shell));
    if (wait === 0) return shell.close();
    this.waiting.set(
      shell,
      setTimeout(() => shell.close(), wait),
    );
  }

  private forget(shell: Shell, { code, problem }: Ending): void {
    clearTimeout(this.waiting.get(shell));
    this.waiting.delete(shell);
    this.running.delete(shell.id);
    this.log('shell.ended', { shell: shell.id, code, problem });
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

const randomId = (): string => Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
