import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { and, include, isSet, not, present, spread, when } from '@dozlab/charts';
import { STARTUP_SECONDS } from '../../api/values/containers';
import { containerImage, containerResources, UNPRIVILEGED } from './container';
import { objectMetadata, secretName, type SessionView } from './metadata';
import { passwordBase64Of } from '../../api/values/template-functions';
import { webProbes } from './probes';
import { mounts, nodeDiskSpace } from './volumes';

const WORKSPACE = '/workspace';

export function codeServerContainer(view: SessionView): k8s.Container {
  const { codeServer } = view;
  return {
    name: 'code-server',
    ...containerImage(view, codeServer),
    command: [
      'code-server',
      '--bind-addr',
      '0.0.0.0:8080',
      '--auth',
      'password',
      '--disable-telemetry',
      '--disable-update-check',
      WORKSPACE,
    ],
    env: [
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: secretName(view), key: codeServer.existingSecretKey } } },
      { name: 'SESSION_ID', value: view.session.id },
      { name: 'DOCKER_HOST', value: `tcp://${view.network.vmIp}:2375` },
      ...spread(codeServer.extraEnv),
    ],
    ports: [{ name: 'vscode', containerPort: 8080 }],
    resources: containerResources(codeServer.resources, nodeDiskSpace(view, 'vscodeData')),
    securityContext: { runAsNonRoot: true, runAsUser: 1000, ...UNPRIVILEGED },
    volumeMounts: [
      mounts.vscodeData,
      { ...mounts.vmData, mountPath: WORKSPACE, readOnly: when(codeServer.workspaceReadOnly, true) },
      { ...mounts.sharedConfig, readOnly: true },
    ],
    ...webProbes('vscode', codeServer, STARTUP_SECONDS.codeServer),
  };
}

export class PasswordSecret extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const { existingSecret, existingSecretKey, password } = view.codeServer;
    include(this, and(isSet(password), not(isSet(existingSecret))), () => {
      new k8s.KubeSecret(this, 'secret', {
        metadata: objectMetadata(view, secretName(view)),
        type: 'Opaque',
        data: { [existingSecretKey]: passwordBase64Of(present(password)) },
      });
    });
  }
}
