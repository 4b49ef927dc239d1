import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthContext } from 'ssh2';
import { HostKey } from '../../../images/terminal/src/host-key';
import { temporaryFolder } from '../../support/project';
import { eventually } from './support/eventually';
import { FakeVm, newKey } from './support/fake-vm';
import { Terminal } from './support/terminal';

let terminal: Terminal;

afterEach(() => terminal.stop());

const PASSWORD = 'correct horse battery';
const KEY = newKey();

const byPassword = (login: AuthContext): boolean => login.method === 'password' && login.password === PASSWORD;

function file(content: string): string {
  const path = join(temporaryFolder(), 'secret');
  writeFileSync(path, content);
  return path;
}

/** What the viewer gets first: the type of the message, or the error. */
async function logIn(accepts: (login: AuthContext) => boolean, environment: Record<string, string>): Promise<string> {
  terminal = await Terminal.start({ accepts }, environment);
  const viewer = await terminal.page();
  await eventually(() => viewer.messages.length > 0);
  expectNoSecret(terminal.log);
  const [message] = viewer.messages;
  return message?.type === 'error' ? message.message : (message?.type ?? '');
}

function expectNoSecret(log: string): void {
  expect(log).toContain('"event":"viewer.opened"');
  expect(log).not.toContain(PASSWORD);
  expect(log).not.toContain(KEY.split('\n')[1]);
}

describe('the VM is entered', () => {
  test('without key and password', async () => {
    expect(await logIn(({ method }) => method === 'none', {})).toBe('shell');
  });

  test('by a password from the environment, as the given user', async () => {
    const accepts = (login: AuthContext) => login.username === 'student' && byPassword(login);
    expect(await logIn(accepts, { SSH_USER: 'student', SSH_PASSWORD: PASSWORD })).toBe('shell');
  });

  test('by a password from a file, with or without a newline', async () => {
    expect(await logIn(byPassword, { SSH_PASSWORD_FILE: file(`${PASSWORD}\n`) })).toBe('shell');
  });

  test('by a password that sshd asks for', async () => {
    const accepts = (login: AuthContext) => {
      if (login.method !== 'keyboard-interactive') return false;
      login.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) => {
        if (answer === PASSWORD) login.accept();
        else login.reject();
      });
      return true;
    };
    terminal = await Terminal.start({ accepts, isPrompting: true }, { SSH_PASSWORD: PASSWORD });
    expect(await (await terminal.page()).message('shell')).toMatchObject({ resumed: false });
  });

  test('by a key', async () => {
    const accepts = ({ method }: AuthContext) => method === 'publickey';
    expect(await logIn(accepts, { SSH_KEY_FILE: file(KEY) })).toBe('shell');
  });
});

describe('the viewer and the log get the cause, and no secret', () => {
  const FIX = 'Fix: set SSH_USER and SSH_KEY_FILE, SSH_PASSWORD_FILE or SSH_PASSWORD.';

  test.each([
    ['nothing', {}, `the VM refuses the login of root without key and password. ${FIX}`],
    ['a password', { SSH_PASSWORD: PASSWORD }, `the VM refuses the login of root by password. ${FIX}`],
  ])('when the VM refuses %s', async (_name, environment, message) => {
    expect(await logIn(() => false, environment)).toBe(message);
  });

  test('when the VM refuses a key and a password', async () => {
    const environment = { SSH_KEY_FILE: file(KEY), SSH_PASSWORD_FILE: file(PASSWORD) };
    expect(await logIn(() => false, environment)).toBe(`the VM refuses the login of root by key and password. ${FIX}`);
  });

  test('when the file has no key, an encrypted one or a public one', async () => {
    const content = `-----BEGIN OPENSSH PRIVATE KEY-----\n${PASSWORD}\n-----END OPENSSH PRIVATE KEY-----\n`;
    const path = file(content);
    expect(await logIn(() => true, { SSH_KEY_FILE: path })).toBe(
      `SSH_KEY_FILE: ${path} holds no private key without passphrase.`,
    );
  });

  test('when a file is missing, large or a pipe, which would block', async () => {
    const folder = temporaryFolder();
    const large = file('x'.repeat(70_000));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const [path, cause] of [
      [join(folder, 'none'), 'ENOENT'],
      [large, 'no small file'],
      [pipe, 'no small file'],
      [folder, 'no small file'],
    ] as const) {
      expect(await logIn(() => true, { SSH_PASSWORD_FILE: path })).toBe(
        `SSH_PASSWORD_FILE: ${path} cannot be read: ${cause}.`,
      );
      if (path !== folder) await terminal.stop();
    }
  });
});

test('the log has no content of the terminal', async () => {
  terminal = await Terminal.start();
  const viewer = await terminal.page();
  const shell = await terminal.vm?.shell();
  viewer.send({ type: 'input', data: 'typed-secret' });
  await eventually(() => shell?.received === 'typed-secret');
  await shell?.write('shown-secret');
  await viewer.shows('shown-secret');
  await viewer.leave();
  shell?.exit(3);
  await eventually(() => terminal.log.includes('shell.ended'));
  const events = terminal.log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });
  expect(events.map(({ event }) => event)).toEqual(['viewer.opened', 'shell.started', 'viewer.closed', 'shell.ended']);
  expect(terminal.log).not.toMatch(/typed|shown/);
});

describe('the host key', () => {
  async function restarted(sawDown: boolean): Promise<string> {
    terminal = await Terminal.start();
    const first = await terminal.page();
    const { id } = await first.message('shell');
    const { vm } = terminal;
    await vm?.stop();
    await first.closed();
    if (sawDown) await (await terminal.page({ shell: id })).closed();
    terminal.vm = await FakeVm.start({ port: vm?.port ?? 0 });
    const viewer = await terminal.page({ shell: id });
    await eventually(() => viewer.messages.length > 0);
    const [message] = viewer.messages;
    return message?.type === 'error' ? message.message : (message?.type ?? '');
  }

  test('may change when the VM was down, which the log reports', async () => {
    expect(await restarted(true)).toBe('shell');
    expect(terminal.log).toContain('"event":"vm.host-key-changed"');
  });

  test('may not change while the VM answers', async () => {
    expect(await restarted(false)).toMatch(
      /^the VM has another host key \(SHA256:[\w+/]{43}\) than before \(SHA256:[\w+/]{43}\), although it did not restart\. Fix: /,
    );
    expect(terminal.vm?.shells).toEqual([]);
  });

  test('is pinned again after a change', () => {
    const changes: string[] = [];
    const hostKey = new HostKey((before, now) => changes.push(`${before} ${now}`));
    const [one, other] = [Buffer.from('one'), Buffer.from('other')];
    expect(hostKey.problem(one)).toBeUndefined();
    expect(hostKey.problem(one)).toBeUndefined();
    expect(hostKey.problem(other)).toContain('another host key');
    hostKey.sawDown();
    expect(hostKey.problem(other)).toBeUndefined();
    expect(hostKey.problem(one)).toContain('another host key');
    hostKey.sawDown();
    // The VM came back as it was: a later change needs another restart.
    expect(hostKey.problem(other)).toBeUndefined();
    expect(hostKey.problem(one)).toContain('another host key');
    expect(changes).toHaveLength(1);
  });
});
