import { generateKeyPairSync } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { Server, type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import { TMUX_RUNS } from '../../../../images/terminal/src/shell-channel';
import { eventually } from './eventually';

export interface FakeVmOptions {
  /** @default every login */
  readonly accepts?: (login: AuthContext) => boolean;
  /** Whether `accepts` answers logins by itself if it gives true. */
  readonly isPrompting?: boolean;
  readonly hasTmux?: boolean;
  readonly hostKey?: string;
  /** @default a free one */
  readonly port?: number;
  /** Called when a shell starts. */
  readonly onShell?: (shell: FakeShell) => void;
}

/** A shell as the VM's side sees it. */
export class FakeShell {
  received = '';
  readonly sizes: string[] = [];
  isClosed = false;

  constructor(
    readonly channel: ServerChannel,
    /** The command, or undefined for a login shell. */
    readonly command: string | undefined,
    size: string,
  ) {
    this.sizes.push(size);
    channel.on('data', (data: Buffer) => (this.received += data.toString('utf8')));
    channel.on('close', () => (this.isClosed = true));
    channel.on('error', () => undefined);
  }

  /** Waits while the other side reads nothing. */
  write(data: string | Buffer): Promise<void> {
    return new Promise((resolve) => this.channel.write(data, () => resolve()));
  }

  exit(code: number): void {
    this.channel.exit(code);
    this.channel.end();
  }
}

/** ssh2's own generator makes a malformed key now and then. */
export const newKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString();

/** An SSH server whose shells the test plays. */
export class FakeVm {
  readonly shells: FakeShell[] = [];
  connections = 0;
  private readonly open = new Set<Connection>();
  private readonly server: Server;
  port = 0;

  private constructor(private readonly options: FakeVmOptions) {
    this.server = new Server({ hostKeys: [options.hostKey ?? newKey()] }, (client) => this.serve(client));
  }

  static async start(options: FakeVmOptions = {}): Promise<FakeVm> {
    const vm = new FakeVm(options);
    vm.port = await new Promise((resolve) => {
      vm.server.listen(options.port ?? 0, '127.0.0.1', () => resolve((vm.server.address() as AddressInfo).port));
    });
    return vm;
  }

  async shell(index = 0): Promise<FakeShell> {
    return eventually(() => this.shells[index]);
  }

  /** Ends all connections too. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const client of this.open) client.end();
    await closed;
  }

  private serve(client: Connection): void {
    this.connections++;
    this.open.add(client);
    client
      .on('error', () => undefined)
      .on('close', () => this.open.delete(client))
      .on('authentication', (login) => {
        const isAccepted = this.options.accepts?.(login) ?? true;
        if (isAccepted && this.options.isPrompting !== true) login.accept();
        if (!isAccepted) login.reject(['publickey', 'password', 'keyboard-interactive']);
      })
      .on('session', (accept) => {
        const session = accept();
        let size = '';
        let shell: FakeShell | undefined;
        const start = (channel: ServerChannel, command?: string) => {
          shell = new FakeShell(channel, command, size);
          this.shells.push(shell);
          this.options.onShell?.(shell);
        };
        session
          .on('pty', (done, _reject, { cols, rows }) => {
            size = `${cols}x${rows}`;
            done();
          })
          .on('window-change', (_done, _reject, { cols, rows }) => shell?.sizes.push(`${cols}x${rows}`))
          .on('shell', (done) => start(done()))
          .on('exec', (done, _reject, { command }) => {
            const channel = done();
            if (command !== TMUX_RUNS) return start(channel, command);
            channel.exit(this.options.hasTmux === true ? 0 : 1);
            channel.end();
          });
      });
  }
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
