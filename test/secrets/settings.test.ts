import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { loadProject } from '../../src/source/load-project';
import { isError, type Problem } from '../../src/core/diagnostics';
import { requirementProblems } from '../../src/resolve/checks/requirements';
import { resolveProject } from '../../src/resolve/resolve';
import { synthesizeProject } from '../../src/synth/synthesize';
import { pathsBelow } from '../support/folder';
import { placeOf } from '../support/problems';
import { cohort, project, session, type Files } from '../support/project';
import { SEALED, SECRET_FILE, SESSION_FILE, sealedText, secretProject, sops } from '../support/secret-project';
import { secretRun } from '../support/secret-runs';
import { AGE_KEYS } from '../support/test-keys';

const [{ recipient }] = AGE_KEYS;
const COHORT = 'sessions/class/cohort.yaml';

const resolved = (secrets: unknown, files: Files = {}) => resolveProject(loadProject(secretProject(secrets, files)));
const errors = (secrets: unknown, files: Files = {}): Problem[] => resolved(secrets, files).problems.filter(isError);
const settingsOf = (secrets: unknown, files: Files = {}) => resolved(secrets, files).cohorts[0]?.secrets;
const secretOf = (secrets: unknown, files: Files = {}) => resolved(secrets, files).sessions[0]?.secret;

describe('spec.secrets', () => {
  test('has defaults', () => {
    for (const secrets of [undefined, {}, null]) {
      expect(secretOf(secrets)).toMatchObject({
        provider: 'existing',
        generation: 1,
        place: { name: 'lab-session-alice-secrets', namespace: 'lab-class', key: 'vscode-password', session: 'alice' },
      });
      expect(settingsOf(secrets)).toEqual({
        provider: 'existing',
        externalSecrets: { path: 'dozlab/sessions/{id}', property: 'vscode_password', push: true },
        sealedSecrets: { scope: 'strict' },
        sops: { age: [], decryptionSecret: 'sops-age' },
      });
    }
  });

  test('of a cohort overrides single keys of the project', () => {
    const base = {
      provider: 'sops',
      sops: { age: [recipient], decryptionSecret: 'keys' },
      sealedSecrets: { certificate: 'cert.pem', scope: 'namespace-wide' },
    };
    const over = { provider: 'sealed-secrets', sealedSecrets: { scope: 'cluster-wide' }, sops: { age: [] } };
    const files = { [COHORT]: cohort('class', { secrets: over }), [SECRET_FILE]: sealedText('hunter2-hunter2') };
    const sealedSecrets = { certificate: 'cert.pem', scope: 'cluster-wide' };
    expect(secretOf(base, files)).toMatchObject({ provider: 'sealed-secrets', settings: sealedSecrets });
    expect(settingsOf(base, files)).toMatchObject({
      provider: 'sealed-secrets',
      sealedSecrets,
      sops: { age: [], decryptionSecret: 'keys' },
    });
  });

  test('of a cohort removes inherited values with null', () => {
    const base = {
      provider: 'external-secrets',
      externalSecrets: { secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' }, path: 'a/{id}', push: false },
    };
    const settings = (secrets: object) => settingsOf(base, { [COHORT]: cohort('class', { secrets }) });
    expect(settings({ provider: null })?.provider).toBe('existing');
    const taken = settings({ externalSecrets: { secretStoreRef: null, path: null } });
    expect(taken?.['externalSecrets']).toEqual({
      path: 'dozlab/sessions/{id}',
      property: 'vscode_password',
      push: false,
    });
    expect(settings({ externalSecrets: null })?.['externalSecrets']).toMatchObject({ push: true });
  });

  test.each<[object, string, string]>([
    [{ provider: 'seald-secrets' }, 'dozlab.yaml:7:15 spec.secrets.provider [wrong-value]', 'sealed-secrets'],
    [{ sop: {} }, 'dozlab.yaml:7:5 spec.secrets.sop [unknown-key]', 'did you mean sops?'],
    [{ sealedSecrets: { scope: 'wide' } }, 'dozlab.yaml:8:14 spec.secrets.sealedSecrets.scope [wrong-value]', 'strict'],
    [{ sealedSecrets: { certificate: 'a\nb' } }, 'dozlab.yaml:8:20 spec.secrets.sealedSecrets.certificate [wrong-value]', 'a path in the project'], // prettier-ignore
    [{ sops: { age: ['age1x'] } }, 'dozlab.yaml:9:11 spec.secrets.sops.age[0] [wrong-value]', 'age1 and 58 characters'],
    [{ sops: { age: recipient } }, 'dozlab.yaml:8:12 spec.secrets.sops.age [wrong-type]', 'a list'],
    [{ externalSecrets: { path: 'all' } }, 'dozlab.yaml:8:13 spec.secrets.externalSecrets.path [wrong-value]', '{id}'],
    [{ externalSecrets: { secretStoreRef: {} } }, 'dozlab.yaml:8:23 spec.secrets.externalSecrets.secretStoreRef.name [missing]', ''], // prettier-ignore
    [{ externalSecrets: { secretStoreRef: { name: 'x', kind: 'Store' } } }, 'dozlab.yaml:10:15 spec.secrets.externalSecrets.secretStoreRef.kind [wrong-value]', 'ClusterSecretStore'], // prettier-ignore
  ])('reports a wrong setting once, at its place: %j', (secrets, place, says) => {
    const found = errors(secrets);
    expect(found.map(placeOf)).toEqual([place]);
    expect(found[0]?.message).toContain(says);
  });

  test('reports a wrong setting of a cohort in the cohort', () => {
    const found = errors(SEALED, { [COHORT]: cohort('class', { secrets: { provider: 'vault' } }), [SECRET_FILE]: sealedText('hunter2-x') }); // prettier-ignore
    expect(found.map(placeOf)).toEqual([`${COHORT}:7:15 spec.secrets.provider [wrong-value]`]);
  });

  test('reports the provider generated without the delivery helm, where the provider is set', () => {
    const generated = { provider: 'generated' };
    const cases: [unknown, Files, string[]][] = [
      [generated, {}, ['dozlab.yaml:7:15 spec.secrets.provider [conflict]']],
      [generated, { [COHORT]: cohort('class', { delivery: 'helm' }) }, []],
      [{}, { [COHORT]: cohort('class', { secrets: generated }) }, [`${COHORT}:7:15 spec.secrets.provider [conflict]`]],
      [{}, { [COHORT]: cohort('class', { secrets: generated, delivery: 'helm' }) }, []],
      [generated, { 'dozlab.yaml': project({ delivery: 'helm', secrets: generated }) }, []],
      [generated, { [COHORT]: cohort('class', { secrets: { provider: 'existing' } }) }, []],
    ];
    for (const [secrets, files, places] of cases) expect(errors(secrets, files).map(placeOf)).toEqual(places);
  });

  test('does not apply to a session that names a Secret', () => {
    for (const secrets of [SEALED, sops(recipient), { provider: 'external-secrets' }]) {
      const files = { [SESSION_FILE]: session('alice', { values: { codeServer: { existingSecret: 'mine' } } }) };
      expect(errors(secrets, files)).toEqual([]);
      expect(secretOf(secrets, files)).toMatchObject({ provider: 'existing', place: { name: 'mine' } });
    }
  });

  test('warns of secretGeneration, except with external-secrets', () => {
    const files = { [SESSION_FILE]: session('alice', { secretGeneration: 2 }) };
    const told = (secrets: object) =>
      resolved(secrets, files).problems.filter(({ path }) => path === 'spec.secretGeneration');
    expect(told({}).map(placeOf)).toEqual([`${SESSION_FILE}:8:21 spec.secretGeneration [has-no-effect]`]);
    expect(told({ provider: 'external-secrets' })).toEqual([]);
    expect(secretOf({}, files)?.place.name).toBe('lab-session-alice-secrets');
  });
});

const EXTERNAL_SECRETS = /CustomResourceDefinition externalsecrets\.external-secrets\.io/;
const GENERATOR = /CustomResourceDefinition passwords\.generators\.external-secrets\.io/;
const PUSH = /CustomResourceDefinition pushsecrets\.external-secrets\.io/;

test.each<[object, RegExp[]]>([
  [{}, [/Secret lab-session-alice-secrets in the namespace lab-class with the key vscode-password/]],
  [SEALED, [/CustomResourceDefinition sealedsecrets\.bitnami\.com/]],
  [sops(recipient), [/Secret sops-age in the namespace flux-system for decrypting/]],
  [{ provider: 'external-secrets' }, [EXTERNAL_SECRETS, GENERATOR]],
  [{ provider: 'external-secrets', externalSecrets: { secretStoreRef: { name: 'v' } } }, [EXTERNAL_SECRETS, GENERATOR, PUSH, /SecretStore v in the namespace lab-class/]], // prettier-ignore
  [{ provider: 'external-secrets', externalSecrets: { secretStoreRef: { name: 'v', kind: 'ClusterSecretStore' } } }, [EXTERNAL_SECRETS, GENERATOR, PUSH, /ClusterSecretStore v for/]], // prettier-ignore
])('validate lists what the cluster must have: %j', (secrets, wanted) => {
  const told = requirementProblems(resolved(secrets).sessions).map(({ message }) => message);
  for (const pattern of wanted) expect(told).toContainEqual(expect.stringMatching(pattern));
  const others = told.filter((message) => /Secret|sops|External/.test(message));
  expect(others).toHaveLength(wanted.length);
});

describe('dozlab synth', () => {
  const kustomization = (secrets: object, files: Files = {}) => {
    const { files: output = [], problems } = synthesizeProject(secretProject(secrets, files));
    expect(problems.filter(isError)).toEqual([]);
    const text = output.find(({ path }) => path === COHORT)?.content ?? '';
    const specs = parseAllDocuments(text).map(
      (document) => (document.toJS() as { spec: { decryption?: unknown } }).spec,
    );
    return {
      decryption: specs.flatMap(({ decryption }) => decryption ?? [])[0],
      paths: output.map(({ path }) => path).filter((path) => path.includes('.secret.')),
    };
  };
  const COHORT = 'flux/cohorts/class.yaml';
  const PATHS = ['sessions/class/alice.secret.yaml'];

  test('lets Flux decrypt with sops only, and writes the objects of the provider', () => {
    expect(kustomization({})).toEqual({ paths: [] });
    expect(kustomization({ provider: 'external-secrets' })).toEqual({ paths: PATHS });
    expect(kustomization(SEALED, { [SECRET_FILE]: sealedText('hunter2-hunter2') })).toEqual({ paths: PATHS });
  });

  test('copies the encrypted file, and names the Secret that Flux decrypts with', () => {
    const folder = secretProject({ provider: 'sops', sops: { age: [recipient], decryptionSecret: 'keys' } });
    expect(secretRun(['secret', 'set', '--project', folder]).status).toBe(0);
    expect(secretRun(['synth', '--project', folder]).status).toBe(0);
    expect(pathsBelow(join(folder, 'dist/sessions'))).toEqual(['class/alice.secret.yaml', 'class/alice.yaml']);
    const { files = [] } = synthesizeProject(folder);
    const [text = ''] = resolveProject(loadProject(folder)).sessions.map(({ secret }) => secret.text);
    const output = files.find(({ path }) => path === PATHS[0])?.content ?? '';
    expect(output.replace(/^#.*\n/gm, '')).toBe(text);
    const flux = parseAllDocuments(files.find(({ path }) => path === COHORT)?.content ?? '');
    expect(flux.map((document) => document.toJS() as unknown)).toMatchObject([
      { metadata: { name: 'lab-class' } },
      { metadata: { name: 'lab-class.passwords' }, spec: { decryption: { provider: 'sops', secretRef: { name: 'keys' } } } }, // prettier-ignore
    ]);
  });
});
