import { setTimeout as sleep } from 'node:timers/promises';
import { renderSession } from '../../src/index';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { completeValues } from '../support/values';
import { Internet } from './internet';
import { killContainer } from './runtime-view';
import { nodeValues, passwordSecret, podsWhenAvailable } from './sessions';

const internet = new Internet();

beforeAll(() => internet.start());

afterAll(() => {
  internet.stop();
});

const PART = '/srv/vm/kernels/rootfs.ext4.part';
const MIB = 1 << 20;

test('a download goes on where its container was killed, and the microVM boots', async () => {
  const namespace = sessionNamespace('resume');
  const values = completeValues(nodeValues(`${internet.guestUrl}?slow`));
  kubectl.apply([passwordSecret(namespace, 'only-for-tests'), ...renderSession(values, namespace)]);
  const only = (): { name: string; uid: string } | undefined => kubectl.list('pods', '-n', namespace)[0]?.metadata;
  const downloaded = (): number => {
    const args = ['exec', '-n', namespace, only()?.name ?? 'none', '-c', 'init-rootfs', '--', 'stat', '-c', '%s', PART];
    return Number(kubectl.ask(args, '').printed.split('\n')[0]) || 0;
  };
  for (const end = Date.now() + 60_000; downloaded() < 8 * MIB; await sleep(100))
    if (Date.now() > end) throw new Error('nothing was downloaded');
  killContainer(only()?.uid ?? '', 'init-rootfs');

  const [pod] = podsWhenAvailable(namespace);
  const log = kubectl.run(['logs', pod?.metadata.name ?? '', '-n', namespace, '-c', 'init-rootfs']);
  const [, bytes] = /^init-rootfs: resuming \S+ at (\d+) bytes$/m.exec(log) ?? [];
  expect(Number(bytes)).toBeGreaterThanOrEqual(8 * MIB);
  expect(log).not.toContain('downloading');
  expect(pod?.['status']).toMatchObject({ initContainerStatuses: [{ name: 'init-rootfs', restartCount: 1 }, {}] });
});
