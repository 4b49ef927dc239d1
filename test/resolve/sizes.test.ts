import type { Mapping } from '@dozlab/charts/schema';
import { NO_RULES } from '../../src/admission/admit';
import { amountsOf } from '../../src/admission/resource-list';
import { sessionSize } from '../../src/admission/session-size';
import type { SessionValues } from '../../src/api/values/schema';
import { renderSession } from '../../src/manifests/lab-session-chart';
import { SessionSizes } from '../../src/resolve/sizes';
import { completeValues } from '../support/values';

const rules = {
  ...NO_RULES,
  quotas: [{ name: 'q', hard: amountsOf({ 'limits.cpu': 99, pods: 9 }), scopes: [] }],
};

const ingress = { enabled: true, vscode: { host: 'a.example.com' } };
const terminal = { host: 'b.example.com' };
const httpRoute = { enabled: true, parentRefs: [{ name: 'web' }], vscode: { host: 'a.example.com' } };

const OTHERS: readonly Mapping[] = [
  {},
  { rootfs: { diskSize: '8G' } },
  { volumes: { kernels: { sizeLimit: '9Gi' } } },
  { volumes: { vmData: { persistence: { enabled: true } } } },
  { firecracker: { vm: { memory: 2048 } } },
  { firecracker: { vm: { cpuCount: 2 } } },
  { firecracker: { memoryRequestPercent: 50 } },
  { firecracker: { devices: { kvm: '' } } },
  { terminal: { resources: { limits: { cpu: null } } } },
  { codeServer: { resources: { requests: { memory: '600Mi' } } } },
  { codeServer: { password: 'correct horse' } },
  { initContainers: { network: { resources: { requests: { cpu: 1 }, limits: { cpu: 2 } } } } },
  { workload: { kind: 'Pod' } },
  { restartPolicy: 'Never' },
  { service: { type: 'NodePort' } },
  { networkPolicy: { enabled: false } },
  { ingress },
  { ingress: { ...ingress, terminal: { ...terminal, allowUnauthenticated: true } } },
  { httpRoute },
  { httpRoute: { ...httpRoute, terminal: { ...terminal, allowUnauthenticated: true } } },
];

const alone = (values: SessionValues) => sessionSize(renderSession(values), rules);

test('the size of a session is that of its manifests, whatever sessions came before', () => {
  const sizes = new SessionSizes();
  for (const over of [...OTHERS, ...OTHERS]) {
    const values = completeValues(over);
    expect([over, sizes.of(values, rules)]).toEqual([over, alone(values)]);
  }
});

test('sessions that share the values of the microVM have their own sizes', () => {
  const sizes = new SessionSizes();
  const plain = completeValues();
  for (const over of OTHERS) {
    const values = { ...completeValues(over), firecracker: plain.firecracker };
    expect([over, sizes.of(values, rules)]).toEqual([over, alone(values)]);
  }
});
