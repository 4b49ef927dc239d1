import { lab, session } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { DELIVERIES, FluxCohort, together } from './flux-cohort';
import { eventually, PublishedProject } from './published-project';
import { runTool } from './tool-run';

const [plain, released, other] = [
  new FluxCohort(uniqueName('pub-plain'), 'kustomize'),
  new FluxCohort(uniqueName('pub-released'), 'helm'),
  new FluxCohort(uniqueName('pub-other'), 'kustomize'),
];
const cohorts = [plain, released, other];
const names = cohorts.map(({ name }) => name);
const fleet = new PublishedProject(
  'publish',
  {},
  { 'labs/vm.yaml': lab('vm'), ...together(cohorts.map((cohort) => cohort.files({ alice: {}, bob: {} }))) },
);

beforeAll(async () => {
  fleet.bootstrap();
  fleet.sync();
  fleet.publish();
  await fleet.untilApplied(...names);
  released.settle();
});

afterAll(() => {
  fleet.end();
});

test.each(DELIVERIES)('sessions of the delivery %s run, and Flux tells of which commit they are', (delivery) => {
  const cohort = delivery === 'helm' ? released : plain;
  for (const id of ['alice', 'bob']) expect(cohort.pods(id)).toHaveLength(1);
  expect(fleet.applied(cohort.name).commit).toBe(`main@sha1:${fleet.git.head}`);
});

test('the artifact is one that Flux knows, and its source tells of the commit', () => {
  const manifest = runTool('crane', ['manifest', '--insecure', `${fleet.registry}/${plain.name}:latest`]);
  expect(JSON.parse(manifest)).toMatchObject({
    config: { mediaType: 'application/vnd.cncf.flux.config.v1+json' },
    layers: [{ mediaType: 'application/vnd.cncf.flux.content.v1.tar+gzip' }],
  });
  expect(kubectl.get('ocirepository', `lab-${plain.name}`, '-n', fleet.flux)['status']).toMatchObject({
    artifact: {
      revision: `latest@${fleet.digestOf(plain.name)}`,
      metadata: {
        'org.opencontainers.image.revision': `main@sha1:${fleet.git.head}`,
        'org.opencontainers.image.source': fleet.git.url,
      },
    },
  });
});

test('a commit that changes no session is not pushed, and nothing is applied anew', () => {
  const before = names.map((name) => fleet.applied(name));
  fleet.write({ 'labs/vm.yaml': lab('vm', { description: 'A machine' }) });
  fleet.push();
  fleet.sync();
  expect(fleet.publish()).toEqual([]);
  expect(names.map((name) => fleet.applied(name))).toEqual(before);
});

test.each(DELIVERIES)(
  'a change of one session of the delivery %s is there soon, and no other cohort is touched',
  async (delivery) => {
    const cohort = delivery === 'helm' ? released : plain;
    const others = cohorts.filter((each) => each !== cohort);
    const state = () => others.map((each) => [fleet.applied(each.name), each.pods('alice'), each.pods('bob')]);
    const before = state();
    const bob = cohort.pods('bob');
    fleet.write({ [cohort.file('alice')]: session('alice', { suspended: true }) });
    fleet.push();
    expect(fleet.publish()).toEqual([cohort.name]);
    const seconds = await eventually(() => cohort.replicas('alice')[0] === 0);
    process.stderr.write(`delivery ${delivery}: a change is in the API server ${seconds.toFixed(1)} s after publish\n`);
    expect(seconds).toBeLessThan(15);
    await fleet.untilApplied(cohort.name);
    expect(state()).toEqual(before);
    expect(cohort.pods('bob')).toEqual(bob);
  },
);

test('Flux deletes a removed session with the next artifact', async () => {
  fleet.remove(plain.file('bob'));
  fleet.push();
  expect(fleet.publish()).toEqual([plain.name]);
  await eventually(() => plain.list('deployments').length === 1);
});

test('back to the repository: sessions stay as they are, and the sources of the artifacts go', () => {
  const pods = other.pods('alice');
  fleet.configure();
  fleet.deliver(...names);
  expect(kubectl.list('ocirepositories', '-n', fleet.flux)).toEqual([]);
  expect(other.pods('alice')).toEqual(pods);
  expect(plain.replicas('alice')).toEqual([0, 0]);
});
