import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isBuiltin } from 'node:module';
import { temporaryFolder } from '../../support/project';
import { eventually } from './support/eventually';
import { FakeVm } from './support/fake-vm';
import { BUILT } from './support/terminal';
import { TestViewer } from './support/test-viewer';

const processes: ChildProcess[] = [];
let vm: FakeVm | undefined;

afterEach(async () => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  await vm?.stop();
  vm = undefined;
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** A copy without node_modules above it, and with nothing in the environment but what the pod sets. */
function start(environment: Record<string, string>): Run {
  const folder = temporaryFolder();
  cpSync(BUILT, folder, { recursive: true });
  const child = spawn(process.execPath, ['server.js'], { cwd: folder, env: environment });
  processes.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  return { child, output: () => output };
}

async function portOf(run: Run): Promise<number> {
  const [, port] = await eventually(() => /"event":"started".*"port":(\d+)/.exec(run.output()) ?? undefined);
  return Number(port);
}

const ENVIRONMENT = { SESSION_ID: 'alice-001', VM_IP: '127.0.0.1', PORT: '0' };

test('the image has all its files, and the server needs Node only', () => {
  expect(readdirSync(BUILT).sort()).toEqual(['THIRD-PARTY-NOTICES', 'index.html', 'page.css', 'page.js', 'server.js']);
  const required = readFileSync(join(BUILT, 'server.js'), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g);
  const names = Array.from(required, ([, name = '']) => name);
  expect(names).toContain('node:http');
  expect(names.filter((name) => !isBuiltin(name))).toEqual([]);
  const notices = readFileSync(join(BUILT, 'THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['ssh2 1.17.0 (MIT)', '@xterm/xterm 6.0.0 (MIT)', 'ws 8.23.0 (MIT)'])
    expect(notices).toContain(name);
});

test('the server answers, opens a shell, and ends at SIGTERM with 1001 for its viewers', async () => {
  vm = await FakeVm.start();
  const run = start({ ...ENVIRONMENT, VM_SSH_PORT: String(vm.port), SSH_PASSWORD: 'planted-password' });
  const port = await portOf(run);
  const answers = await Promise.all(
    ['/health', '/ready', '/', '/page.js'].map((path) => fetch(`http://127.0.0.1:${String(port)}${path}`)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const viewer = await TestViewer.open(port, { protocol: '2' });
  await viewer.message('shell');
  await (await vm.shell()).write('hello');
  await viewer.shows('hello');
  const exit = once(run.child, 'exit');
  run.child.kill('SIGTERM');
  expect(await viewer.closed()).toBe(1001);
  expect(await exit).toEqual([0, null]);
  expect(run.output()).toContain('"event":"stopped"');
  expect(run.output()).not.toMatch(/hello|planted-password/);
});

test('the server ends at SIGTERM when a viewer does not close its connection', async () => {
  vm = await FakeVm.start();
  const run = start({ ...ENVIRONMENT, VM_SSH_PORT: String(vm.port) });
  const viewer = await TestViewer.open(await portOf(run), { protocol: '2' });
  await viewer.message('shell');
  viewer.socket.pause();
  const exit = once(run.child, 'exit');
  run.child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test('the server names all mistakes of its environment at once', async () => {
  const run = start({ VM_IP: 'vm', VM_SSH_PORT: '0', ALLOWED_ORIGINS: 'labs.example.com', BASE_PATH: '/a b' });
  expect(await once(run.child, 'exit')).toEqual([1, null]);
  const { problem } = JSON.parse(run.output()) as { problem: string };
  expect(problem.split('\n')).toEqual([
    'SESSION_ID is not set. Fix: set it to the id of the session',
    'VM_IP: "vm" is no IP address',
    'VM_SSH_PORT: "0" is no whole number from 1 to 65535',
    'BASE_PATH: "/a b" is no path. Accepted: for example /sessions/alice-001/terminal',
    'ALLOWED_ORIGINS: "labs.example.com" is no origin. Accepted: for example https://labs.example.com',
  ]);
});
