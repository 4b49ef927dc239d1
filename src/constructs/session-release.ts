import {
  HelmRelease,
  HelmReleaseSpecChartRefKind,
  HelmReleaseSpecDriftDetectionMode,
  HelmReleaseSpecInstallStrategyName,
  HelmReleaseSpecUpgradeStrategyName,
} from '../../imports/helm.toolkit.fluxcd.io';
import type { Mapping } from '../schema/tree';
import { fluxLabels } from './managed';

export interface SessionReleaseProps {
  /** The session's id. */
  readonly session: string;
  readonly namespace: string;
  /** What the releases are made of, in the same namespace. */
  readonly chart: { readonly kind: 'HelmChart' | 'OCIRepository'; readonly name: string };
  /** Service account, in the same namespace, as which Helm acts. */
  readonly serviceAccountName: string;
  /** Time after which the release is compared with the cluster. */
  readonly interval: string;
  /** Time after which what failed is tried again. */
  readonly retryInterval: string;
  /** Values over the chart's defaults. */
  readonly values: Mapping;
  /** Shard of Flux that acts on it. */
  readonly shard?: string | undefined;
}

const KINDS = {
  HelmChart: HelmReleaseSpecChartRefKind.HELM_CHART,
  OCIRepository: HelmReleaseSpecChartRefKind.OCI_REPOSITORY,
};

/** Helm, names of releases. */
const LONGEST_NAME = 53;

/** Most time that Helm waits for single operations: a root file system of gigabytes is downloaded before a session is ready. */
const TIMEOUT = '30m';

/**
 * A session as a release of its chart (Flux, "Helm Releases"). Nothing waits until it is ready, as that would hold up others; what fails is
 * tried again as it is, and never rolled back, as that would end the session. Made without a cdk8s app, as there are many.
 */
export const sessionRelease = (props: SessionReleaseProps): object => {
  const { session, namespace, chart, serviceAccountName, interval, retryInterval, values } = props;
  const name = `lab-session-${session}`;
  return HelmRelease.manifest({
    metadata: { name, namespace, labels: { ...fluxLabels(props.shard), 'session-id': session } },
    spec: {
      chartRef: { kind: KINDS[chart.kind], name: chart.name },
      // Not given, Flux makes the name of the object shorter, and unique by a hash.
      releaseName: name.length > LONGEST_NAME ? undefined : name,
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
      values,
    },
  }) as object;
};
