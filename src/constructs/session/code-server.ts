import type { k8s } from 'cdk8s-plus-28';
import { entry, orElse, quantities, spread, when } from '@dozlab/charts';
import { httpProbe } from './probes';
import { containerImage, secretName, type SessionView } from './metadata';
import { mounts, nodeDiskSpace } from './volumes';

const WORKSPACE = '/workspace';

/** VS Code in the browser. */
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
    resources: {
      limits: quantities(codeServer.resources.limits),
      requests: quantities(codeServer.resources.requests, {
        'ephemeral-storage': orElse(
          entry(codeServer.resources.requests, 'ephemeral-storage'),
          nodeDiskSpace(view, 'vscodeData'),
        ),
      }),
    },
    securityContext: { runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false },
    volumeMounts: [
      mounts.vscodeData,
      { ...mounts.vmData, mountPath: WORKSPACE, readOnly: when(codeServer.workspaceReadOnly, true) },
      { ...mounts.sharedConfig, readOnly: true },
    ],
    livenessProbe: httpProbe(codeServer.livenessProbe.path, 'vscode', codeServer.livenessProbe),
    readinessProbe: httpProbe(codeServer.readinessProbe.path, 'vscode', codeServer.readinessProbe),
  };
}
