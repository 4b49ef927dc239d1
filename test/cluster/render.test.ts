import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../src/index';
import { dozlab } from '../support/cli';
import { namesOf } from '../support/manifests';
import { kubectl, sessionNamespace } from './cluster';
import { lostFrom } from './stored';

const VALUES = join(__dirname, 'rich-values.yaml');
const namespace = sessionNamespace('render');

/** What `dozlab render` prints for values that set everything, with one thing changed in their text. */
function rendered(from = '', to = ''): string {
  const input = readFileSync(VALUES, 'utf8').replace(from, to);
  const { status, stdout, stderr } = dozlab(['render', '-f', '-', '-n', namespace], { input });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const objectsIn = (text: string): Manifest[] => parseAllDocuments(text).map((document) => document.toJS() as Manifest);

describe('a session that sets everything', () => {
  test('is applied completely, and the API server stores it as printed', () => {
    const text = rendered();
    const kept = kubectl.apply(text);
    expect(namesOf(kept)).toEqual([
      'Secret/lab-session-rich-001-secrets',
      'PersistentVolumeClaim/lab-session-rich-001-kernels',
      'PersistentVolumeClaim/lab-session-rich-001-vm-data',
      'NetworkPolicy/lab-session-rich-001',
      'Service/lab-service-rich-001',
      'Deployment/lab-session-rich-001',
      'Ingress/lab-session-rich-001-vscode',
      'Ingress/lab-session-rich-001-terminal',
      'HTTPRoute/lab-session-rich-001-vscode',
      'HTTPRoute/lab-session-rich-001-terminal',
    ]);
    const lost = objectsIn(text).flatMap((sent, index) => lostFrom(sent, kept[index], sent.kind));
    expect(lost.filter((line) => !line.startsWith('Secret.stringData'))).toEqual([]);
  });

  test('keeps its password exactly', () => {
    const { data } = kubectl.get('secret', 'lab-session-rich-001-secrets', '-n', namespace) as unknown as {
      readonly data: Readonly<Record<string, string>>;
    };
    const [password] = Object.values(data).map((value) => Buffer.from(value, 'base64').toString());
    expect(password).toBe('a\'b"c$d`e');
  });

  test('is applied as a Pod', () => {
    const text = rendered('suspended: false', 'workload: {kind: Pod}').replaceAll('rich-001', 'rich-pod');
    const kept = kubectl.apply(text, '--dry-run=server');
    expect(namesOf(kept)).toContain('Pod/lab-session-rich-pod');
    expect(namesOf(kept)).not.toContain('Deployment/lab-session-rich-pod');
  });
});
