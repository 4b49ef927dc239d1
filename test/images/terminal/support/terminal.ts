import { join } from 'node:path';
import { readConfig, type Environment } from '../../../../images/terminal/src/config';
import { logTo } from '../../../../images/terminal/src/log';
import { TerminalServer } from '../../../../images/terminal/src/server';
import { REPOSITORY } from '../../../support/cli';
import { FakeVm, type FakeVmOptions } from './fake-vm';
import { TestViewer, type Query } from './test-viewer';

export const BUILT = join(REPOSITORY, 'build', 'images', 'terminal');

/** A terminal and its VM. */
export class Terminal {
  private readonly viewers: TestViewer[] = [];
  private server: TerminalServer | undefined;
  vm: FakeVm | undefined;
  port = 0;
  log = '';

  static async start(options: FakeVmOptions = {}, environment: Environment = {}): Promise<Terminal> {
    const vm = await FakeVm.start(options);
    const terminal = await Terminal.at(vm.port, environment);
    terminal.vm = vm;
    return terminal;
  }

  /** Without a VM of its own. */
  static async at(vmPort: number, environment: Environment = {}): Promise<Terminal> {
    const terminal = new Terminal();
    const config = readConfig({
      SESSION_ID: 'alice-001',
      VM_IP: '127.0.0.1',
      VM_SSH_PORT: String(vmPort),
      PORT: '0',
      ...environment,
    });
    terminal.server = new TerminalServer(config, BUILT, logTo({ write: (text) => (terminal.log += text) }));
    terminal.port = await terminal.server.start();
    return terminal;
  }

  async open(query: Query = {}): Promise<TestViewer> {
    const viewer = await TestViewer.open(this.port, query);
    this.viewers.push(viewer);
    return viewer;
  }

  /** A viewer as the page is one. */
  page = (query: Query = {}): Promise<TestViewer> => this.open({ protocol: '2', ...query });

  async get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`http://127.0.0.1:${String(this.port)}${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async stop(): Promise<void> {
    for (const { socket } of this.viewers) socket.terminate();
    await this.server?.stop();
    await this.vm?.stop();
  }
}
