import { App, Chart } from 'cdk8s';
import { LabSession } from '../../src/constructs/session/lab-session';
import type { SessionValuesInput } from '../../src/api/values/schema';

export interface GivenSession {
  readonly namespace: string;
  readonly values: SessionValuesInput;
}

export function synthApp(outdir: string, sessions: readonly GivenSession[]): void {
  const app = new App({ outdir });
  for (const { namespace, values } of sessions) {
    const chart = new Chart(app, values.session.id, { namespace });
    new LabSession(chart, 'session', values);
  }
  app.synth();
}
