import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { dozlab } from '../support/cli';
import { dozlabRuns } from '../support/cli-runs';
import { addFiles, temporaryFolder } from '../support/project';

const VALUES = 'session: {id: alice, userId: alice@example.com}\nrootfs:\n  imageUrl: https://example.com/x\n';

const render = (values: string, ...options: string[]) => dozlab(['render', '-f', '-', ...options], { input: values });

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly stringData?: Record<string, string>;
  readonly data?: Record<string, string>;
}

const objectsOf = (text: string) =>
  parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Rendered;
  });

describe('dozlab render', () => {
  test('a file as YAML: warnings to standard error, manifests to standard output', () => {
    const folder = temporaryFolder();
    addFiles(folder, { 'values.yaml': VALUES });
    const { status, stdout, stderr } = dozlab(['render', '-f', join(folder, 'values.yaml')]);
    expect(status).toBe(0);
    const objects = objectsOf(stdout);
    expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Deployment', 'Service', 'NetworkPolicy']));
    expect(objects.every(({ metadata }) => metadata.namespace === undefined)).toBe(true);
    expect(stderr).toMatch(/values\.yaml:\d+:\d+ warning /);
    expect(render(VALUES).stdout).toBe(stdout);
  });

  test('-o json prints one list of the same objects', () => {
    const objects = JSON.parse(render(VALUES, '-o', 'json').stdout) as Rendered[];
    expect(Array.isArray(objects)).toBe(true);
    expect(objects).toEqual(objectsOf(render(VALUES).stdout));
  });

  test('-n writes the namespace into every object', () => {
    const { stdout } = render(VALUES, '-o', 'json', '-n', 'rooms');
    expect((JSON.parse(stdout) as Rendered[]).map(({ metadata }) => metadata.namespace)).toEqual(
      expect.not.arrayContaining([undefined]),
    );
    expect(stdout).toContain('"namespace": "rooms"');
    expect(render(VALUES, '-n', 'No Name')).toMatchObject({ status: 2, stdout: '' });
  });

  test('a password makes the Secret, under the key that VS Code reads', () => {
    const { status, stdout, stderr } = render(`${VALUES}codeServer: {password: hunter2}\n`);
    expect(status).toBe(0);
    const secret = objectsOf(stdout).find(({ kind }) => kind === 'Secret');
    expect(secret?.metadata.name).toBe('lab-session-alice-secrets');
    const encoded = secret?.data?.['vscode-password'];
    const password = secret?.stringData?.['vscode-password'] ?? Buffer.from(encoded ?? '', 'base64').toString();
    expect(password).toBe('hunter2');
    expect(stderr).not.toContain('hunter2');
    expect(objectsOf(render(VALUES).stdout).map(({ kind }) => kind)).not.toContain('Secret');
  });

  test.each(['global: {any: thing}', 'enabled: true', 'enabled: false'])('%s is for Helm', (line) => {
    expect(render(`${VALUES}${line}\n`).stdout).toBe(render(VALUES).stdout);
  });

  test('every error with file, line and column, and no manifests', () => {
    const { status, stdout, stderr } = render(
      'session:\n  id: Alice\n  userId: alice\nfirecracker: {vm: {memroy: 1}}\nrootfs: {imageUrl: "ftp://x"}\n',
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.split('\n').map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '-:2:7 error session.id',
      '-:4:20 error firecracker.vm.memroy',
      '-:5:20 error rootfs.imageUrl',
      '',
    ]);
  });

  describe('what cannot be values', () => {
    const folder = temporaryFolder();
    const wrong = [
      ['malformed.yaml', 'a: [1\nb: 2\n', /^malformed\.yaml:\d+:\d+ error is not well-formed YAML/],
      ['two.yaml', `${VALUES}---\n${VALUES}`, /^two\.yaml:4:1 error/],
      ['empty.yaml', '', /^empty\.yaml:1:1 error/],
      ['list.yaml', '- a\n', /^list\.yaml:1:1 error/],
      ['long.yaml', '#'.repeat(1024 * 1024 + 1), /^dozlab: long\.yaml .*at most 1 MiB/],
      ['/does/not/exist.yaml', undefined, /^dozlab: \/does\/not\/exist\.yaml cannot be read/],
      ['/', undefined, /^dozlab: \/ cannot be read/],
    ] as const;
    for (const [name, text] of wrong) if (text !== undefined) addFiles(folder, { [name]: text });
    const runs = dozlabRuns(
      wrong.map(([name]) => ['render', '-f', name]),
      folder,
    );

    test.each(wrong.map(([name, , message], index) => [name, message, runs[index]] as const))(
      '%s is refused',
      (_, message, run) => {
        expect(run).toMatchObject({ status: 1, stdout: '' });
        expect(run?.stderr).toMatch(message);
      },
    );
  });
});
