import { isError } from '../../src/core/diagnostics';
import { passwordNotes } from '../../src/edit/change-session';
import { passwordStatus, PRIVATE_KEYS, revealPassword, setPasswords } from '../../src/edit/passwords';
import { Kubectl } from '../../src/kube/kubectl';
import { maskChange } from '../../src/report/changes/mask-secrets';
import { requirementProblems } from '../../src/resolve/checks/requirements';
import { resolveProject } from '../../src/resolve/resolve';
import { Diagnostics } from '../../src/core/diagnostics';
import { checkSources } from '../../src/resolve/secret';
import { loadProject } from '../../src/source/load-project';
import { schemaText } from '../../src/source/schemas';
import { synthesizeProject } from '../../src/synth/synthesize';
import { placeOf } from '../support/problems';
import { cohort, session, type Files } from '../support/project';
import { SECRET_FILE, secretProject, textOf } from '../support/secret-project';

/** Registers a provider with one file and one line of the list. Every other place takes its behaviour from the list. */
jest.mock('../../src/secrets/providers', () => {
  const actual = jest.requireActual<{ PROVIDERS: unknown[] }>('../../src/secrets/providers');
  const { mirror } = jest.requireActual<{ mirror: unknown }>('../support/sixth-provider');
  actual.PROVIDERS.push(mirror);
  return actual;
});

const PASSWORD = 'hunter2-hunter2';
const MIRROR = { provider: 'mirror' };
const FILE = {
  apiVersion: 'mirror.example.com/v1',
  kind: 'MirroredSecret',
  metadata: { name: 'lab-session-alice-secrets', namespace: 'lab-class' },
  mirrored: { 'vscode-password': '2retnuh-2retnuh' },
};
const bob = { 'sessions/class/bob.yaml': session('bob') };

const problems = (secrets: object, files: Files = {}) =>
  resolveProject(loadProject(secretProject(secrets, files)))
    .problems.filter(isError)
    .map((problem) => `${placeOf(problem)} ${problem.message}`);

test('spec.secrets takes its name and settings, and the published schema describes them', () => {
  expect(problems({ provider: 'mirro' })).toEqual([
    'dozlab.yaml:7:15 spec.secrets.provider [wrong-value] is text that is not shown; accepted: one of existing, generated, external-secrets, sealed-secrets, sops, mirror',
  ]);
  expect(problems({ ...MIRROR, mirror: { days: 31 } }, { [SECRET_FILE]: FILE })).toEqual([
    'dozlab.yaml:9:13 spec.secrets.mirror.days [wrong-value] is a number that is not shown; accepted: a whole number from 1 to 30',
  ]);
  for (const name of ['project', 'cohort'] as const) {
    expect(schemaText(name)).toContain('mirror (written backwards).');
    expect(schemaText(name)).toContain('"Days."');
  }
});

test('its checks see settings, files and sessions', () => {
  const place = 'sessions/class/alice.yaml:1:1 [missing-secret]';
  expect(problems(MIRROR)).toEqual([
    `${place} has no password: the provider is mirror, and there is no ${SECRET_FILE}. Fix: dozlab secret set class/alice`,
  ]);
  expect(problems(MIRROR, { [SECRET_FILE]: { ...FILE, mirrored: {} } })).toEqual([
    `${SECRET_FILE}:6:11 mirrored.vscode-password [missing] is not mirrored`,
  ]);
  const long = { ...MIRROR, mirror: { days: 21 } };
  expect(problems(long, { [SECRET_FILE]: FILE })).toEqual([
    'dozlab.yaml:9:13 spec.secrets.mirror.days [conflict] is too long for kustomize',
  ]);
  const helm = { 'sessions/class/cohort.yaml': cohort('class', { delivery: 'helm' }) };
  expect(problems(long, { ...helm, [SECRET_FILE]: FILE })).toEqual([]);
  const two = { ...bob, [SECRET_FILE]: FILE, 'secrets/class/bob.yaml': FILE };
  expect(problems(MIRROR, two)).toEqual(['sessions/class/bob.yaml:1:1 [conflict] is one mirror too many']);
});

test('validate checks the files that its settings name, and lists what the cluster must have', () => {
  const folder = secretProject(MIRROR, { [SECRET_FILE]: FILE });
  const loaded = loadProject(folder);
  const diagnostics = new Diagnostics();
  checkSources(loaded, folder, new Date(), diagnostics);
  expect(diagnostics.problems.map(({ path, message }) => [path, message])).toEqual([
    ['spec.secrets.mirror', 'needs mirror.pem, which does not exist'],
  ]);
  const required = requirementProblems(resolveProject(loaded).sessions).map(({ message }) => message);
  expect(required).toContain('needs the Mirror mirror-7 for mirroring');
  expect(required.filter((message) => message.includes('Secret'))).toEqual([]);
});

test('its objects are refused in other files, and a report hides them', () => {
  expect(problems(MIRROR, { [SECRET_FILE]: FILE, 'labs/other.yaml': FILE })[0]).toMatch(
    /^labs\/other\.yaml:\d+:\d+ \[misplaced\] is a MirroredSecret, .*the provider mirror reads it/,
  );
  expect(JSON.stringify(maskChange(undefined, FILE))).not.toContain('2retnuh');
});

test('set writes its file, status and reveal read it', async () => {
  const folder = secretProject(MIRROR);
  const tools = { project: folder, kubectl: new Kubectl() };
  const [alice] = resolveProject(loadProject(folder)).sessions;
  if (alice === undefined) throw new Error('the project has no session');
  const written = [];
  for await (const each of setPasswords([alice], PASSWORD, tools)) written.push(each);
  expect(written).toEqual([{ session: alice, where: SECRET_FILE, isInProject: true, isOtherSecret: false }]);
  expect(textOf(folder, SECRET_FILE)).toContain('2retnuh-2retnuh');
  const { sessions } = resolveProject(loadProject(folder));
  expect(passwordStatus(sessions, undefined)).toMatchObject([
    { provider: 'mirror', state: 'present', openedBy: 'a mirror' },
  ]);
  for (const session of sessions) {
    expect(await revealPassword(session, tools, undefined)).toBe(PASSWORD);
    expect(await revealPassword(session, tools, 'key')).toBe(`key${PASSWORD}`);
  }
  expect(PRIVATE_KEYS.map(({ privateKey }) => privateKey)).toContain('a mirror');
});

test('commands that create sessions ask for a password', () => {
  const loaded = loadProject(secretProject(MIRROR));
  const [first] = loaded.cohorts;
  if (first === undefined) throw new Error('the project has no cohort');
  expect(passwordNotes(loaded, first)).toEqual(['next: dozlab secret set --cohort class']);
});

test('synth copies its file, and Flux decrypts it and may apply it', () => {
  const { files = [], problems: found } = synthesizeProject(
    secretProject({ ...MIRROR, mirror: { days: 9 } }, { [SECRET_FILE]: FILE }),
  );
  expect(found.filter(isError)).toEqual([]);
  const text = (path: string): string => files.find((file) => file.path === path)?.content ?? '';
  expect(text('sessions/class/alice.secret.yaml')).toContain('2retnuh-2retnuh');
  expect(text('flux/cohorts/class.yaml')).toContain('name: mirror-key-9');
  expect(text('flux/identities/class.yaml')).toContain('mirroredsecrets');
});
