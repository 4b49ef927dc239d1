import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Mapping } from '@dozlab/charts/schema';
import { renderSession } from '../../src/index';
import { kubectl, removeAtEnd, sessionNamespace, uniqueName } from '../cluster/cluster';
import type { LiveObject } from '../cluster/kubectl';
import { completeValues } from '../support/values';
import { NODE, thisPlace } from './place';
import { execIn, lightValues, passwordSecret, podsWhenAvailable } from './sessions';

const namespace = sessionNamespace('lifecycle');

const apply = (id: string, over: Mapping = {}): void => {
  const values = completeValues(lightValues({ session: { id, userId: 'alice' }, ...over }));
  kubectl.apply([passwordSecret(namespace, 'only-for-tests', id), ...renderSession(values, namespace)]);
};

const podOf = (id: string): LiveObject => {
  const [pod, ...others] = podsWhenAvailable(namespace).filter(
    ({ metadata }) => metadata.labels?.['session-id'] === id,
  );
  if (pod === undefined || others.length > 0) throw new Error(`${id} has not one pod`);
  return pod;
};

const editor = (id: string, command: string): string =>
  execIn(namespace, podOf(id).metadata.name, 'code-server', 'sh', '-c', command);

/** Replaces the pod of a session, and waits for the next. */
function replacePod(id: string): void {
  const { name, uid } = podOf(id).metadata;
  kubectl.run(['delete', 'pod', name, '-n', namespace, '--timeout=60s']);
  kubectl.run(['rollout', 'status', `deployment/lab-session-${id}`, '-n', namespace, '--timeout=120s']);
  expect(podOf(id).metadata.uid).not.toBe(uid);
}

test('without persistence a file outlives a restarted container, and ends with the pod', () => {
  apply('alice');
  editor('alice', 'echo mine > /workspace/file; echo mine > /home/coder/file');
  const { name } = podOf('alice').metadata;
  kubectl.try(['exec', '-n', namespace, name, '-c', 'code-server', '--', 'kill', '1']);
  kubectl.run([
    ...['wait', `pod/${name}`, '-n', namespace, '--timeout=60s'],
    '--for=jsonpath={.status.containerStatuses[?(@.name=="code-server")].restartCount}=1',
  ]);
  kubectl.run(['wait', '--for=condition=Ready', `pod/${name}`, '-n', namespace, '--timeout=60s']);
  expect(editor('alice', 'cat /workspace/file /home/coder/file')).toBe('mine\nmine\n');

  replacePod('alice');
  expect(editor('alice', 'ls /workspace /home/coder')).not.toContain('file');
});

test('with persistence a file outlives its pod, suspension too', () => {
  const volume = uniqueName('kept');
  removeAtEnd('persistentvolume', volume);
  kubectl.apply([localVolume(volume)]);
  const volumes = { vmData: { persistence: { enabled: true, storageClassName: volume } } };
  apply('bob', { volumes });
  editor('bob', 'echo mine > /workspace/file && echo mine > /home/coder/file');
  replacePod('bob');
  expect(editor('bob', 'cat /workspace/file; ls /home/coder')).toBe('mine\n');

  apply('bob', { suspended: true, volumes });
  kubectl.run(['wait', '--for=delete', 'pod', '-l', 'session-id=bob', '-n', namespace, '--timeout=90s']);
  apply('bob', { suspended: false, volumes });
  expect(editor('bob', 'cat /workspace/file')).toBe('mine\n');
});

/** A local volume of the node: the kubelet gives it to the group of the pod, as it does with volumes of most storage classes. */
function localVolume(name: string): object {
  const path = join(thisPlace().folder, 'volumes', name);
  mkdirSync(path, { recursive: true });
  const isNode = { key: 'kubernetes.io/hostname', operator: 'In', values: [NODE] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      ...{ capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: name, local: { path } },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [isNode] }] } },
    },
  };
}
