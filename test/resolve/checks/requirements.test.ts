import { namespaceRequirements, requirementProblems } from '../../../src/resolve/checks/requirements';
import { resolveProject } from '../../../src/resolve/resolve';
import { loadProject } from '../../../src/source/load-project';
import { cohort, project, projectWith, session, smallProject, type Files } from '../../support/project';

describe('the requirements of a session', () => {
  const neededIn = (files: object) => {
    const { sessions } = resolveProject(loadProject(projectWith(smallProject({ ...files }))));
    return requirementProblems(sessions);
  };

  test('include its Secret', () => {
    expect(neededIn({}).filter(({ message }) => message.includes('Secret'))).toEqual([
      {
        severity: 'info',
        code: 'prerequisite',
        file: 'sessions/class/alice.yaml',
        line: 1,
        column: 1,
        path: '',
        message:
          'needs the Secret lab-session-alice-secrets in the namespace lab-class with the key vscode-password for the password of VS Code',
      },
    ]);
  });

  test('include the devices of the microVM', () => {
    expect(neededIn({}).map(({ message }) => message)).toContain(
      'needs the node resource devices.kubevirt.io/kvm for a container, from a device plugin',
    );
  });

  test('are listed once for several sessions', () => {
    const values = { codeServer: { existingSecret: 'passwords' }, priorityClassName: 'high', runtimeClassName: 'kata' };
    const messages = neededIn({
      'sessions/class/cohort.yaml': cohort('class', { values }),
      'sessions/class/bob.yaml': session('bob'),
    }).map(({ message }) => message);
    expect(messages).toHaveLength(5);
    for (const name of ['the Secret passwords', 'the PriorityClass high', 'the RuntimeClass kata'])
      expect(messages.join('\n')).toContain(name);
  });

  test('include references, except optional ones', () => {
    const extraEnv = [
      { name: 'A', valueFrom: { secretKeyRef: { name: 'tokens', key: 'a' } } },
      { name: 'B', valueFrom: { configMapKeyRef: { name: 'settings', key: 'b' } } },
      { name: 'C', valueFrom: { secretKeyRef: { name: 'perhaps', key: 'c', optional: true } } },
    ];
    const values = {
      terminal: { extraEnv },
      imagePullSecrets: [{ name: 'registry' }],
      volumes: {
        vmData: { persistence: { enabled: true, existingClaim: 'work' } },
        vscodeData: { persistence: { enabled: true, storageClassName: 'fast' } },
      },
      ingress: { enabled: true, className: 'nginx', clusterIssuer: 'acme', vscode: { host: '{id}.example.com' } },
      httpRoute: {
        enabled: true,
        parentRefs: [{ name: 'gate', namespace: 'edge' }],
        vscode: { host: '{id}.example.com' },
      },
    };
    const text = neededIn({ 'sessions/class/alice.yaml': session('alice', { values }) })
      .map(({ message }) => message)
      .join('\n');
    for (const name of [
      'Secret tokens',
      'ConfigMap settings',
      'Secret registry',
      'PersistentVolumeClaim work',
      'StorageClass fast',
      'IngressClass nginx',
      'ClusterIssuer acme',
      'Gateway gate in the namespace edge',
      'CustomResourceDefinition httproutes.gateway.networking.k8s.io for the HTTPRoute, from the Gateway API',
    ])
      expect(text).toContain(name);
    expect(text).not.toContain('perhaps');
  });
});

describe('the requirements of a namespace', () => {
  const infra = { podMonitor: { enabled: true } };
  const neededIn = (files: Files) => {
    const documents = loadProject(projectWith(smallProject(files)));
    return namespaceRequirements(documents, resolveProject(documents));
  };

  test('include the kind of a PodMonitor, once, where the setting is', () => {
    expect(neededIn({})).toEqual([]);
    const two = { 'sessions/class/cohort.yaml': cohort('class', { infra }), 'sessions/more/cohort.yaml': cohort('more', { infra }) }; // prettier-ignore
    expect(neededIn(two)).toEqual([
      {
        severity: 'info',
        code: 'prerequisite',
        file: 'sessions/class/cohort.yaml',
        line: 8,
        column: 16,
        path: 'spec.infra.podMonitor.enabled',
        message:
          'needs the CustomResourceDefinition podmonitors.monitoring.coreos.com for the PodMonitor, from the Prometheus Operator',
      },
    ]);
    expect(neededIn({ 'dozlab.yaml': project({ infra }) })).toMatchObject([{ file: 'dozlab.yaml' }]);
  });
});
