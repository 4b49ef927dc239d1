import { kubectl, sessionNamespace } from './cluster';
import { fingerprintsIn } from './fingerprint';

const generatorRef = { apiVersion: 'generators.external-secrets.io/v1alpha1', kind: 'Password', name: 'password' };

test('an ExternalSecret that is created once has one password, which cannot be changed', () => {
  const namespace = sessionNamespace('external');
  const { name, ...generator } = generatorRef;
  kubectl.apply([
    {
      ...generator,
      metadata: { name, namespace },
      spec: { length: 32, digits: 5, symbols: 0, noUpper: false, allowRepeat: true },
    },
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name, namespace },
      spec: {
        refreshPolicy: 'CreatedOnce',
        target: { name, immutable: true },
        dataFrom: [{ sourceRef: { generatorRef } }],
      },
    },
  ]);
  kubectl.run(['wait', 'externalsecret', name, '-n', namespace, '--for=condition=Ready', '--timeout=120s']);
  const secret = kubectl.get('secret', name, '-n', namespace);
  expect(fingerprintsIn(secret)).toEqual({ password: { length: 32, digest: expect.any(String) as string } });
  expect(() =>
    kubectl.run(['patch', 'secret', name, '-n', namespace, '-p', JSON.stringify({ stringData: { password: 'mine' } })]),
  ).toThrow('immutable');
});
