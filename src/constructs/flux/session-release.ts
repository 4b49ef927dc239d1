import { PRUNE_ANNOTATION } from '../../core/consumers/metadata';
import { Construct } from 'constructs';
import { z } from 'zod';
import {
  HelmRelease,
  HelmReleaseSpecDriftDetectionMode,
  HelmReleaseSpecInstallStrategyName,
  HelmReleaseSpecUpgradeStrategyName,
} from '../../../imports/helm.toolkit.fluxcd.io';
import { optional, text, type View } from '@dozlab/charts';
import { MANAGED_LABELS, SHARD_LABEL } from '../namespace/labels';

export const releaseSchema = z.strictObject({
  session: z.strictObject({
    id: z.string(),
    /** Without a name, Flux shortens the object's name and adds a hash. */
    releaseName: z.string().optional(),
    /** Flux keeps the release when its cohort no longer has it. */
    prune: z.string().optional(),
  }),
  chart: z.strictObject({ kind: z.enum(['HelmChart', 'OCIRepository']), name: z.string() }),
  serviceAccountName: z.string(),
  interval: z.string(),
  retryInterval: z.string(),
  shard: z.string().optional(),
});

export type ReleaseValues = z.output<typeof releaseSchema>;

/** A session downloads gigabytes before it is ready. */
const TIMEOUT = '30m';

/** Waiting would delay other sessions, and a rollback would end the session (Flux, "Helm Releases"). */
export class SessionRelease extends Construct {
  constructor(scope: Construct, id: string, view: View<ReleaseValues>) {
    super(scope, id);
    const { session, chart, serviceAccountName, interval, retryInterval, shard } = view;
    const annotations = { [PRUNE_ANNOTATION]: optional(session.prune) } as Record<string, string>;
    const labels = { [SHARD_LABEL]: optional(shard) } as Record<string, string>;
    new HelmRelease(this, 'release', {
      metadata: {
        name: `lab-session-${session.id}`,
        labels: { ...MANAGED_LABELS, ...labels, 'session-id': session.id },
        annotations,
      },
      spec: {
        // The enum of the generated class has the same words.
        chartRef: { kind: text(chart.kind) as never, name: chart.name },
        releaseName: optional(session.releaseName),
        interval,
        timeout: TIMEOUT,
        serviceAccountName,
        maxHistory: 2,
        install: {
          disableWait: true,
          strategy: { name: HelmReleaseSpecInstallStrategyName.RETRY_ON_FAILURE, retryInterval },
        },
        upgrade: {
          disableWait: true,
          strategy: { name: HelmReleaseSpecUpgradeStrategyName.RETRY_ON_FAILURE, retryInterval },
        },
        uninstall: { disableWait: true },
        driftDetection: {
          mode: HelmReleaseSpecDriftDetectionMode.ENABLED,
          // Helm keeps a password that was rotated in the cluster: Flux would correct it again and again.
          ignore: [{ target: { kind: 'Secret' }, paths: ['/data'] }],
        },
      },
    });
  }
}
