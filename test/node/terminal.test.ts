import type { Browser } from 'playwright-core';
import { renderSession } from '../../src/index';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { startBrowser, TerminalPage } from '../images/terminal/support/terminal-page';
import { completeValues } from '../support/values';
import { Internet } from './internet';
import { killContainer } from './runtime-view';
import { nodeValues, passwordSecret, podsWhenAvailable } from './sessions';

/** A browser that opens the terminal of a session on the node. */
describe('the web terminal of a session', () => {
  const internet = new Internet();
  const pages: TerminalPage[] = [];
  let browser: Browser;
  let uid = '';
  let address = '';

  beforeAll(async () => {
    await internet.start();
    const namespace = sessionNamespace('terminal');
    const values = completeValues(nodeValues(internet.guestUrl));
    kubectl.apply([passwordSecret(namespace, 'only-for-tests'), ...renderSession(values, namespace)]);
    const [pod] = podsWhenAvailable(namespace);
    uid = pod?.metadata.uid ?? '';
    address = `http://${(pod?.['status'] as { readonly podIP: string }).podIP}:8081/`;
    browser = await startBrowser();
  });

  afterEach(async () => {
    for (const { page } of pages.splice(0)) await page.close();
  });

  afterAll(async () => {
    await browser.close();
    internet.stop();
  });

  async function open(url = address): Promise<TerminalPage> {
    const page = await TerminalPage.open(browser, url);
    pages.push(page);
    await page.connected();
    return page;
  }

  test('types in the VM, and a second viewer sees it and cannot type', async () => {
    const writer = await open();
    await writer.type('ip -4 addr show eth0 | grep inet\n');
    await writer.shows('inet 172.16.0.2/30');
    const reader = await open(writer.readerUrl());
    await reader.says('read-only');
    await reader.shows('inet 172.16.0.2/30');
    await reader.type('echo from-the-reader\n');
    await writer.type('echo from-the-$((40 + 2))\n');
    await reader.shows('from-the-42');
    expect((await writer.rows()).join('\n')).not.toContain('from-the-reader');
    expect([...writer.faults, ...reader.faults]).toEqual([]);
  });

  test('gives the shell in the VM the size of its window', async () => {
    const page = await open();
    const sizeSaid = async (name: string): Promise<number[]> => {
      await page.type(`clear; echo "${name} is $(stty size) so"\n`);
      const said = new RegExp(`${name} is (\\d+) (\\d+) so`);
      await page.page.locator('.xterm-rows', { hasText: said }).waitFor();
      return (said.exec((await page.rows()).join('\n')) ?? []).slice(1).map(Number);
    };
    const [rows = 0, columns = 0] = await sizeSaid('before');
    expect((await page.rows()).length).toBe(rows);
    await page.resize(500, 300);
    // The page tells the server, the server sshd, and sshd tmux.
    await page.type('until [ $(stty size | cut -d" " -f1) -lt 20 ]; do sleep 0.1; done\n');
    const [fewerRows = 0, fewerColumns = 0] = await sizeSaid('after');
    expect(fewerRows).toBeLessThan(rows);
    expect(fewerColumns).toBeLessThan(columns);
    expect((await page.rows()).length).toBe(fewerRows);
  });

  test('comes back to the same shell after its container was killed', async () => {
    const page = await open();
    await page.type('kept=in-the-$((2 * 21))-shell; clear; echo "set $kept"\n');
    await page.shows('set in-the-42-shell');
    killContainer(uid, 'terminal-sidecar');
    await page.says('Not connected');
    await page.connected();
    await page.type('clear; echo "still $kept"\n');
    await page.shows('still in-the-42-shell');
    expect(page.faults).toEqual([]);
  });
});
