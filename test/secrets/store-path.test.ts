import { errorsWith } from '../support/problems';
import { cohort, project, session } from '../support/project';

const files = (externalSecrets: object) => ({
  'dozlab.yaml': project({ secrets: { provider: 'external-secrets', externalSecrets } }),
  'sessions/other/cohort.yaml': cohort('other'),
  'sessions/other/alice.yaml': session('alice'),
});

const shared = { secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' } };

test('validate refuses two sessions whose passwords have one path in a store', () => {
  const errors = errorsWith(files(shared));
  expect(errors.map(({ file, code }) => [file, code])).toEqual([['sessions/other/alice.yaml', 'conflict']]);
  expect(errors[0]?.message).toBe(
    'has its password at dozlab/sessions/alice in the store vault, like sessions/class/alice.yaml. Fix: use another id, or {namespace} in spec.secrets.externalSecrets.path',
  );
});

test.each([
  ['a path with the namespace', { ...shared, path: 'dozlab/{namespace}/{id}' }],
  ['a store of each namespace', { secretStoreRef: { name: 'vault' } }],
  ['passwords that someone else keeps', { ...shared, push: false }],
  ['no store', {}],
])('validate accepts %s', (_, settings) => {
  expect(errorsWith(files(settings))).toEqual([]);
});
