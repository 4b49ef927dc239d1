/** The real VS Code for browsers in a session. Other tests use a stand-in with the same command line, health path, login and user. */
import { renderSession } from '../../src/index';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { startBrowser } from '../images/terminal/support/terminal-page';
import { completeValues } from '../support/values';
import { CODE_SERVER } from './images/code-server';
import { execIn, lightValues, passwordSecret, podsWhenAvailable } from './sessions';

const PASSWORD = 'only-for-tests';

test('VS Code becomes Ready, refuses a wrong password, and shows the files of the microVM', async () => {
  const namespace = sessionNamespace('code-server');
  const values = completeValues(
    lightValues({ codeServer: CODE_SERVER, volumes: { vscodeData: { sizeLimit: '256Mi' } } }),
  );
  kubectl.apply([passwordSecret(namespace, PASSWORD), ...renderSession(values, namespace)]);
  const [pod] = podsWhenAvailable(namespace);
  const { podIP } = pod?.['status'] as { readonly podIP: string };
  const name = pod?.metadata.name ?? '';
  execIn(namespace, name, 'firecracker-vm', 'sh', '-c', 'echo hello > /vm-data/from-the-vm.txt');
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://${podIP}:8080/`);
    const log = async (password: string): Promise<void> => {
      await page.locator('input[type=password]').fill(password);
      await page.locator('input[type=submit]').click();
    };
    await log('wrong');
    await page.getByText('Incorrect password').waitFor();
    await log(PASSWORD);
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-viewlet', { hasText: 'from-the-vm.txt' }).waitFor({ timeout: 60_000 });
    expect(await page.title()).toContain('workspace');
  } finally {
    await browser.close();
  }
  execIn(namespace, name, 'code-server', 'sh', '-c', 'echo hello > /workspace/from-vs-code.txt');
  expect(execIn(namespace, name, 'firecracker-vm', 'cat', '/vm-data/from-vs-code.txt')).toBe('hello\n');
});
