import fc from 'fast-check';
import type { Mapping } from '@dozlab/charts/schema';
import { all, annotations, few, labelNames, maybe, objectNames, some } from './arbitrary-parts';
import { labelSelector } from './arbitrary-scheduling';

const ranges = ['10.0.0.0/8', '192.168.1.0/24', '203.0.113.7/32', '128.0.0.0/1'] as const;

const peer = (): fc.Arbitrary<Mapping> =>
  fc.oneof(
    fc.constantFrom<Mapping[]>(
      { ipBlock: { cidr: '0.0.0.0/0' } },
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
    ),
    all({ namespaceSelector: labelSelector(), podSelector: maybe(labelSelector()) }),
    all({ podSelector: labelSelector() }),
  );

const policyPort = (): fc.Arbitrary<Mapping> =>
  fc.oneof(
    fc.constantFrom<Mapping[]>({}, { protocol: 'UDP' }, { port: 80, endPort: 90 }, { protocol: 'SCTP', port: 1 }),
    all({ protocol: maybe(fc.constantFrom('TCP', 'UDP')), port: fc.integer({ min: 1, max: 65535 }) }),
  );

export const networkPolicy = (): fc.Arbitrary<Mapping> =>
  some({
    enabled: fc.boolean(),
    ingressNamespaces: few(labelNames()),
    blockedRanges: fc.subarray([...ranges]),
    extraIngress: few(some({ from: few(peer()), ports: few(policyPort()) })),
    extraEgress: few(some({ to: few(peer()), ports: few(policyPort()) })),
  });

const HOSTS = [
  '{id}.labs.example.com',
  '{user}.{id}.example.com',
  'labs.example.com',
  'x-{user}.example.com',
  'lab-{id}',
  '007.example.com',
] as const;
const PATHS = ['/', '/{id}', '/{id}/{user}/', "/a-._~!$&'()*+,;=:@%20b", '/null'] as const;

const route = (more: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Mapping> =>
  all({ host: fc.constantFrom(...HOSTS), path: maybe(fc.constantFrom(...PATHS)), ...more });

export const ingress = (): fc.Arbitrary<Mapping> =>
  all({
    enabled: fc.boolean(),
    className: maybe(objectNames()),
    annotations: maybe(annotations()),
    clusterIssuer: maybe(objectNames()),
    tls: maybe(fc.record({ enabled: fc.boolean() })),
    vscode: route({
      annotations: maybe(annotations()),
      tlsSecretName: maybe(fc.constantFrom('{id}-tls', 'wildcard', '{user}.{id}')),
    }),
    terminal: maybe(
      route({
        annotations: maybe(
          fc.oneof(annotations(), fc.constant({ 'nginx.ingress.kubernetes.io/auth-url': 'https://a.example.com' })),
        ),
        allowUnauthenticated: maybe(fc.boolean()),
      }),
    ),
  });

const headers = (): fc.Arbitrary<Mapping> =>
  some({
    set: fc.constant([{ name: 'X-Set', value: '{{ "a": \'b\' }}' }]),
    add: fc.constant([{ name: '007', value: 'yes' }]),
    remove: fc.constant(['X-Gone', 'null']),
  });

const filters = (): fc.Arbitrary<Mapping[]> =>
  fc
    .record(
      {
        request: headers().map((requestHeaderModifier) => ({ type: 'RequestHeaderModifier', requestHeaderModifier })),
        response: headers().map((responseHeaderModifier) => ({
          type: 'ResponseHeaderModifier',
          responseHeaderModifier,
        })),
        rewrite: fc
          .constantFrom<Mapping[]>(
            { hostname: 'a.example.com' },
            { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
            { path: { type: 'ReplaceFullPath', replaceFullPath: '/x' } },
          )
          .map((urlRewrite) => ({ type: 'URLRewrite', urlRewrite })),
        login: objectNames().map((name) => ({
          type: 'ExtensionRef',
          extensionRef: { group: 'example.com', kind: 'LoginPolicy', name },
        })),
      },
      { requiredKeys: [] },
    )
    .map((given) => Object.values(given));

export const httpRoute = (): fc.Arbitrary<Mapping> =>
  all({
    enabled: fc.boolean(),
    parentRefs: fc.uniqueArray(
      all({
        name: labelNames(),
        namespace: maybe(labelNames()),
        sectionName: maybe(labelNames()),
        port: maybe(fc.integer({ min: 1, max: 65535 })),
      }),
      { minLength: 1, maxLength: 2, selector: ({ name }) => name },
    ),
    annotations: maybe(annotations()),
    requestTimeout: maybe(fc.constantFrom('0s', '1h30m', '90s', '100ms')),
    vscode: route({ filters: maybe(filters()) }),
    terminal: maybe(route({ filters: maybe(filters()), allowUnauthenticated: maybe(fc.boolean()) })),
  });
