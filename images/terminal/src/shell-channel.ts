import type { Client, ClientChannel } from 'ssh2';
import { refused } from './vm-problem';

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface ShellChannel {
  readonly channel: ClientChannel;
  /** The exit code, if there is one, when the channel closes. */
  readonly ending: Promise<number | undefined>;
  /** Whether the shell runs in tmux, and so outlives the connection. */
  readonly isKept: boolean;
}

/** Time for an answer to a request that opens a channel or starts a program. */
const ANSWER_MS = 10_000;

const SETTINGS = [
  // The terminal of the page scrolls and selects by itself and has all colours, and all keys are the shell's.
  'set-option -g status off',
  'set-option -g prefix None',
  'set-option -g prefix2 None',
  'set-option -g escape-time 10',
  'set-option -g history-limit 10000',
  'set-option -g default-terminal screen-256color',
  `set-option -ga terminal-overrides ',xterm*:smcup@:rmcup@:Tc'`,
  // Without it tmux of the user in this shell refuses to start.
  `set-option -g default-command 'unset TMUX TMUX_PANE; exec "\${SHELL:-/bin/sh}" -l'`,
];

/**
 * Attaches to the shell with this id, in place of a connection that was lost, or starts it. An own server: the user's tmux keeps its
 * settings.
 */
export function tmuxCommand(id: string): string {
  if (!isShellId(id)) throw new Error('not an id of a shell');
  const commands = ['start-server', ...SETTINGS, `new-session -A -D -s dozlab-${id}`];
  return `exec tmux -u -L dozlab -f /dev/null ${commands.join(' \\; ')}`;
}

export const isShellId = (text: string): boolean => /^[a-z0-9]{6,32}$/.test(text);

/** Also fails where tmux is there and cannot run: it ends at once in a VM without a UTF-8 locale. */
export const TMUX_RUNS = 'tmux -V';

/**
 * Starts a shell: in tmux if the VM runs it and the shell has an id to come back to, otherwise the user's login shell.
 * @throws VmProblem
 */
export async function openShell(client: Client, id: string | undefined, size: Size): Promise<ShellChannel> {
  const pty = { term: 'xterm-256color', width: 0, height: 0, ...size };
  const isKept = id !== undefined && (await succeeds(client, TMUX_RUNS));
  const opened = await answered<Omit<ShellChannel, 'isKept'>>((done) => {
    const ready = onOpened(done);
    if (isKept) client.exec(tmuxCommand(id), { pty }, ready);
    else client.shell(pty, ready);
  });
  return { ...opened, isKept };
}

/** Whether a command in the VM exits with 0. */
async function succeeds(client: Client, command: string): Promise<boolean> {
  try {
    const { channel, ending } = await answered<Omit<ShellChannel, 'isKept'>>((done) => {
      client.exec(command, onOpened(done));
    });
    channel.resume();
    channel.stderr.resume();
    const code = await answered<number | undefined>((done) => {
      void ending.then((value) => done(undefined, value));
    });
    return code === 0;
  } catch {
    return false;
  }
}

type Done<T> = (error: Error | undefined, value?: T) => void;

/** Listens at once: the exit code may be in the packet that opens the channel. */
const onOpened =
  (done: Done<Omit<ShellChannel, 'isKept'>>) =>
  (error: Error | undefined, channel: ClientChannel): void => {
    if (error !== undefined) return done(error);
    const ending = new Promise<number | undefined>((resolve) => {
      let exit: number | undefined;
      channel.on('exit', (code: number | null) => (exit = code ?? undefined)).on('close', () => resolve(exit));
    });
    channel.on('error', () => undefined);
    done(undefined, { channel, ending });
  };

function answered<T>(ask: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(refused(`the VM starts no shell: ${reason}.`));
    const timer = setTimeout(() => fail('sshd does not answer in time'), ANSWER_MS);
    const done: Done<T> = (error, value) => {
      clearTimeout(timer);
      if (error === undefined) resolve(value as T);
      else fail(error.message);
    };
    try {
      ask(done);
    } catch (error) {
      // ssh2 throws when the connection has just closed.
      done(error as Error);
    }
  });
}
