import { cohort, lab, session } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { FluxProject } from './flux-project';
import { objectsOf, podsOf } from './live-session';
import { reconcile } from './reconcile';

/** The way of a session from Git into the cluster and out of it, by both deliveries. */
describe.each(['kustomize', 'helm'] as const)('delivery %s', (delivery) => {
  const name = uniqueName(`loop-${delivery}`);
  const namespace = `lab-${name}`;
  const fleet = new FluxProject(
    `loop-${delivery}`,
    { delivery },
    {
      'labs/vm.yaml': lab('vm'),
      [`sessions/${name}/cohort.yaml`]: cohort(name, { maxSessions: 5 }),
      [`sessions/${name}/alice.yaml`]: session('alice'),
    },
  );
  const file = (id: string): string => `sessions/${name}/${id}.yaml`;
  const deliver = (): void => {
    fleet.deliver(name);
    if (delivery === 'helm') {
      const source = `lab-session-${name}`;
      reconcile(
        namespace,
        `gitrepository/${source}`,
        `helmchart/${source}`,
        ...kubectl.list('helmreleases', '-n', namespace).map(({ metadata }) => `helmrelease/${metadata.name}`),
      );
    }
  };

  beforeAll(() => {
    fleet.bootstrap();
  });
  afterAll(() => {
    fleet.end();
  });

  test('a commit with a session: it runs', () => {
    deliver();
    expect(podsOf(namespace, 'alice')).toHaveLength(1);
  });

  test('one more, beside it', () => {
    const before = podsOf(namespace, 'alice');
    fleet.write({ [file('bob')]: session('bob') });
    deliver();
    expect(podsOf(namespace, 'bob')).toHaveLength(1);
    expect(podsOf(namespace, 'alice')).toEqual(before);
  });

  test('removed from Git, everything of it is gone', () => {
    fleet.remove(file('bob'));
    deliver();
    expect(objectsOf(namespace, 'bob')).toEqual([]);
  });
});
