import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { synthesizeProject } from '../../src/synth/synthesize';
import type { Manifest } from '@dozlab/charts/yaml';
import { git } from '../support/git';
import { metadataOf, namesOf, one, specOf } from '../support/manifests';
import {
  cohort,
  lab,
  project,
  projectWith,
  session,
  smallProject,
  temporaryFolder,
  type Files,
} from '../support/project';

const MANAGER = { infra: { roles: { sessionManager: { namespace: 'default' } } } };

function textOf(path: string, files: Files): string {
  const { files: output = [], problems } = synthesizeProject(projectWith(smallProject(files)));
  const file = output.find((each) => each.path === path);
  if (file === undefined) throw new Error(`no ${path}: ${JSON.stringify(problems)}`);
  return file.content;
}

const objectsIn = (path: string, files: Files): Manifest[] =>
  parseAllDocuments(textOf(path, files)).map((document) => document.toJS() as Manifest);

describe('a namespace of the project’s own', () => {
  test('is made, with all that stands around sessions', () => {
    const files = { 'dozlab.yaml': project({ maxSessions: 2, infra: { podMonitor: { enabled: true } } }) };
    expect(namesOf(objectsIn('infra/namespaces/lab-class.yaml', files))).toEqual([
      'Namespace/lab-class',
      'ResourceQuota/lab-sessions',
      'LimitRange/lab-sessions',
      ...['default-deny', 'helm-test', 'acme-solver', 'session-isolation', 'session-metrics'].map(
        (name) => `NetworkPolicy/${name}`,
      ),
      'Role/dozlab-session-manager',
      'RoleBinding/dozlab-session-manager',
      'Role/dozlab-viewer',
      'Role/dozlab-instructor',
      'ValidatingAdmissionPolicy/lab-class',
      'ValidatingAdmissionPolicyBinding/lab-class',
      'ValidatingAdmissionPolicy/lab-class.secrets',
      'ValidatingAdmissionPolicyBinding/lab-class.secrets',
      'ValidatingAdmissionPolicy/lab-class.releases',
      'ValidatingAdmissionPolicyBinding/lab-class.releases',
    ]);
    expect(namesOf(objectsIn('monitoring/lab-class.yaml', files))).toEqual(['PodMonitor/lab-sessions']);
  });

  test('admits the capabilities of the labs, and no others', () => {
    const rule = (files: Files): string => JSON.stringify(objectsIn('infra/namespaces/lab-class.yaml', files));
    expect(rule({})).toContain('and only NET_ADMIN, SYS_ADMIN, SYS_RESOURCE;');
    const values = { firecracker: { capabilities: ['NET_ADMIN'] } };
    expect(rule({ 'dozlab.yaml': project({ values }) })).toContain('and only NET_ADMIN;');
    const wider = cohort('class', { values: { firecracker: { capabilities: ['SYS_NICE', 'NET_ADMIN'] } } });
    expect(rule({ 'dozlab.yaml': project({ values }), 'sessions/class/cohort.yaml': wider })).toContain(
      'and only NET_ADMIN, SYS_NICE;',
    );
  });

  test.each([{ enabled: false }, { defaultRequest: {} }])('has no LimitRange with %j', (limitRange) => {
    const files = { 'sessions/class/cohort.yaml': cohort('class', { infra: { limitRange } }) };
    expect(namesOf(objectsIn('infra/namespaces/lab-class.yaml', files))).not.toContain('LimitRange/lab-sessions');
  });
});

describe('two branches', () => {
  const withImages = (...images: string[]): string =>
    textOf('infra/namespaces/lab-class.yaml', {
      'dozlab.yaml': project({ infra: { podPolicy: { images: ['example.com/m', 'example.com/n', ...images] } } }),
    });

  test('that each add an image merge without conflict, to what synth writes of the merge', () => {
    const folder = temporaryFolder();
    const texts = { one: withImages('example.com/a'), base: withImages(), other: withImages('example.com/z') };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    expect(git(folder, 'merge-file', '--stdout', 'one', 'base', 'other')).toBe(
      withImages('example.com/a', 'example.com/z').trimEnd(),
    );
  });
});

describe('the namespace default', () => {
  const namespace = 'default';
  const files = { 'dozlab.yaml': project(), 'sessions/class/cohort.yaml': cohort('class', { namespace }) };
  const objects = objectsIn(`infra/namespaces/${namespace}.yaml`, files);

  test('is not made, and gets nothing that concerns other pods', () => {
    const kinds = new Set(objects.map(({ kind }) => kind));
    expect([...kinds]).toEqual(['NetworkPolicy', 'Role', 'RoleBinding']);
    for (const policy of objects.filter(({ kind }) => kind === 'NetworkPolicy'))
      expect(specOf<{ podSelector: object }>(policy).podSelector).toEqual({ matchLabels: { app: 'lab-environment' } });
  });
});

describe('the namespace of the session manager', () => {
  test('is made, with Pod Security restricted', () => {
    const objects = objectsIn('infra/system/dozlab-system.yaml', {});
    expect(namesOf(objects)).toEqual(['Namespace/dozlab-system', 'ServiceAccount/dozlab-session-manager']);
    expect(metadataOf(one(objects, 'Namespace')).labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  test('is not made when every cluster has it, or when it is one of sessions', () => {
    expect(namesOf(objectsIn('infra/system/default.yaml', { 'dozlab.yaml': project(MANAGER) }))).toEqual([
      'ServiceAccount/dozlab-session-manager',
    ]);
    const inside = project({ infra: { roles: { sessionManager: { namespace: 'lab-class' } } } });
    expect(namesOf(objectsIn('infra/system/lab-class.yaml', { 'dozlab.yaml': inside }))).toEqual([
      'ServiceAccount/dozlab-session-manager',
    ]);
  });
});

describe('nodes', () => {
  const nodes = { devicePlugin: { enabled: true, count: 7 }, prePull: { enabled: true } };
  interface Container {
    readonly image: string;
    readonly imagePullPolicy?: string;
    readonly args: readonly string[];
  }
  interface DaemonSet {
    readonly template: {
      readonly spec: {
        readonly containers: readonly Container[];
        readonly initContainers?: readonly Container[];
        readonly imagePullSecrets?: readonly { readonly name: string }[];
      };
    };
  }
  const podOf = (objects: Manifest[]) => specOf<DaemonSet>(one(objects, 'DaemonSet')).template.spec;

  test('offer each device once, by a plugin for each domain', () => {
    const devices = { kvm: 'example.com/kvm', tun: 'devices.kubevirt.io/tun' };
    const other = lab('other', {
      values: { rootfs: { imageUrl: 'https://example.com/rootfs.ext4' }, firecracker: { devices } },
    });
    const objects = objectsIn('nodes/device-plugin.yaml', {
      'dozlab.yaml': project({ nodes }),
      'labs/other.yaml': other,
    });
    expect(podOf(objects).containers.map(({ args }) => args.filter((arg) => !arg.startsWith('--')))).toEqual([
      ['example.com', '{"name":"kvm","groups":[{"count":7,"paths":[{"path":"/dev/kvm"}]}]}', ':8080'],
      [
        'devices.kubevirt.io',
        '{"name":"tun","groups":[{"count":7,"paths":[{"path":"/dev/net/tun"}]}]}',
        '{"name":"kvm","groups":[{"count":7,"paths":[{"path":"/dev/kvm"}]}]}',
        ':8081',
      ],
    ]);
  });

  test('have no plugin when no session asks for a device', () => {
    const values = { firecracker: { devices: { kvm: '', tun: '' } } };
    const files = { 'dozlab.yaml': project({ nodes, values }) };
    expect(() => objectsIn('nodes/device-plugin.yaml', files)).toThrow('no nodes/device-plugin.yaml');
  });

  test('pull as the values of the project and the lab say', () => {
    const values = { imagePullPolicy: 'Never', imagePullSecrets: [{ name: 'registry' }] };
    const own = {
      rootfs: { imageUrl: 'https://example.com/rootfs.ext4' },
      imagePullPolicy: 'Always',
      imagePullSecrets: [],
    };
    const prePull = { enabled: true, imagePullSecrets: ['mirror', 'registry'] };
    const files = {
      'dozlab.yaml': project({ nodes: { ...nodes, prePull }, values }),
      'labs/other.yaml': lab('other', { values: own }),
    };
    const pulled = (path: string) => {
      const pod = podOf(objectsIn(path, files));
      const containers = [...pod.containers, ...(pod.initContainers ?? [])];
      return [Array.from(new Set(containers.map((each) => each.imagePullPolicy))), pod.imagePullSecrets];
    };
    expect(pulled('nodes/device-plugin.yaml')).toEqual([['Never'], [{ name: 'registry' }]]);
    expect(pulled('nodes/pre-pull/lab-vm.yaml')).toEqual([['Never'], [{ name: 'mirror' }, { name: 'registry' }]]);
    expect(pulled('nodes/pre-pull/lab-other.yaml')).toEqual([['Always'], [{ name: 'mirror' }, { name: 'registry' }]]);
  });

  test('pull each image of a lab once', () => {
    const image = { image: 'example.com/all', tag: 'v1' };
    const values = { terminal: image, codeServer: image, firecracker: image };
    const objects = objectsIn('nodes/pre-pull/lab-vm.yaml', { 'dozlab.yaml': project({ nodes, values }) });
    const pulled = podOf(objects).initContainers?.map((container) => container.image) ?? [];
    expect(pulled.filter((name) => name === 'example.com/all:v1')).toHaveLength(1);
    expect(pulled[0]).toBe('busybox:stable-musl');
  });
});

test('the longest names fit', () => {
  const name = 'c'.repeat(59);
  const id = 's'.repeat(51);
  const helm = { 'dozlab.yaml': project({ delivery: 'helm', flux: { source: { url: 'https://example.com/labs' } } }) };
  const files = {
    ...helm,
    [`sessions/${name}/cohort.yaml`]: cohort(name),
    [`sessions/${name}/${id}.yaml`]: session(id),
  };
  const [release] = objectsIn(`releases/${name}/${id}.yaml`, files);
  // Helm takes 53 characters; Flux shortens the name of the object when none is given.
  expect(specOf(release)).not.toHaveProperty('releaseName');
  expect(release?.metadata.name).toBe(`lab-session-${id}`);
  for (const path of [`flux/cohorts/${name}.yaml`, `flux/identities/${name}.yaml`, `infra/namespaces/lab-${name}.yaml`])
    for (const { metadata } of objectsIn(path, files))
      expect(metadata.name.length).toBeLessThanOrEqual(63 + '-releases'.length);
});
