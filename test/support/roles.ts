import { App, Chart } from 'cdk8s';
import { helm } from '../../src/manifests/deliveries/helm';
import { FluxRole } from '../../src/constructs/flux/flux-role';
import { providerPermissions } from '../../src/secrets/providers';
import { InstructorRole } from '../../src/constructs/namespace/instructor-role';
import { SessionManagerRole } from '../../src/constructs/namespace/session-manager-role';
import { ViewerRole } from '../../src/constructs/namespace/viewer-role';
import type { Manifest } from '@dozlab/charts/yaml';

/** Verbs by `resource.group`. */
export type Rights = Readonly<Record<string, string>>;

const READ = 'get list watch';
const APPLY = 'create delete get list patch watch';
const WRITE = 'create delete get list patch update watch';
const ROUTES = ['ingresses.networking.k8s.io', 'httproutes.gateway.networking.k8s.io'];
const of = (verbs: string, ...resources: string[]): Rights =>
  Object.fromEntries(resources.map((resource) => [resource, verbs]));

const VIEWER: Rights = {
  ...of(READ, 'pods', 'services', 'persistentvolumeclaims', 'events', 'resourcequotas', 'limitranges'),
  ...of(READ, 'deployments.apps', 'replicasets.apps', 'networkpolicies.networking.k8s.io', ...ROUTES),
  ...of(READ, 'helmreleases.helm.toolkit.fluxcd.io'),
  'pods/log': 'get',
};

const INSTRUCTOR: Rights = {
  ...VIEWER,
  pods: 'delete get list watch',
  ...of('create get', 'pods/exec', 'pods/attach', 'pods/portforward'),
  'deployments/scale.apps': 'get patch update',
};

/** A second copy, so that a change of the code fails a test. */
export const RIGHTS = {
  manager: {
    pods: 'create delete get list watch',
    'pods/log': 'get',
    ...of(APPLY, 'services', 'secrets', 'persistentvolumeclaims', 'deployments.apps'),
    ...of(APPLY, 'networkpolicies.networking.k8s.io', ...ROUTES),
    ...of(READ, 'events', 'resourcequotas'),
  },
  viewer: VIEWER,
  instructor: INSTRUCTOR,
  instructorWithPasswords: { ...INSTRUCTOR, secrets: 'get' },
  flux: {
    ...of(WRITE, 'pods', 'services', 'secrets', 'persistentvolumeclaims', 'deployments.apps'),
    ...of(WRITE, 'networkpolicies.networking.k8s.io', ...ROUTES, 'sealedsecrets.bitnami.com'),
    ...of(WRITE, 'externalsecrets.external-secrets.io', 'pushsecrets.external-secrets.io'),
    ...of(WRITE, 'passwords.generators.external-secrets.io', 'helmreleases.helm.toolkit.fluxcd.io'),
    ...of(WRITE, 'gitrepositories.source.toolkit.fluxcd.io', 'helmcharts.source.toolkit.fluxcd.io'),
    ...of(WRITE, 'ocirepositories.source.toolkit.fluxcd.io'),
    ...of(READ, 'replicasets.apps'),
  },
} satisfies Record<string, Rights>;

export type RoleName = keyof typeof RIGHTS;

export function roleOf(role: RoleName, namespace: string, holders: readonly string[]): Manifest[] {
  const chart = new Chart(new App(), 'role');
  const accounts = holders.map((name) => ({ name, namespace }));
  const [account = { name: 'nobody', namespace }] = accounts;
  switch (role) {
    case 'manager':
      new SessionManagerRole(chart, role, { namespace, serviceAccount: account });
      break;
    case 'viewer':
      new ViewerRole(chart, role, { namespace, groups: holders });
      break;
    case 'flux':
      new FluxRole(chart, role, {
        ...{ name: 'dozlab-flux', namespace, serviceAccounts: accounts },
        permissions: [...providerPermissions(), ...helm.permissions],
      });
      break;
    default:
      new InstructorRole(chart, role, {
        namespace,
        groups: holders,
        readPasswords: role === 'instructorWithPasswords',
      });
  }
  return chart.toJson() as Manifest[];
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export function rightsOf(rules: readonly Rule[]): Rights {
  const verbs = new Map<string, Set<string>>();
  for (const rule of rules)
    for (const group of rule.apiGroups)
      for (const resource of rule.resources) {
        const name = group === '' ? resource : `${resource}.${group}`;
        verbs.set(name, new Set([...(verbs.get(name) ?? []), ...rule.verbs]));
      }
  return Object.fromEntries([...verbs].map(([name, found]) => [name, [...found].sort().join(' ')]));
}
