import { stringify } from 'yaml';
import type { Manifest } from '@dozlab/charts/yaml';
import { asLive } from '../support/live-objects';
import {
  MigrationRun,
  REQUIRED,
  TEMPLATE,
  differingFields,
  envFile,
  originalObjects,
  podIn,
  reportedFields,
} from '../support/migration';
import { project } from '../support/project';

const VARIABLES = { ...REQUIRED, USER_ID: 'alice', VSCODE_PASSWORD: 'planted-in-a-live-secret' };

const list = (items: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items });

/** The pod of a list, to be changed by a test. */
const podOfList = (objects: readonly Manifest[]) =>
  podIn(objects) as unknown as { metadata: Record<string, object>; spec: Record<string, Record<string, unknown>[]> };

describe('migrate with objects of kubectl', () => {
  test.each([
    ['YAML', stringify],
    ['JSON', (value: unknown) => JSON.stringify(value, null, 4)],
  ])('%s: reports every difference between the pod and its original', (_, write) => {
    const run = new MigrationRun();
    const data = run.migrate({ 'all.txt': write(list(asLive(originalObjects(VARIABLES), 'lab-classroom'))) });
    const differences = data.sessions[0]?.differences ?? [];
    const rendered = run.rendered('lab-classroom', 'alice-001');
    expect(differingFields(podIn(originalObjects(VARIABLES)), podIn(rendered))).toEqual(reportedFields(differences));
    expect(run.read('sessions/lab-classroom/cohort.yaml')['spec']).toEqual({ namespace: 'lab-classroom' });
    expect(data.problems).toEqual([]);
  });

  test('writes the same files as with their manifest', () => {
    const [live, manifest] = [new MigrationRun(), new MigrationRun()];
    const { files } = live.migrate(
      { 'all.yaml': stringify(list(asLive(originalObjects(VARIABLES), 'x'))) },
      '--cohort',
      'c',
    );
    manifest.migrate({ 'pod.yaml': TEMPLATE, env: envFile(VARIABLES) }, '--cohort', 'c');
    for (const { path } of files.filter((file) => !file.path.endsWith('cohort.yaml')))
      expect(live.read(path)).toEqual(manifest.read(path));
  });

  test('carries over or reports every field beside the original', () => {
    const objects = asLive(originalObjects(VARIABLES), 'labs');
    const { metadata, spec } = podOfList(objects);
    Object.assign(metadata['labels'] ?? {}, { course: 'kubernetes-101' });
    Object.assign(metadata['annotations'] ?? {}, { 'example.com/note': 'planted-note' });
    Object.assign(spec, { nodeSelector: { disk: 'ssd' }, priorityClassName: 'labs', hostNetwork: true });
    const [vm, , codeServer] = spec['containers'] ?? [];
    (vm?.['securityContext'] as Record<string, unknown>)['privileged'] = true;
    (codeServer?.['env'] as object[]).push(
      { name: 'API', value: 'planted-literal' },
      { name: 'OTHER', valueFrom: { secretKeyRef: { name: 'others', key: 'key' } } },
    );
    Object.assign(codeServer ?? {}, { livenessProbe: { exec: { command: ['planted-command'] } } });
    const run = new MigrationRun();
    const data = run.migrate({ 'all.yaml': stringify(list(objects)) });
    const reported = (data.sessions[0]?.differences ?? []).filter(({ change }) => change === 'lost');
    expect(reported.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'spec.hostNetwork',
        'spec.containers.firecracker-vm.securityContext.privileged',
        'spec.containers.code-server.env.API.value',
        'spec.containers.code-server.livenessProbe.exec.command',
      ]),
    );
    expect(data.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'not-carried items[1].metadata.annotations["example.com/note"]',
    ]);
    const values = {
      labels: { course: 'kubernetes-101' },
      podLabels: { course: 'kubernetes-101' },
      nodeSelector: { disk: 'ssd' },
      priorityClassName: 'labs',
    };
    expect(run.read('sessions/labs/alice-001.yaml')['spec']).toMatchObject({ values });
    const lab = run.read('labs/dozlab-k8s.yaml')['spec'] as { values: { codeServer: unknown } };
    expect(lab.values.codeServer).toMatchObject({
      extraEnv: [{ name: 'OTHER', valueFrom: { secretKeyRef: { name: 'others', key: 'key' } } }],
    });
  });

  test.each<[string, object, string[] | undefined]>([
    ['fewer', { capabilities: { add: ['NET_ADMIN'] } }, ['NET_ADMIN']],
    ['the same in another order', { capabilities: { add: ['SYS_RESOURCE', 'NET_ADMIN', 'SYS_ADMIN'] } }, undefined],
    ['others', { capabilities: { add: ['SYS_PTRACE', 'BPF'] } }, ['BPF', 'SYS_PTRACE']],
    ['none', {}, []],
    ['all, by privileged', { privileged: true }, undefined],
    ['all, by name', { capabilities: { add: ['ALL'] } }, undefined],
  ])('carries over capabilities of the microVM: %s', (_, securityContext, expected) => {
    const objects = asLive(originalObjects(VARIABLES), 'labs');
    const [vm] = podOfList(objects).spec['containers'] ?? [];
    Object.assign(vm ?? {}, { securityContext });
    const run = new MigrationRun();
    const { sessions } = run.migrate({ 'all.yaml': stringify(list(objects)) });
    const lab = run.read('labs/dozlab-k8s.yaml')['spec'] as { values: { firecracker: Record<string, unknown> } };
    expect(lab.values.firecracker['capabilities']).toEqual(expected);
    const places = (sessions[0]?.differences ?? []).map(({ path }) => path);
    const isKept = expected !== undefined || JSON.stringify(securityContext).includes('RESOURCE');
    expect(places.some((path) => /firecracker-vm.*capabilities/.test(path))).toBe(!isKept);
  });

  test('carries over a startup probe, and removes a delay that the project has and the pod does not', () => {
    const objects = asLive(originalObjects(VARIABLES), 'labs');
    const [vm] = podOfList(objects).spec['containers'] ?? [];
    Object.assign(vm ?? {}, {
      startupProbe: { tcpSocket: { port: 22 }, failureThreshold: 60 },
      livenessProbe: { tcpSocket: { port: 22 } },
    });
    const delayed = project({ values: { firecracker: { livenessProbe: { initialDelaySeconds: 99 } } } });
    const run = new MigrationRun({ 'dozlab.yaml': delayed });
    run.migrate({ 'all.yaml': stringify(list(objects)) });
    const container = podIn(run.rendered('labs', 'alice-001')) as unknown as {
      spec: { template: { spec: { containers: Record<string, unknown>[] } } };
    };
    expect(container.spec.template.spec.containers[0]).toMatchObject({
      startupProbe: { tcpSocket: { port: 'vm-ssh' }, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 60 },
      livenessProbe: { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
    });
    expect(container.spec.template.spec.containers[0]?.['livenessProbe']).not.toHaveProperty('initialDelaySeconds');
  });

  test('gives a variable of the user another reason than a variable of every session', () => {
    const objects = asLive(originalObjects(VARIABLES), 'labs');
    const [vm] = podOfList(objects).spec['containers'] ?? [];
    Object.assign(vm ?? {}, { env: [{ name: 'PLAIN', value: 'x' }] });
    const { sessions } = new MigrationRun().migrate({ 'all.yaml': stringify(list(objects)) }, '--dry-run');
    const reasons = new Map((sessions[0]?.differences ?? []).map(({ path, reason }) => [path, reason]));
    expect(reasons.get('spec.containers.firecracker-vm.env.PLAIN.value')).toContain('may be a secret');
    expect(reasons.get('spec.containers.firecracker-vm.env.KERNEL_PATH.value')).toBe('the same for every session');
  });

  test('prints the commands of all sessions as JSON, and examples as text', () => {
    const many = Array.from({ length: 25 }, (_, index) =>
      asLive(originalObjects({ ...VARIABLES, SESSION_ID: `s-${String(index)}` }), 'labs'),
    );
    const inputs = { 'all.json': JSON.stringify(list(many.flat())) };
    const run = new MigrationRun();
    const { steps } = run.migrate(inputs, '--dry-run');
    expect(steps.map(({ commands }) => commands.length)).toEqual([25, 1, 25, 2, 25, 2]);
    const { stdout } = run.run(inputs, '--dry-run');
    expect(stdout).toContain('# and the same for the other 22 sessions');
    expect(stdout).toContain('dozlab secret set --cohort labs');
  });

  test('reports objects that are not sessions', () => {
    const other = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'labs' },
      spec: { containers: [] },
    };
    const stray = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'labs' }, spec: {} };
    const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' } };
    const run = new MigrationRun();
    const all = list([other, stray, ingress, ...asLive(originalObjects(VARIABLES), 'labs')]);
    const { problems } = run.migrate({ 'all.yaml': stringify(all) }, '--dry-run');
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual(
      [0, 1, 2].map((index) => `not-carried items[${String(index)}]`),
    );
  });
});
