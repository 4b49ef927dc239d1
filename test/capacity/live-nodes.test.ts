import { readLiveNodes, withPods } from '../../src/capacity/live-nodes';
import { projectState } from '../../src/capacity/project-state';
import type { NodePool } from '../../src/capacity/scheduling-rules';
import { nano } from '../../src/api/values/quantity';
import { Kubectl, type RunningPod } from '../../src/kube/kubectl';
import { projectWith, smallProject } from '../support/project';

const node: NodePool = {
  ...{ name: 'node', count: 1, labels: {}, taints: [] },
  allocatable: new Map([['cpu', nano(64)]]),
  taken: new Map([['cpu', nano('10m')]]),
};

describe('running pods', () => {
  const state = projectState(projectWith(smallProject()));
  const container = (cpu: string) => ({ resources: { requests: { cpu } } });
  const pod = (namespace: string, id: string, spec: object) => ({ namespace, label: id, node: 'node', spec });

  test('take their requests with sidecars and overhead, except those of our sessions', () => {
    const pods = [
      pod('lab-class', 'alice', { containers: [container('50')] }),
      pod('lab-class', 'gone', { containers: [container('1')] }),
      pod('other', 'alice', { containers: [container('0.0001')] }),
      pod('kube-system', '', {
        initContainers: [{ ...container('300m'), restartPolicy: 'Always' }, container('2')],
        containers: [container('1')],
        overhead: { cpu: '100m' },
      }),
      pod('kube-system', '', { containers: [container('5')], resources: { requests: { cpu: '4' } } }),
    ];
    const [found] = withPods([node], pods, state);
    // 10m + 1 + 1m + (max(1 + 0.3, 0.3 + 2) + 0.1) + 4
    expect(found?.taken.get('cpu')).toBe(nano('7411m'));
    expect(found?.taken.get('pods')).toBe(nano(4));
  });

  test('are refused with a quantity that is not valid', () => {
    const pods = [pod('other', '', { containers: [container('1'.repeat(20))] })];
    expect(() => withPods([node], pods, state)).toThrow(
      'a pod of the namespace other on the node node: not a quantity',
    );
  });
});

test('live nodes are the nodes of kubectl less the requests of the pods on them', () => {
  const printed = { kind: 'Node', metadata: { name: 'node' }, status: { allocatable: { cpu: '4' } } };
  class FakeKubectl extends Kubectl {
    override nodes(): string {
      return JSON.stringify({ kind: 'List', items: [printed] });
    }

    override runningPods(): RunningPod[] {
      const spec = { containers: [{ resources: { requests: { cpu: '300m' } } }] };
      return [{ namespace: 'other', label: '', node: 'node', spec }];
    }
  }
  const { pools, problems } = readLiveNodes(new FakeKubectl(), projectState(projectWith(smallProject())));
  expect(problems).toEqual([]);
  expect(pools[0]?.taken.get('cpu')).toBe(nano('300m'));
});
