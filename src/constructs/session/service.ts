import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { named, text } from '@dozlab/charts';
import { objectMetadata, selectorLabels, serviceName, type SessionView } from './metadata';

export class SessionService extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const { type, ports } = view.service;
    new k8s.KubeService(this, 'service', {
      metadata: objectMetadata(view, serviceName(view)),
      spec: {
        type: text(type),
        selector: named('selectorLabels', selectorLabels(view)),
        ports: [
          { name: 'vscode', port: ports.vscode, targetPort: k8s.IntOrString.fromString('vscode') },
          { name: 'terminal', port: ports.terminal, targetPort: k8s.IntOrString.fromString('terminal') },
          { name: 'ssh', port: ports.ssh, targetPort: k8s.IntOrString.fromString('vm-ssh') },
        ],
      },
    });
  }
}
