import type { k8s } from 'cdk8s-plus-28';
import { quantities, spread } from '@dozlab/charts';
import { containerImage, httpProbe } from './container';
import type { SessionView } from './metadata';
import { mounts } from './volumes';

export const terminalContainer = (view: SessionView): k8s.Container => ({
  name: 'terminal-sidecar',
  ...containerImage(view, view.terminal),
  env: [
    { name: 'SESSION_ID', value: view.session.id },
    { name: 'VM_IP', value: view.network.vmIp },
    { name: 'VM_SSH_PORT', value: '22' },
    ...spread(view.terminal.extraEnv),
  ],
  ports: [{ name: 'terminal', containerPort: 8081 }],
  resources: {
    limits: quantities(view.terminal.resources.limits),
    requests: quantities(view.terminal.resources.requests),
  },
  volumeMounts: [
    { ...mounts.vmData, readOnly: true },
    { ...mounts.sharedConfig, readOnly: true },
  ],
  livenessProbe: httpProbe(view.terminal.livenessProbe.path, 'terminal', view.terminal.livenessProbe),
  readinessProbe: httpProbe(view.terminal.readinessProbe.path, 'terminal', view.terminal.readinessProbe),
});
