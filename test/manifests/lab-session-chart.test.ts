import { renderSession } from '../../src/manifests/lab-session-chart';
import { labSession, namesOf } from '../support/manifests';
import { completeValues } from '../support/values';

const everything = {
  codeServer: { password: 'x' },
  volumes: { vmData: { persistence: { enabled: true } } },
  ingress: { enabled: true, vscode: { host: 'a.b' } },
  httpRoute: { enabled: true, parentRefs: [{ name: 'web' }], vscode: { host: 'a.b' } },
};

it('gives the objects of the construct', () => {
  expect(renderSession(completeValues(everything))).toEqual(labSession(everything));
});

it('gives what others need before what needs it', () => {
  expect(namesOf(renderSession(completeValues(everything)))).toEqual([
    'Secret/lab-session-alice-001-secrets',
    'PersistentVolumeClaim/lab-session-alice-001-vm-data',
    'NetworkPolicy/lab-session-alice-001',
    'Service/lab-service-alice-001',
    'Deployment/lab-session-alice-001',
    'Ingress/lab-session-alice-001-vscode',
    'HTTPRoute/lab-session-alice-001-vscode',
  ]);
});

it('writes the namespace into every object when it is given, and into none otherwise', () => {
  const values = completeValues(everything);
  const namespaces = (namespace?: string): unknown[] =>
    renderSession(values, namespace).map(({ metadata }) => metadata.namespace);

  expect(new Set(namespaces('labs'))).toEqual(new Set(['labs']));
  expect(new Set(namespaces())).toEqual(new Set([undefined]));
});
