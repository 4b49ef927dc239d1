import { setTimeout as sleep } from 'node:timers/promises';
import { cohort, lab, session, type Files } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { FluxProject } from './flux-project';

/** How many sessions the class has: few in CI, a hundred in the long run, which prints the times. */
const SESSIONS = Number(process.env['CLASS_SESSIONS'] ?? 10);

/** Of these, how many never become ready, as no node has what they ask for. */
const STUCK = Math.ceil(SESSIONS / 10);

const times: string[] = [];

describe.each(['kustomize', 'helm'] as const)('a class by the delivery %s', (delivery) => {
  const name = uniqueName(`class-${delivery}`);
  const namespace = `lab-${name}`;
  const ids = Array.from({ length: SESSIONS }, (_, index) => `student-${String(index + 1).padStart(3, '0')}`);
  const stuck = ids.slice(0, STUCK);
  const fleet = new FluxProject(
    `class-${delivery}`,
    { delivery },
    {
      'labs/vm.yaml': lab('vm'),
      [`sessions/${name}/cohort.yaml`]: cohort(name, { maxSessions: SESSIONS + 1 }),
      [`sessions/${name}/first.yaml`]: session('first'),
    },
  );
  const file = (id: string): string => `sessions/${name}/${id}.yaml`;

  /** Pushes, and waits until so many Deployments of the class are ready. Gives the seconds that it took. */
  const deliverUntil = async (isDone: () => boolean): Promise<number> => {
    fleet.push();
    const start = Date.now();
    fleet.sync(name);
    while (!isDone()) await sleep(200);
    return (Date.now() - start) / 1000;
  };
  const ready = (): number =>
    kubectl
      .list('deployments', '-n', namespace)
      .filter(({ status }) => (status as { readyReplicas?: number }).readyReplicas === 1).length;

  beforeAll(async () => {
    fleet.bootstrap();
    await deliverUntil(() => ready() === 1);
  });

  afterAll(() => {
    fleet.end();
  });

  test('all run that can, whatever becomes of the others', async () => {
    const sessions: Files = Object.fromEntries(
      ids.map((id) => [
        file(id),
        session(id, stuck.includes(id) ? { values: { nodeSelector: { 'example.com/none': 'true' } } } : {}),
      ]),
    );
    fleet.write(sessions);
    const seconds = await deliverUntil(() => ready() === SESSIONS - STUCK + 1);
    times.push(
      `${delivery}: ${String(SESSIONS - STUCK)} of ${String(SESSIONS)} sessions run after ${seconds.toFixed(1)} s`,
    );
    expect(kubectl.list('deployments', '-n', namespace)).toHaveLength(SESSIONS + 1);
  });

  test('what never becomes ready holds up no change of another session', async () => {
    const memory = (): unknown => {
      const [container] = containersOf(kubectl.get('deployment', 'lab-session-first', '-n', namespace));
      return container?.env?.find((variable) => variable.name === 'MEMORY')?.value;
    };
    fleet.write({ [file('first')]: session('first', { values: { firecracker: { vm: { memory: 2048 } } } }) });
    const seconds = await deliverUntil(() => memory() === '2048');
    times.push(`${delivery}: a change of one session arrives after ${seconds.toFixed(1)} s`);
    expect(ready()).toBeGreaterThanOrEqual(SESSIONS - STUCK);
  });
});

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

const containersOf = (deployment: object): readonly Container[] =>
  (deployment as { spec: { template: { spec: { containers: Container[] } } } }).spec.template.spec.containers;

afterAll(() => {
  process.stdout.write(`${times.join('\n')}\n`);
});
