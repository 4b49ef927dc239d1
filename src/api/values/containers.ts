import { z } from 'zod';
import { matching, oneOf, qualifiedName, quantityField, section, whole } from './fields';
import { environment } from './kubernetes';
import type { Quantity } from './quantity';

const IMAGE =
  /^([a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?(:[0-9]{1,5})?\/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;

const imageShape = (image: string, tag: string) => ({
  image: matching(
    IMAGE,
    'an image reference, such as registry.example.com/team/image, if wanted with :tag or @sha256:digest',
    512,
  )
    .default(image)
    .meta({ description: 'Image. A tag or digest given here wins over the keys tag and digest.' }),
  tag: matching(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
    'an image tag (in quotes if it looks like a number): at most 128 of A-Z, a-z, 0-9, _, . and -',
    128,
  )
    .default(tag)
    .meta({ description: 'Tag of the image.' }),
  digest: matching(/^sha256:[a-f0-9]{64}$/, 'sha256: and 64 hex digits', 71)
    .optional()
    .meta({ description: 'Digest of the image, used in place of the tag.' }),
});

interface Resources {
  readonly limits: Readonly<Record<string, Quantity>>;
  readonly requests: Readonly<Record<string, Quantity>>;
}

const resourceMap = (defaults: Readonly<Record<string, Quantity>>) =>
  z
    .record(qualifiedName(), quantityField(), { error: 'a mapping of resource names to quantities' })
    .default({ ...defaults });

/** Kubernetes, "Resource Management for Pods and Containers". */
const resourcesShape = ({ limits, requests }: Resources, more = '', moreOfRequests = '') => ({
  resources: section({
    limits: resourceMap(limits).meta({
      description: `Most the container may use, by resource name. Disk space (ephemeral-storage) follows the request and the volumes when it is not given: 1 GiB more.${more}`,
    }),
    requests: resourceMap(requests).meta({
      description: `What the scheduler keeps for the container, by resource name.${moreOfRequests}`,
    }),
  }).meta({ description: 'Requests and limits.' }),
});

const extraEnvShape = () => ({
  extraEnv: environment()
    .default([])
    .meta({ description: "More environment variables, in the form of a container's env." }),
});

const seconds = (least: number) => whole(least, 86400);
const httpPath = () => matching(/^\/[\x21-\x7e]*$/, 'a path that begins with / and has no spaces', 1024);

const delay = () =>
  seconds(0).optional().meta({
    description: 'Wait from the start of the container to the first probe; none when it is not given.',
    unit: 'seconds',
  });

const period = (given: number) =>
  seconds(1).default(given).meta({ description: 'Time from probe to probe.', unit: 'seconds' });

const TIMEOUT = 'Time after which a probe has failed';

const timeout = (given: number) =>
  seconds(1)
    .default(given)
    .meta({ description: `${TIMEOUT}.`, unit: 'seconds' });

const threshold = () => whole(1, 1000).default(3).meta({ description: 'Failures in a row that count.' });

const LIVENESS = 'When the container is restarted. Begins after the startup probe has succeeded.';
const READINESS = 'When the container counts as ready. Begins after the startup probe has succeeded.';
const STARTUP =
  'When the container has started. Until then it has no other probes. It is restarted if it takes too long.';

/** Kubernetes, "Configure Liveness, Readiness and Startup Probes". */
const httpProbe = (description: string, path: string, periodSeconds: number) =>
  section({
    path: httpPath().default(path).meta({ description: 'Path of the HTTP request.' }),
    initialDelaySeconds: delay(),
    periodSeconds: period(periodSeconds),
    timeoutSeconds: timeout(1),
    failureThreshold: threshold(),
  }).meta({ description });

const tcpProbe = (description: string, periodSeconds: number, timeoutSeconds: number) =>
  section({
    path: httpPath()
      .optional()
      .meta({ description: 'Has no effect: this probe opens a TCP connection. Accepted for older files.' }),
    initialDelaySeconds: delay(),
    periodSeconds: period(periodSeconds),
    timeoutSeconds: timeout(timeoutSeconds),
    failureThreshold: threshold(),
  }).meta({ description });

/** The least time in seconds that a container may take to start. The terminal waits for the microVM. */
export const STARTUP_SECONDS = { firecracker: 600, terminal: 600, codeServer: 300 } as const;

const startThreshold = (least: number) =>
  whole(1, 86400)
    .optional()
    .meta({
      description: `Failures after which the container is restarted. When it is not given: ${String(least)} seconds of them, or as many as the liveness probe alone would wait for, if that is more.`,
    });

const httpStartupProbe = (least: number, asked: 'liveness' | 'readiness') =>
  section({
    path: httpPath()
      .optional()
      .meta({ description: `Path of the HTTP request; the ${asked} probe's when it is not given.` }),
    initialDelaySeconds: delay(),
    periodSeconds: period(1),
    timeoutSeconds: seconds(1)
      .optional()
      .meta({ description: `${TIMEOUT}; the ${asked} probe's when it is not given.`, unit: 'seconds' }),
    failureThreshold: startThreshold(least),
  }).meta({ description: STARTUP });

/** Nothing answers while a microVM boots: a longer timeout would only delay the next probe. */
const tcpStartupProbe = (least: number) =>
  section({
    initialDelaySeconds: delay(),
    periodSeconds: period(1),
    timeoutSeconds: timeout(1),
    failureThreshold: startThreshold(least),
  }).meta({ description: STARTUP });

const initContainer = (image: string, resources: Resources) =>
  section({ ...imageShape(image, 'latest'), ...resourcesShape(resources), ...extraEnvShape() });

export const initContainers = () =>
  section({
    rootfs: initContainer('dozman99/dozlab-init', {
      limits: { cpu: '200m', memory: '256Mi' },
      requests: { cpu: '100m', memory: '128Mi' },
    }).meta({ description: 'Downloads the root file system, checks it and resizes it.' }),
    network: initContainer('busybox', {
      limits: { cpu: '100m', memory: '64Mi' },
      requests: { cpu: '50m', memory: '32Mi' },
    }).meta({ description: "Writes the microVM's network configuration." }),
  }).meta({ description: 'Containers that prepare the session before it starts.' });

export const terminal = () =>
  section({
    ...imageShape('dozman99/dozlab-terminal', 'latest'),
    ...resourcesShape({ limits: { cpu: '250m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } }),
    startupProbe: httpStartupProbe(STARTUP_SECONDS.terminal, 'readiness'),
    livenessProbe: httpProbe(LIVENESS, '/health', 10),
    readinessProbe: httpProbe(READINESS, '/ready', 5),
    ...extraEnvShape(),
  }).meta({
    description:
      'The web terminal. It has no login of its own: anyone who reaches its port has a shell in the microVM.',
  });

export const codeServerShape = () => ({
  ...imageShape('codercom/code-server', 'latest'),
  ...resourcesShape({ limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '250m', memory: '512Mi' } }),
  startupProbe: httpStartupProbe(STARTUP_SECONDS.codeServer, 'liveness'),
  livenessProbe: httpProbe(LIVENESS, '/healthz', 10),
  readinessProbe: httpProbe(READINESS, '/healthz', 5),
  ...extraEnvShape(),
});

export const firecrackerShape = () => ({
  ...imageShape('dozman99/dozlab-firecracker', 'latest'),
  ...resourcesShape(
    { limits: {}, requests: { cpu: '500m' } },
    ' CPU and memory follow the microVM when they are not given: its CPUs and half a core, its memory and 1 GiB.',
    ' Memory follows the microVM when it is not given: see firecracker.memoryRequestPercent.',
  ),
  startupProbe: tcpStartupProbe(STARTUP_SECONDS.firecracker),
  livenessProbe: tcpProbe(LIVENESS, 10, 5),
  readinessProbe: tcpProbe(READINESS, 5, 3),
  ...extraEnvShape(),
});

export const pullPolicy = () => oneOf('Always', 'IfNotPresent', 'Never');
