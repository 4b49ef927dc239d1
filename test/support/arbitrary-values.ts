import fc from 'fast-check';
import type { Mapping } from '@dozlab/charts/schema';
import { KEYS, container, firecracker, probes } from './arbitrary-containers';
import { httpRoute, ingress, networkPolicy } from './arbitrary-network';
import { all, annotations, labelNames, labels, lineOfText, maybe, objectNames, some } from './arbitrary-parts';
import { affinity, tolerations, topologySpread } from './arbitrary-scheduling';

const wholeSize = (least: number, most: number): fc.Arbitrary<string | number> =>
  fc.oneof(
    fc.integer({ min: least, max: most }).map((mebibytes) => `${String(mebibytes)}Mi`),
    fc
      .integer({ min: Math.ceil(least / 1024) + 1, max: Math.max(2, most / 1024) })
      .map((gibibytes) => `${String(gibibytes)}Gi`),
    fc.integer({ min: least, max: most }).map((mebibytes) => mebibytes * 1024 * 1024),
    fc.integer({ min: least, max: most }).map((mebibytes) => `${String(mebibytes * 2)}e6`),
  );

const persistence = (claim: string): fc.Arbitrary<Mapping> =>
  fc.oneof(
    fc.constant({ enabled: false }),
    all({
      enabled: fc.constant(true),
      storageClassName: maybe(objectNames()),
      accessModes: maybe(
        fc.constantFrom<string[][]>(['ReadWriteOnce'], ['ReadWriteOncePod'], ['ReadWriteOnce', 'ReadWriteMany']),
      ),
      existingClaim: maybe(
        fc.oneof(
          labelNames().map((name) => `${claim}-${name}`),
          fc.constantFrom(`${claim}-{id}`, `${claim}.{user}`, `{id}-${claim}`),
        ),
      ),
    }),
  );

const keptVolume = (claim: string): fc.Arbitrary<Mapping> =>
  all({ sizeLimit: maybe(wholeSize(16, 65536)), persistence: maybe(persistence(claim)) });

const volumes = (): fc.Arbitrary<Mapping> =>
  all({
    kernels: maybe(keptVolume('k')),
    vmData: maybe(keptVolume('d')),
    vscodeData: maybe(keptVolume('c')),
    sharedConfig: maybe(fc.record({ sizeLimit: wholeSize(1, 64) })),
  });

const network = (): fc.Arbitrary<Mapping> =>
  all({
    addresses: maybe(
      fc.constantFrom<Mapping[]>({ gatewayIp: '10.1.2.1', vmIp: '10.1.2.254' }, { vmIp: '172.16.0.77' }),
    ),
    tapDevice: maybe(fc.constantFrom('tap0', 'null', '007', 'a_b-c', 'x'.repeat(15))),
  }).map(({ addresses, ...rest }) => ({ ...(addresses as Mapping | undefined), ...rest }));

const ports = (): fc.Arbitrary<Mapping> =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 3, maxLength: 3 })
    .map(([vscode = 1, terminal = 2, ssh = 3]) => ({
      type: 'ClusterIP',
      ports: { vscode, terminal, ssh },
    }));

const session = (): fc.Arbitrary<Mapping> =>
  all({
    id: fc.oneof(
      fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,14}[a-z0-9])?$/),
      fc.constantFrom('007', '1e3', 'null', 'yes', '0o17', 'a'.repeat(51), '2024-01-01'),
    ),
    userId: lineOfText(),
    expiresAt: maybe(fc.constantFrom('2027-01-31T18:00:00Z', '2027-01-31T18:00:00.5+02:00')),
  });

const rootfs = (): fc.Arbitrary<Mapping> =>
  all({
    imageUrl: fc.constantFrom(
      'https://example.com/rootfs.ext4',
      "http://[::1]:8080/a'b!?x=$y&z=%20#",
      'https://storage.example.com/a;b=c?sig=~(x)',
    ),
    diskSize: maybe(fc.constantFrom('1G', '8G', '512M', '700000K', '1T')),
  });

/** Includes text that is hostile to YAML readers, shells and templates. */
export const arbitraryValues = (): fc.Arbitrary<Mapping> =>
  fc
    .tuple(
      all({ session: session(), rootfs: rootfs() }),
      some({
        labels: labels(),
        podLabels: labels(),
        annotations: annotations(),
        suspended: fc.boolean(),
        network: network(),
        imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent', 'Never'),
        imagePullSecrets: fc.uniqueArray(fc.record({ name: objectNames() }), {
          maxLength: 2,
          selector: ({ name }) => name,
        }),
        initContainers: all({
          rootfs: maybe(all(container({ cpu: 100, memory: 128 }))),
          network: maybe(all(container({ cpu: 50, memory: 32 }))),
        }),
        terminal: all({ ...container({ cpu: 100, memory: 128 }), ...probes() }),
        service: ports(),
        restartPolicy: fc.constantFrom('Always', 'OnFailure', 'Never'),
        workload: fc.record({ kind: fc.constantFrom('Deployment', 'Pod') }),
        terminationGracePeriodSeconds: fc.integer({ min: 0, max: 86400 }),
        progressDeadlineSeconds: fc.integer({ min: 1, max: 86400 }),
      }),
      some({
        firecracker: firecracker(),
        codeServer: all({
          ...container({ cpu: 250, memory: 512 }),
          ...probes(),
          password: maybe(lineOfText().filter((text) => text.trim() !== '')),
          existingSecret: maybe(objectNames()),
          existingSecretKey: maybe(fc.constantFrom(...KEYS)),
          workspaceReadOnly: maybe(fc.boolean()),
        }),
        volumes: volumes(),
        nodeSelector: labels(),
        tolerations: tolerations(),
        affinity: affinity(),
        topologySpreadConstraints: topologySpread(),
        priorityClassName: objectNames(),
        runtimeClassName: objectNames(),
        networkPolicy: networkPolicy(),
        ingress: ingress(),
        httpRoute: httpRoute(),
      }),
    )
    .map((parts) => parts.reduce<Mapping>((values, part) => ({ ...values, ...part }), {}));
