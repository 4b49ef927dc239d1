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

/** What the release of a session is made of, without its values. */
export const releaseSchema = z.strictObject({
  session: z.strictObject({
    id: z.string(),
    /** Helm's name of the release, where it is short enough. Not given, Flux makes that of the object shorter, and unique by a hash. */
    releaseName: z.string().optional(),
  }),
  /** What the releases are made of, in the same namespace. */
  chart: z.strictObject({ kind: z.enum(['HelmChart', 'OCIRepository']), name: z.string() }),
  /** Service account, in the same namespace, as which Helm acts. */
  serviceAccountName: z.string(),
  /** Time after which the release is compared with the cluster. */
  interval: z.string(),
  /** Time after which what failed is tried again. */
  retryInterval: z.string(),
  /** Shard of Flux that acts on it. */
  shard: z.string().optional(),
});

export type ReleaseValues = z.output<typeof releaseSchema>;

/** Most time that Helm waits for single operations: a root file system of gigabytes is downloaded before a session is ready. */
const TIMEOUT = '30m';

/**
 * A session as a release of its chart (Flux, "Helm Releases"). Nothing waits until it is ready, as that would hold up others; what fails is
 * tried again as it is, and never rolled back, as that would end the session. Its values are no part of it here: they are printed behind it.
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
        // The classes know the kind by the same words, as an enumeration of their own.
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
          // A password that is rotated in the cluster: Helm keeps it, and putting it back would never end.
          ignore: [{ target: { kind: 'Secret' }, paths: ['/data'] }],
        },
      },
    });
  }
}
