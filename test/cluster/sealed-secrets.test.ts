import { parse } from 'yaml';
import { kubectl, sessionNamespace } from './cluster';
import { fingerprintOf, fingerprintsIn } from './fingerprint';
import { seal } from './kubeseal';
import { textOf, type LiveObject } from './kubectl';

test('what kubeseal seals, the controller unseals into a Secret', () => {
  const namespace = sessionNamespace('sealed');
  const password = 'correct horse, battery: "staple"';
  const sealed = seal(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'password', namespace },
      stringData: { password },
    }),
  );
  expect((parse(sealed) as LiveObject).kind).toBe('SealedSecret');
  expect(sealed).not.toContain(password);

  kubectl.apply(textOf(sealed));
  kubectl.run(['wait', 'sealedsecret/password', '-n', namespace, '--for=condition=Synced', '--timeout=120s']);
  const secret = kubectl.get('secret', 'password', '-n', namespace);
  expect(fingerprintsIn(secret)).toEqual({ password: fingerprintOf(password) });
});
