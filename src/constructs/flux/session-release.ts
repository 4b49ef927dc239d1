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

/** The values of a HelmRelease, without those of the session. */
export const releaseSchema = z.strictObject({
  session: z.strictObject({
    id: z.string(),
    /** Helm's name of the release. Without one, Flux shortens the name of the object and adds a hash. */
    releaseName: z.string().optional(),
  }),
  /** The chart of the release, in the same namespace. */
  chart: z.strictObject({ kind: z.enum(['HelmChart', 'OCIRepository']), name: z.string() }),
  /** Service account of the same namespace with which Helm acts. */
  serviceAccountName: z.string(),
  /** Time between two comparisons with the cluster. */
  interval: z.string(),
  /** Time between a failure and the next try. */
  retryInterval: z.string(),
  /** Shard of Flux that acts on it. */
  shard: z.string().optional(),
});

export type ReleaseValues = z.output<typeof releaseSchema>;

/** Limit of a Helm operation: a session downloads gigabytes before it is ready. */
const TIMEOUT = '30m';

/**
 * A session as a release of its chart (Flux, "Helm Releases"). Flux does not wait until a session is ready, which would delay others. It
 * retries a failure and never rolls back, which would end the session. The values of the session are printed after the object.
 */
export class SessionRelease extends Construct {
  constructor(scope: Construct, id: string, view: View<ReleaseValues>) {
    super(scope, id);
    const { session, chart, serviceAccountName, interval, retryInterval, shard } = view;
    const labels = { [SHARD_LABEL]: optional(shard) } as Record<string, string>;
    new HelmRelease(this, 'release', {
      metadata: {
        name: `lab-session-${session.id}`,
        labels: { ...MANAGED_LABELS, ...labels, 'session-id': session.id },
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
