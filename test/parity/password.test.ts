import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/cli';
import { temporaryFolder } from '../support/project';
import { helm, HELMS, objectsIn, type Helm } from './helm';

const CHART = join(REPOSITORY, 'dist/charts/lab-session');

/** As `helm --set-file codeServer.password=FILE`. */
async function passwordOf(program: Helm, text: string): Promise<string | undefined> {
  const file = join(temporaryFolder(), 'pw.txt');
  writeFileSync(file, text);
  const printed = await helm(program, [
    ...['template', 'release', CHART, '--kube-version', '1.36.0'],
    ...['--set', 'session.id=a,session.userId=a,rootfs.imageUrl=https://example.com/a.ext4'],
    ...['--set-file', `codeServer.password=${file}`],
  ]);
  const secret = objectsIn(printed).find(({ kind }) => kind === 'Secret') as
    { data?: Record<string, string> } | undefined;
  return Buffer.from(secret?.data?.['vscode-password'] ?? '', 'base64').toString('utf8');
}

describe.each(HELMS)('a password from a file, with %s', (program) => {
  test.each([
    ['hunter22', 'hunter22'],
    ['hunter22\n', 'hunter22'],
    ['hunter22\r\n', 'hunter22'],
    [' hunter 22 \n', ' hunter 22 '],
    ['hünter "22" \\n\n', 'hünter "22" \\n'],
  ])('%j is %j', async (text, password) => {
    expect(await passwordOf(program, text)).toBe(password);
  });

  test.each([
    [' ', 'codeServer.password is blank'],
    ['\n', 'codeServer.password is blank'],
    ['   \n', 'codeServer.password is blank'],
    ['hunter22\nhunter22\n', 'codeServer.password has several lines or control characters'],
    ['hunter22\n\n', 'codeServer.password has several lines or control characters'],
    ['hunter\t22', 'codeServer.password has several lines or control characters'],
    ['hunter\u007f22', 'codeServer.password has several lines or control characters'],
  ])('%j is refused without its text', async (text, message) => {
    const error = await passwordOf(program, text).catch((thrown: unknown) => (thrown as { stderr: string }).stderr);
    expect(error).toContain(message);
    expect(error).not.toContain('hunter');
  });
});
