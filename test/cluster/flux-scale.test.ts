import { cohort, lab, session, type Files } from '../support/project';
import { dozlabProcessIn } from '../support/git';
import { arrivalOf } from './arrival';
import { kubectl, uniqueName } from './cluster';
import { FluxCohort, together } from './flux-cohort';
import { FluxProject } from './flux-project';
import { apiServerMetrics, coreSeconds, memoryOf, sumOf } from './metrics';
import { PublishedProject } from './published-project';

/**
 * Sessions in cohorts that Flux takes from a registry each by itself, beside as many in one Kustomization from Git: what a change of one
 * session sets in motion, and when it is there.
 */

/** How many sessions there are, either way: few in CI, a thousand in the long run, which prints the times. */
const SESSIONS = Number(process.env['SCALE_SESSIONS'] ?? 40);
const IS_LONG = SESSIONS >= 1000;
const COHORTS = Math.max(4, SESSIONS / 50);
/** Of these, how many are of the delivery helm. */
const RELEASED = Math.ceil(COHORTS / 10);
/** How many changes of each way are measured. */
const CHANGES = IS_LONG ? 5 : 1;
/** Most seconds from the end of publish, as a median; of the long run alone, as the time of a few sessions says nothing. */
const LIMIT = IS_LONG ? 5 : Number.POSITIVE_INFINITY;

const mark = uniqueName('scale');
const CAPACITY = {
  cpu: '10k',
  memory: '100Ti',
  'ephemeral-storage': '1Pi',
  pods: '10k',
  'devices.kubevirt.io/kvm': '10k',
  'devices.kubevirt.io/tun': '10k',
};
const TAINT = { key: 'dozlab.io/test', value: mark, effect: 'NoSchedule' };
/** On a node that has room for all, so that they run. */
const values = {
  labels: { change: 'none' },
  nodeSelector: { class: mark },
  tolerations: [{ key: TAINT.key, operator: 'Equal', value: TAINT.value, effect: TAINT.effect }],
};

const idsOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(4, '0')}`);

const cohorts = Array.from({ length: COHORTS }, (_, index) => {
  const delivery = index < COHORTS - RELEASED ? 'kustomize' : 'helm';
  return new FluxCohort(uniqueName(`scale-${String(index).padStart(2, '0')}`), delivery, { values });
});
const plain = cohorts.filter(({ delivery }) => delivery === 'kustomize');
const released = cohorts.filter(({ delivery }) => delivery === 'helm');
const names = cohorts.map(({ name }) => name);
const ids = idsOf('s', SESSIONS / COHORTS);
const fleet = new PublishedProject(
  'scale',
  {},
  { 'labs/vm.yaml': lab('vm'), ...together(cohorts.map((each) => each.files(sessionsOf(ids)))) },
);

const whole = uniqueName('scale-whole');
const wholeIds = idsOf('w', SESSIONS);
const single = new FluxProject(
  'scale-whole',
  {},
  {
    'labs/vm.yaml': lab('vm'),
    [`sessions/${whole}/cohort.yaml`]: cohort(whole, { values }),
    ...Object.fromEntries(wholeIds.map((id) => [`sessions/${whole}/${id}.yaml`, session(id)])),
  },
);

function sessionsOf(of: readonly string[]): Record<string, object> {
  return Object.fromEntries(of.map((id) => [id, {}]));
}

const told = (what: string, value: string): void => {
  process.stderr.write(`${what.padEnd(80)} ${value}\n`);
};

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const median = (times: readonly number[]): number =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;

/** Tells the times of a way, and gives their median in seconds. */
function tellTimes(what: string, times: readonly number[]): number {
  told(what, `${seconds(median(times))} (${times.map(seconds).join(', ')})`);
  return median(times) / 1000;
}

/** What the cluster has come to. */
async function tellSystem(when: string): Promise<void> {
  for (const [name, memory] of Object.entries(await memoryOf()))
    told(`${when}: memory of ${name}`, `${(memory / 2 ** 20).toFixed(0)} MiB`);
  told(
    `${when}: data of etcd`,
    `${(sumOf(apiServerMetrics(), 'apiserver_storage_size_bytes') / 2 ** 20).toFixed(1)} MiB`,
  );
}

const KINDS =
  'deployments,replicasets,pods,services,endpoints,endpointslices,networkpolicies,secrets,helmreleases,events.v1.';

/** How many objects there are for a session, and how large they are as JSON. */
function tellStored(): void {
  for (const { delivery, namespace } of [cohorts[0], cohorts.at(-1)].filter((each) => each !== undefined)) {
    const all = kubectl.list(KINDS, '-n', namespace, '--show-managed-fields');
    const counts = new Map<string, number>();
    for (const { kind } of all) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const shown = Array.from(counts, ([kind, count]) => `${(count / ids.length).toFixed(1)} ${kind}`).join(', ');
    const size = all.reduce((sum, each) => sum + JSON.stringify(each).length, 0) / ids.length / 1024;
    told(`a session of the delivery ${delivery}`, `${size.toFixed(1)} KiB of JSON: ${shown}`);
  }
}

let changes = 0;

/** Another version of a session's file, and the time at which the API server has what comes of it. */
function changed(path: string, id: string, namespace: string) {
  changes += 1;
  const change = `n${String(changes)}`;
  const files: Files = { [path]: session(id, { values: { labels: { change } } }) };
  return { files, arrival: arrivalOf(`deployment/lab-session-${id}`, namespace, 'change', change) };
}

interface Change {
  /** Milliseconds from the start and from the end of publish until the API server has the change. */
  readonly sinceStart: number;
  readonly sinceEnd: number;
  /** What Flux and the API server have worked on it, in milliseconds of a core. */
  readonly work: number;
}

/** Changes one session of a cohort, and publishes; nothing of the other cohorts is to happen. */
async function publishChange(to: FluxCohort, poke: () => void = () => undefined): Promise<Change> {
  const id = ids[changes % ids.length] ?? '';
  const before = fleet.allApplied();
  const { files, arrival } = changed(to.file(id), id, to.namespace);
  fleet.write(files);
  fleet.push();
  const work = await coreSeconds();
  const start = Date.now();
  const { status, stdout, stderr } = await dozlabProcessIn(fleet.git.folder, ['publish', '-o', 'json']);
  const end = Date.now();
  if (status !== 0) throw new Error(stderr);
  poke();
  const there = await arrival;
  const pushed = (JSON.parse(stdout) as { cohort: string; state: string }[]).filter(({ state }) => state === 'pushed');
  expect(pushed.map(({ cohort: name }) => name)).toEqual([to.name]);
  const worked = (await coreSeconds()) - work;
  await fleet.untilApplied(to.name);
  const after = fleet.allApplied();
  const applied = Array.from(after.keys()).filter((name) => after.get(name) !== before.get(name));
  expect(applied).toEqual([to.name]);
  return { sinceStart: there - start, sinceEnd: there - end, work: worked * 1000 };
}

const MINUTES = 60_000;

beforeAll(async () => {
  const node = { labels: { class: mark }, name: mark };
  kubectl.apply([
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: node,
      spec: { taints: [TAINT] },
      status: { allocatable: CAPACITY, capacity: CAPACITY },
    },
  ]);
  await tellSystem('before');
  fleet.push();
  const first = Date.now();
  fleet.publish();
  told('dozlab publish of all cohorts', seconds(Date.now() - first));
  const start = Date.now();
  fleet.bootstrap();
  fleet.sync();
  await fleet.untilApplied(...names);
  told(
    `${String(SESSIONS)} new sessions in ${String(COHORTS)} cohorts are in the API server after`,
    seconds(Date.now() - start),
  );
  for (const each of released) each.settle();
  told(`the same, with the ${String(RELEASED * ids.length)} releases`, seconds(Date.now() - start));
  await tellSystem('with artifacts');
  tellStored();
}, 20 * MINUTES);

afterAll(() => {
  // The cluster of the long run ends with this file.
  if (IS_LONG) return;
  fleet.end();
  single.end();
  kubectl.run(['delete', 'node', mark]);
}, 10 * MINUTES);

/** The cohorts whose sessions are changed: others each time. */
const some = (of: readonly FluxCohort[]): FluxCohort[] =>
  Array.from({ length: CHANGES }, (_, index) => of[index % of.length]).filter((each) => each !== undefined);

async function timesOf(of: readonly FluxCohort[], what: string, poke?: (to: FluxCohort) => void): Promise<number[]> {
  const times: Change[] = [];
  for (const to of some(of)) times.push(await publishChange(to, () => poke?.(to)));
  tellTimes(
    `${what}, from the start of publish`,
    times.map(({ sinceStart }) => sinceStart),
  );
  tellTimes(
    `${what}, work of Flux and the API server`,
    times.map(({ work }) => work),
  );
  const since = times.map(({ sinceEnd }) => sinceEnd);
  tellTimes(`${what}, from the end of publish`, since);
  return since.map((time) => time / 1000);
}

let byInterval = 0;

test(
  'a change of one session moves its cohort alone, and is there as soon as Flux looks',
  async () => {
    const times = await timesOf(plain, 'a change, source interval 1 s');
    byInterval = median(times);
    expect(median(times)).toBeLessThanOrEqual(LIMIT);
  },
  10 * MINUTES,
);

test(
  'a change of a release moves its cohort alone',
  async () => {
    expect((await timesOf(released, 'a change of a release, source interval 1 s')).length).toBe(CHANGES);
  },
  10 * MINUTES,
);

test(
  'Flux looks at once when it is told to',
  async () => {
    const sources = names.map((name) => `ocirepository/lab-${name}`);
    const asFlux = ['-n', fleet.flux, '--field-manager=flux'];
    kubectl.run(['patch', ...sources, ...asFlux, '--type=merge', '--patch={"spec":{"interval":"1h"}}']);
    const times = await timesOf(plain, 'a change, by reconcile.fluxcd.io/requestedAt', ({ name }) => {
      const request = `reconcile.fluxcd.io/requestedAt=${String(Date.now())}`;
      kubectl.run(['annotate', `ocirepository/lab-${name}`, ...asFlux, '--overwrite', request]);
    });
    expect(median(times)).toBeLessThanOrEqual(LIMIT);
  },
  10 * MINUTES,
);

test(
  'one Kustomization applies all sessions for a change of one',
  async () => {
    const start = Date.now();
    single.bootstrap();
    single.sync();
    const isApplied = `--for=jsonpath={.status.lastAppliedRevision}=main@sha1:${single.git.head}`;
    kubectl.run(['wait', `kustomization/lab-${whole}`, '-n', single.flux, isApplied, '--timeout=900s']);
    told(
      `${String(SESSIONS)} new sessions in one Kustomization are in the API server after`,
      seconds(Date.now() - start),
    );
    await tellSystem('with both');
    const times: number[] = [];
    const work = await coreSeconds();
    for (const id of wholeIds.slice(0, CHANGES)) {
      const { files, arrival } = changed(`sessions/${whole}/${id}.yaml`, id, `lab-${whole}`);
      single.write(files);
      single.push();
      const pushed = Date.now();
      const request = `reconcile.fluxcd.io/requestedAt=${String(pushed)}`;
      kubectl.run([
        'annotate',
        'gitrepository/dozlab-infra',
        '-n',
        single.flux,
        '--field-manager=flux',
        '--overwrite',
        request,
      ]);
      times.push((await arrival) - pushed);
    }
    told('work of Flux and the API server for each', seconds(((await coreSeconds()) - work) * (1000 / times.length)));
    const time = tellTimes('a change in one Kustomization, from the end of git push', times);
    told('one Kustomization takes, as many times as artifacts of cohorts', (time / byInterval).toFixed(1));
    expect(time / byInterval).toBeGreaterThan(IS_LONG ? 2 : 0);
  },
  20 * MINUTES,
);
