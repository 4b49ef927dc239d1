import type { Mapping } from '@dozlab/charts/schema';
import { valuesWith } from '../support/values';
import { chartFolder } from './chart';
import { kubectl, sessionNamespace } from './cluster';
import { fingerprintOf, secretsIn } from './fingerprint';
import { BOTH } from './helm';
import { Release } from './release';

const chart = chartFolder();

describe.each(BOTH)('what %s shows after an installation', (name, helm) => {
  const namespace = sessionNamespace(`${name}-notes`);
  const shown = (id: string, over: Mapping = {}): string =>
    new Release(helm, chart, namespace, id).install(valuesWith({ session: { id }, ...over }));

  test('how to reach the session, and that its data is lost', () => {
    const text = shown('alice');
    expect(text).toContain(`kubectl port-forward -n ${namespace} deploy/lab-session-alice 8080:8080 8081:8081`);
    expect(text).toContain(`kubectl logs -n ${namespace} deploy/lab-session-alice -c firecracker-vm`);
    expect(text).toContain(`kubectl exec -n ${namespace} deploy/lab-session-alice -c code-server --`);
    expect(text).toContain('THE DATA OF THE SESSION IS LOST');
    expect(text).not.toMatch(/pod\/lab-session|https?:\/\/(?!localhost)|<no value>|\{\{ \./);
  });

  test('the command that it shows for the password prints the password', () => {
    const command = /kubectl (get secret .*) -o go-template='(.*)'/.exec(
      shown('bob', { codeServer: { password: 'a "b" \'c\' $d' } }),
    );
    const [, options = '', template = ''] = command ?? [];
    const printed = kubectl.run([...options.split(' '), '-o', `go-template=${template}`]);
    expect(fingerprintOf(printed)).toEqual(fingerprintOf('a "b" \'c\' $d'));
    expect(secretsIn(kubectl.get('secret', 'lab-session-bob-secrets', '-n', namespace)).size).toBe(1);
  });

  test.each<[string, Mapping]>([
    ['kind', { workload: { kind: 'Pod' } }],
    ['restart', { restartPolicy: 'Never' }],
  ])('a Pod, by %s', (id, over) => {
    const text = shown(id, over);
    expect(text).toContain(`kubectl port-forward -n ${namespace} pod/lab-session-${id} 8080:8080 8081:8081`);
    expect(text).toContain(`pod/lab-session-${id} -c firecracker-vm`);
    expect(text).not.toContain('deploy/');
  });

  test('an existing Secret and its key', () => {
    const text = shown('existing', { codeServer: { existingSecret: 'mine', existingSecretKey: 'a.b' } });
    expect(text).toContain(
      `kubectl get secret -n ${namespace} mine -o go-template='{{ index .data "a.b" | base64decode }}'`,
    );
  });

  const vscode = { host: '{id}-vscode.example.com', path: '/{user}/' };
  const terminal = { host: '{id}-terminal.example.com' };

  test('the address of an Ingress', () => {
    expect(shown('routed', { ingress: { enabled: true, vscode } })).toContain(
      'VS Code: https://routed-vscode.example.com/alice/\n',
    );
    expect(shown('plain', { ingress: { enabled: true, vscode, tls: { enabled: false } } })).toContain(
      'VS Code: http://plain-vscode.example.com/alice/\n',
    );
  });

  test('the address of the terminal, or that it has no route', () => {
    const open = shown('open', { ingress: { enabled: true, terminal: { ...terminal, allowUnauthenticated: true } } });
    expect(open).toContain('terminal: https://open-terminal.example.com/\n');
    expect(open).not.toContain('NO ROUTE');
    const left = shown('left', { ingress: { enabled: true, vscode, terminal } });
    expect(left).toContain('NO ROUTE TO THE TERMINAL');
    expect(left).not.toContain('left-terminal.example.com');
  });

  test.each(['NodePort', 'LoadBalancer'])('how to see the addresses of a %s', (type) => {
    const id = type.toLowerCase();
    expect(shown(id, { service: { type } })).toContain(`kubectl get service -n ${namespace} lab-service-${id} -o wide`);
    expect(shown(`${id}-not`)).not.toContain('kubectl get service');
  });

  test.each<[string, Mapping]>([
    ['asleep', {}],
    ['asleep-pod', { workload: { kind: 'Pod' } }],
  ])('nothing to be done with the pod of a suspended session: %s', (id, over) => {
    const text = shown(id, { suspended: true, ...over });
    expect(text).toContain(`The session ${id} is suspended: it has no pod.`);
    expect(text).not.toMatch(/port-forward|kubectl (logs|exec)|being prepared/);
    expect(shown(`${id}-resumed`, { suspended: false, ...over })).toContain('being prepared');
  });
});
