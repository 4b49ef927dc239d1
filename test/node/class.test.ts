import { setTimeout as sleep } from 'node:timers/promises';
import { renderSession, synthesizeProject } from '../../src/index';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { dozlab } from '../support/cli';
import { cohort, lab, project, projectWith, session } from '../support/project';
import { completeValues } from '../support/values';
import { lightValues, passwordSecret, podsWhenAvailable } from './sessions';

const SIZE = 20;
const ids = Array.from({ length: SIZE }, (_, index) => `student-${String(index + 1).padStart(2, '0')}`);

interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly namespace: string };
    readonly memory?: { readonly workingSetBytes?: number };
    readonly 'ephemeral-storage'?: { readonly usedBytes?: number };
  }[];
}

const MIB = 1 << 20;

interface Capacity {
  readonly total: { readonly requests: Readonly<Record<string, string>> };
}

/** What the node counts as requested by all of its pods, in milli-CPUs and MiB, by `kubectl describe node`. */
function requested(): Readonly<Record<string, number>> {
  const [, table = ''] = kubectl.run(['describe', 'node', 'node-a']).split('Allocated resources:');
  const amount = (resource: string): number => Number(new RegExp(`^\\s+${resource}\\s+(\\d+)`, 'm').exec(table)?.[1]);
  return {
    cpu: amount('cpu'),
    memory: amount('memory'),
    disk: amount('ephemeral-storage'),
    kvm: amount('devices.kubevirt.io/kvm'),
  };
}

/** Waits for pods of other tests to end: they count for the node until then. */
async function untilOthersHaveGone(): Promise<void> {
  const others = (): string =>
    kubectl.run(['get', 'pods', '-A', '-o', 'name', '--field-selector=metadata.namespace!=kube-system']);
  for (const end = Date.now() + 120_000; others() !== ''; await sleep(500))
    if (Date.now() > end) throw new Error(`these pods are still on the node: ${others()}`);
}

test(`a class of ${String(SIZE)} sessions starts, and the node counts what dozlab capacity foretells`, async () => {
  const namespace = sessionNamespace('class');
  const values = (id: string) => completeValues(lightValues({ session: { id, userId: id } }));
  kubectl.apply(ids.map((id) => passwordSecret(namespace, 'only-for-tests', id)));
  await untilOthersHaveGone();
  const before = requested();
  const began = Date.now();
  kubectl.apply(ids.flatMap((id) => renderSession(values(id), namespace)));
  const pods = podsWhenAvailable(namespace);
  const seconds = (Date.now() - began) / 1000;
  expect(pods.map(({ metadata }) => metadata.labels?.['session-id']).sort()).toEqual(ids);

  const folder = projectWith({
    'dozlab.yaml': project(),
    'labs/vm.yaml': lab('vm', { values: lightValues() }),
    'sessions/class/cohort.yaml': cohort('class', { namespace }),
    ...Object.fromEntries(ids.map((id) => [`sessions/class/${id}.yaml`, session(id, { userId: id })])),
  });
  expect(synthesizeProject(folder).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { stdout } = dozlab(['capacity', '--project', folder, '--output', 'json']);
  const { requests } = (JSON.parse(stdout) as Capacity).total;
  const now = requested();
  const added = Object.fromEntries(Object.entries(now).map(([name, amount]) => [name, amount - (before[name] ?? 0)]));
  expect({
    cpu: `${String(added['cpu'])}m`,
    memory: `${String(added['memory'])}Mi`,
    'ephemeral-storage': `${String(added['disk'])}Mi`,
    'devices.kubevirt.io/kvm': String(added['kvm']),
  }).toEqual({ ...requests, 'devices.kubevirt.io/tun': undefined });

  const summary = JSON.parse(kubectl.run(['get', '--raw', '/api/v1/nodes/node-a/proxy/stats/summary'])) as Summary;
  const own = summary.pods.filter(({ podRef }) => podRef.namespace === namespace);
  const total = (of: (pod: Summary['pods'][number]) => number | undefined): string =>
    (own.reduce((sum, pod) => sum + (of(pod) ?? 0), 0) / MIB).toFixed(0);
  console.log(
    `${String(own.length)} sessions Ready after ${seconds.toFixed(1)} s; in use: ` +
      `${total(({ memory }) => memory?.workingSetBytes)} MiB of memory, ` +
      `${total((pod) => pod['ephemeral-storage']?.usedBytes)} MiB of disk`,
  );
  expect(own).toHaveLength(SIZE);
});
