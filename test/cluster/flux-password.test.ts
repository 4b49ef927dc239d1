import { lab } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { FluxCohort } from './flux-cohort';
import { FluxProject } from './flux-project';
import { fingerprintsIn, type Fingerprint } from './fingerprint';

const one = new FluxCohort(uniqueName('password'), 'helm', { secrets: { provider: 'generated' } });
const fleet = new FluxProject('password', {}, { 'labs/vm.yaml': lab('vm'), ...one.files({ alice: {} }) });

const SECRET = 'lab-session-alice-secrets';
const password = (): Record<string, Fingerprint> => fingerprintsIn(kubectl.get('secret', SECRET, '-n', one.namespace));
const change = (...args: string[]): void => {
  kubectl.run([...args, '-n', one.namespace]);
};

beforeAll(() => {
  fleet.bootstrap();
  one.deliver(fleet);
});
afterAll(() => {
  fleet.end();
});

test('the password that Helm made stays when Flux puts back what was changed in the cluster', () => {
  const [before, pods] = [password(), one.pods('alice')];
  change('label', 'deployment/lab-session-alice', 'user-id=other', '--overwrite');
  change('delete', 'service/lab-service-alice');
  one.putBack(fleet);
  expect(one.deployment('alice').metadata.labels).toMatchObject({ 'user-id': 'alice' });
  expect(one.list('services')).toHaveLength(1);
  expect(password()).toEqual(before);
  expect(one.pods('alice')).toEqual(pods);
});

test('it stays when the session is stopped by hand, which Flux leaves so', () => {
  const before = password();
  one.scale('alice', 0);
  one.putBack(fleet);
  expect(one.replicas('alice')).toEqual([0, 0]);
  expect(password()).toEqual(before);
});

test('a rotated one stays, and so it does through another commit', () => {
  const before = password();
  fleet.run('secret', 'rotate', 'alice');
  const rotated = password();
  expect(rotated).not.toEqual(before);
  one.putBack(fleet);
  expect(password()).toEqual(rotated);
  fleet.write(one.files({ alice: { values: { labels: { course: 'two' } } } }));
  one.deliver(fleet);
  expect(one.deployment('alice').metadata.labels).toMatchObject({ course: 'two' });
  expect(password()).toEqual(rotated);
});

test('a removed Secret is made again', () => {
  change('delete', `secret/${SECRET}`);
  one.putBack(fleet);
  expect(Object.keys(password())).toEqual(['vscode-password']);
});
