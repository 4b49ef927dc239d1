import { Construct } from 'constructs';
import { PodMonitor } from '../../../imports/monitoring.coreos.com';
import { managedMetadata } from './labels';

export interface SessionPodMonitorProps {
  readonly namespace: string;
  readonly port: string;
  readonly path: string;
  readonly interval: string;
}

/** Prometheus scrapes sessions (Prometheus Operator, "PodMonitor"). */
export class SessionPodMonitor extends Construct {
  constructor(scope: Construct, id: string, { namespace, port, path, interval }: SessionPodMonitorProps) {
    super(scope, id);
    new PodMonitor(this, 'pod-monitor', {
      metadata: managedMetadata(namespace, 'lab-sessions'),
      spec: {
        selector: { matchLabels: { app: 'lab-environment' } },
        podTargetLabels: ['session-id', 'user-id'],
        podMetricsEndpoints: [{ port, path, interval }],
      },
    });
  }
}
