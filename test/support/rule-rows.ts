import type { Mapping } from '@dozlab/charts/schema';
import { valueAt } from './values';

const limits = (over: Mapping, vm: Mapping = {}): Mapping => ({ firecracker: { resources: { limits: over }, vm } });
const requests = (over: Mapping): Mapping => ({ firecracker: { resources: { requests: over } } });
const terminal = (kind: 'limits' | 'requests', over: Mapping): Mapping => ({
  terminal: { resources: { [kind]: over } },
});
const ingress = (over: Mapping): Mapping => ({
  ingress: { enabled: true, vscode: { host: 'a.example.com' }, ...over },
});
const httpRoute = (over: Mapping): Mapping => ({
  httpRoute: { enabled: true, parentRefs: [{ name: 'web' }], vscode: { host: 'a.example.com' }, ...over },
});
const login = { type: 'ExtensionRef', extensionRef: { group: 'example.com', kind: 'Login', name: 'oidc' } };
const auth = { 'nginx.ingress.kubernetes.io/auth-url': 'https://login.example.com' };
const claim = (over: Mapping): Mapping => ({ persistence: { enabled: true, ...over } });

export type Row = readonly [rule: string, over: Mapping, said: string[]];

const of = (rule: string, ...rows: readonly (readonly [Mapping, string[]])[]): Row[] =>
  rows.map(([over, problems]) => [rule, over, problems]);

/** Values that break a rule or just do not, and what is said of them: severity, code and path. */
export const ROWS: readonly Row[] = [
  ...of(
    'the limits hold the microVM',
    [limits({ memory: '1023Mi' }), ['error conflict firecracker.resources.limits.memory']],
    [limits({ memory: '1Gi' }), ['warning tight-fit firecracker.resources.limits.memory']],
    [limits({ memory: '1025Mi' }), []],
    [limits({ memory: 1073741825 }), []],
    [limits({ memory: '2Gi' }, { memory: '2048' }), ['warning tight-fit firecracker.resources.limits.memory']],
    [limits({ memory: '3Gi' }, { memory: '4096' }), ['error conflict firecracker.resources.limits.memory']],
    [limits({ cpu: '999m' }), ['error conflict firecracker.resources.limits.cpu']],
    [limits({ cpu: '1' }), []],
    [limits({ cpu: 1.5 }, { cpuCount: '2' }), ['error conflict firecracker.resources.limits.cpu']],
    [limits({ cpu: '2000m' }, { cpuCount: 2 }), []],
  ),
  ...of(
    'the memory of the microVM is requested',
    [requests({ memory: '1Gi' }), []],
    [requests({ memory: '1023Mi' }), ['warning overcommit firecracker.resources.requests.memory']],
    [{ firecracker: { vm: { memory: 4096 }, memoryRequestPercent: 10 } }, []],
  ),
  ...of(
    'requests fit their limits',
    [terminal('requests', { cpu: '251m' }), ['error conflict terminal.resources.requests.cpu']],
    [terminal('requests', { cpu: '250m' }), []],
    [terminal('requests', { cpu: 0.25, memory: 268435456 }), []],
    [terminal('limits', { memory: '127Mi' }), ['error conflict terminal.resources.requests.memory']],
    [terminal('limits', { memory: '128Mi' }), []],
    [
      { firecracker: { resources: { requests: { cpu: '1501m' } } } },
      ['error conflict firecracker.resources.requests.cpu'],
    ],
    [{ firecracker: { resources: { requests: { cpu: '1500m', memory: '2Gi' } } } }, []],
    [limits({ 'ephemeral-storage': '9Gi' }), ['error conflict firecracker.resources.limits.ephemeral-storage']],
    [limits({ 'ephemeral-storage': '10Gi' }), []],
    [
      { codeServer: { resources: { limits: { 'ephemeral-storage': '512Mi' } } } },
      ['error conflict codeServer.resources.limits.ephemeral-storage'],
    ],
    [{ codeServer: { resources: { limits: { 'ephemeral-storage': '1Gi' } } } }, []],
    [
      {
        codeServer: { resources: { limits: { 'ephemeral-storage': '512Mi' } } },
        volumes: { vscodeData: claim({}) },
      },
      [],
    ],
    [
      { initContainers: { rootfs: { resources: { requests: { memory: '1Gi' } } } } },
      ['error conflict initContainers.rootfs.resources.requests.memory'],
    ],
    [
      { initContainers: { network: { resources: { requests: { cpu: 1 } } } } },
      ['error conflict initContainers.network.resources.requests.cpu'],
    ],
  ),
  ...of(
    'resources are those of Kubernetes',
    [terminal('limits', { gpu: 1 }), ['error wrong-value terminal.resources.limits.gpu']],
    [terminal('limits', { 'example.com/gpu': 1 }), []],
    [
      terminal('limits', { 'kubernetes.io/gpu': 1 }),
      ['error wrong-value terminal.resources.limits["kubernetes.io/gpu"]'],
    ],
    [
      terminal('limits', { 'a.kubernetes.io/gpu': 1 }),
      ['error wrong-value terminal.resources.limits["a.kubernetes.io/gpu"]'],
    ],
    [terminal('limits', { 'mykubernetes.io/gpu': 1 }), []],
    [terminal('limits', { 'requests.x/gpu': 1 }), ['error wrong-value terminal.resources.limits["requests.x/gpu"]']],
    [
      terminal('limits', { 'example.com/gpu': '500m' }),
      ['error wrong-value terminal.resources.limits["example.com/gpu"]'],
    ],
    [terminal('limits', { 'hugepages-2Mi': '4Mi' }), []],
    [terminal('limits', { 'hugepages-x': '4Mi' }), ['error wrong-value terminal.resources.limits.hugepages-x']],
    [terminal('limits', { memory: '300000000500m' }), ['error wrong-value terminal.resources.limits.memory']],
    [terminal('limits', { memory: '300000000000m' }), []],
    [terminal('requests', { 'example.com/gpu': 1 }), ['error conflict terminal.resources.requests["example.com/gpu"]']],
    [
      { terminal: { resources: { limits: { 'example.com/gpu': 2 }, requests: { 'example.com/gpu': 1 } } } },
      ['error conflict terminal.resources.requests["example.com/gpu"]'],
    ],
    [{ terminal: { resources: { limits: { 'example.com/gpu': 1 }, requests: { 'example.com/gpu': '1' } } } }, []],
  ),
  ...of(
    'devices differ and are named once',
    [{ firecracker: { devices: { kvm: 'a.b/c', tun: 'a.b/c' } } }, ['error conflict firecracker.devices.tun']],
    [{ firecracker: { devices: { kvm: '', tun: '' } } }, []],
    [{ firecracker: { devices: { kvm: 'a.b/c', tun: 'a.b/d' } } }, []],
    [{ firecracker: { devices: { kvm: 'kubernetes.io/kvm' } } }, ['error wrong-value firecracker.devices.kvm']],
    [{ firecracker: { devices: { tun: 'requests.a/tun' } } }, ['error wrong-value firecracker.devices.tun']],
    [
      {
        firecracker: {
          resources: { requests: { 'devices.kubevirt.io/kvm': 1 }, limits: { 'devices.kubevirt.io/kvm': 1 } },
        },
      },
      ['error conflict firecracker.resources.requests["devices.kubevirt.io/kvm"]'],
    ],
  ),
  ...of(
    'variables that are a contract with the images stay',
    [
      valueAt('terminal.extraEnv', [{ name: 'X' }, { name: 'VM_IP', value: 'x' }]),
      ['error conflict terminal.extraEnv[1].name'],
    ],
    [valueAt('terminal.extraEnv', [{ name: 'GATEWAY_IP' }]), []],
    [valueAt('codeServer.extraEnv', [{ name: 'PASSWORD' }]), ['error conflict codeServer.extraEnv[0].name']],
    [valueAt('firecracker.extraEnv', [{ name: 'MEMORY' }]), ['error conflict firecracker.extraEnv[0].name']],
    [
      valueAt('initContainers.rootfs.extraEnv', [{ name: 'IMAGE_PATH' }]),
      ['error conflict initContainers.rootfs.extraEnv[0].name'],
    ],
    [
      valueAt('initContainers.network.extraEnv', [{ name: 'POD_IP' }]),
      ['error conflict initContainers.network.extraEnv[0].name'],
    ],
    [valueAt('initContainers.network.extraEnv', [{ name: 'PASSWORD' }]), []],
  ),
  ...of(
    'variables hold no passwords',
    [
      valueAt('codeServer.extraEnv', [
        { name: 'HASHED_PASSWORD', value: '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA' },
      ]),
      ['error conflict codeServer.extraEnv[0].name'],
    ],
    [
      valueAt('codeServer.extraEnv', [
        { name: 'HASHED_PASSWORD', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } },
      ]),
      ['error conflict codeServer.extraEnv[0].name'],
    ],
    [
      valueAt('codeServer.extraEnv', [
        { name: 'SUDO_PASSWORD', value: 'hunter22' },
        { name: 'SUDO_PASSWORD_HASH', value: 'x' },
      ]),
      ['error secret-in-file codeServer.extraEnv[0].value', 'error secret-in-file codeServer.extraEnv[1].value'],
    ],
    [
      valueAt('codeServer.extraEnv', [{ name: 'SUDO_PASSWORD', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }]),
      [],
    ],
    ...[
      'POSTGRES_PASSWORD',
      'PGPASSWORD',
      'GITHUB_TOKEN',
      'CLIENT_SECRET',
      'AWS_SECRET_ACCESS_KEY',
      'api-key',
      'MYSQL_PWD',
      'DB_PASSWORD_2',
    ].map((name): [Mapping, string[]] => [
      valueAt('terminal.extraEnv', [{ name, value: 'hunter22' }]),
      ['warning secret-in-file terminal.extraEnv[0].value'],
    ]),
    [
      valueAt('firecracker.extraEnv', [{ name: 'DATABASE', value: 'postgres://lab:hunter22@db/lab' }]),
      ['warning secret-in-file firecracker.extraEnv[0].value'],
    ],
    ...(
      [
        ['TOKEN_TTL', '300'],
        ['PASSWORD_FILE', '/run/secrets/password'],
        ['ALLOW_EMPTY_PASSWORD', 'yes'],
        ['DB_PASSWORD', ''],
        ['DB_PASSWORD', '$(OTHER)'],
        ['PWD', '/workspace'],
        ['SECRETARY', 'alice'],
        ['DATABASE', 'postgres://db/lab'],
      ] as const
    ).map(([name, value]): [Mapping, string[]] => [valueAt('terminal.extraEnv', [{ name, value }]), []]),
  ),
  ...of(
    'an image is named in one way',
    [{ terminal: { image: 'a:v1', tag: 'v2' } }, ['warning has-no-effect terminal.tag']],
    [{ terminal: { image: 'a:v1', digest: `sha256:${'a'.repeat(64)}` } }, ['warning has-no-effect terminal.digest']],
    [{ terminal: { image: 'a:v1' } }, []],
    [{ terminal: { image: 'localhost:5000/a', tag: 'v2' } }, []],
  ),
  ...of(
    'a probe of a TCP port has no path',
    [valueAt('firecracker.livenessProbe.path', '/'), ['warning has-no-effect firecracker.livenessProbe.path']],
    [valueAt('firecracker.readinessProbe.path', '/'), ['warning has-no-effect firecracker.readinessProbe.path']],
    [valueAt('firecracker.readinessProbe.periodSeconds', 1), []],
  ),
  ...of(
    'the disk fits its volume',
    [{ volumes: { kernels: { sizeLimit: '4Gi' } } }, ['warning tight-fit volumes.kernels.sizeLimit']],
    [{ volumes: { kernels: { sizeLimit: '4097Mi' } } }, []],
    [
      { rootfs: { diskSize: '8G' }, volumes: { kernels: { sizeLimit: '8G' } } },
      ['warning tight-fit volumes.kernels.sizeLimit'],
    ],
    [{ rootfs: { diskSize: '100G' } }, []],
  ),
  ...of(
    'sizes are whole and above zero',
    [valueAt('volumes.sharedConfig.sizeLimit', '0'), ['error wrong-value volumes.sharedConfig.sizeLimit']],
    [valueAt('volumes.vmData.sizeLimit', '1500m'), ['error wrong-value volumes.vmData.sizeLimit']],
    [valueAt('volumes.vscodeData.sizeLimit', '8Ei'), ['error wrong-value volumes.vscodeData.sizeLimit']],
    [valueAt('volumes.vmData.sizeLimit', 1), []],
    [valueAt('volumes.vmData.sizeLimit', '2000m'), []],
  ),
  ...of(
    'claims are whole',
    [
      { volumes: { vmData: { persistence: { existingClaim: 'a' } } } },
      ['warning has-no-effect volumes.vmData.persistence.existingClaim'],
    ],
    [{ volumes: { vmData: claim({ existingClaim: 'a' }) } }, []],
    [
      { volumes: { vmData: claim({ existingClaim: 'a' }), vscodeData: claim({ existingClaim: 'a' }) } },
      ['error conflict volumes.vscodeData.persistence.existingClaim'],
    ],
    [{ volumes: { vmData: claim({ existingClaim: 'a' }), vscodeData: claim({ existingClaim: 'b' }) } }, []],
    [{ volumes: { vmData: claim({}), vscodeData: claim({}) } }, []],
    [
      { volumes: { vmData: claim({ existingClaim: 'work-{id}' }), vscodeData: claim({ existingClaim: '{user}' }) } },
      [],
    ],
    [
      { volumes: { vmData: claim({ existingClaim: '{id}-a' }), vscodeData: claim({ existingClaim: 'alice-001-a' }) } },
      ['error conflict volumes.vscodeData.persistence.existingClaim'],
    ],
    [
      { volumes: { kernels: claim({ existingClaim: 'lab-session-{id}-vm-data' }), vmData: claim({}) } },
      ['error conflict volumes.kernels.persistence.existingClaim'],
    ],
    ...['{name}', 'work-{id', '{id}-', `{id}${'a'.repeat(250)}`].map((existingClaim): [Mapping, string[]] => [
      { volumes: { vmData: claim({ existingClaim }) } },
      ['error wrong-value volumes.vmData.persistence.existingClaim'],
    ]),
    [
      { volumes: { kernels: claim({ accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] }) } },
      ['error conflict volumes.kernels.persistence.accessModes'],
    ],
    [{ volumes: { kernels: claim({ accessModes: ['ReadWriteOncePod'] }) } }, []],
    [
      { volumes: { kernels: claim({ accessModes: [] }) } },
      ['error wrong-value volumes.kernels.persistence.accessModes'],
    ],
  ),
  ...of(
    'the addresses are neighbours',
    [{ network: { vmIp: '172.16.0.1' } }, ['error conflict network.vmIp']],
    [{ network: { vmIp: '172.16.1.2' } }, ['error conflict network.vmIp']],
    [{ network: { vmIp: '172.16.0.254' } }, []],
    [{ network: { gatewayIp: '10.0.0.1', vmIp: '10.0.0.2' } }, []],
    [{ network: { vmIp: '172.16.0.255' } }, ['error wrong-value network.vmIp']],
    [{ network: { gatewayIp: '172.16.0.0' } }, ['error wrong-value network.gatewayIp']],
    [
      { network: { gatewayIp: '127.0.0.1', vmIp: '127.0.0.2' } },
      ['error wrong-value network.gatewayIp', 'error wrong-value network.vmIp'],
    ],
    [
      { network: { gatewayIp: '224.0.0.1', vmIp: '224.0.0.2' } },
      ['error wrong-value network.gatewayIp', 'error wrong-value network.vmIp'],
    ],
  ),
  ...of(
    'ports differ',
    [{ service: { ports: { terminal: 8080 } } }, ['error conflict service.ports.terminal']],
    [{ service: { ports: { ssh: 8081 } } }, ['error conflict service.ports.ssh']],
    [
      { service: { ports: { vscode: 1, terminal: 1, ssh: 1 } } },
      ['error conflict service.ports.terminal', 'error conflict service.ports.ssh'],
    ],
    [{ service: { ports: { vscode: 8081, terminal: 8080 } } }, []],
  ),
  ...of(
    'names that the session sets itself are free',
    [{ labels: { app: 'x' } }, ['warning has-no-effect labels.app']],
    [{ podLabels: { 'session-id': 'x' } }, ['warning has-no-effect podLabels.session-id']],
    [{ labels: { 'user-id': 'x', apps: 'y' } }, ['warning has-no-effect labels.user-id']],
    [{ annotations: { 'dozlab.io/user-id': 'x' } }, ['warning has-no-effect annotations["dozlab.io/user-id"]']],
    [{ annotations: { app: 'x', 'dozlab.io/other': 'y' } }, []],
  ),
  ...of(
    'no label and annotation drops, keeps or runs an object',
    [
      { annotations: { 'config.kubernetes.io/local-config': 'true' } },
      ['error wrong-value annotations["config.kubernetes.io/local-config"]'],
    ],
    [
      { annotations: { 'helm.sh/hook': 'test', 'helm.sh/chart': 'x' } },
      ['error wrong-value annotations["helm.sh/hook"]'],
    ],
    [
      { labels: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } },
      ['error wrong-value labels["kustomize.toolkit.fluxcd.io/prune"]'],
    ],
    [
      { podLabels: { 'argocd.argoproj.io/instance': 'x' } },
      ['error wrong-value podLabels["argocd.argoproj.io/instance"]'],
    ],
    [
      { ingress: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } } },
      ['error wrong-value ingress.annotations["kubectl.kubernetes.io/last-applied-configuration"]'],
    ],
    [
      { ingress: { terminal: { annotations: { 'config.kubernetes.io/id': '1' } } } },
      ['error wrong-value ingress.terminal.annotations["config.kubernetes.io/id"]'],
    ],
    [
      { httpRoute: { annotations: { 'meta.helm.sh/release-name': 'x' } } },
      ['error wrong-value httpRoute.annotations["meta.helm.sh/release-name"]'],
    ],
    [
      { annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } },
      ['warning not-deleted annotations["kustomize.toolkit.fluxcd.io/prune"]'],
    ],
    [
      { annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'enabled' } },
      ['error wrong-value annotations["kustomize.toolkit.fluxcd.io/prune"]'],
    ],
    [{ annotations: { 'argocd.argoproj.io/sync-wave': '1', 'example.com/prune': 'disabled' } }, []],
  ),
  ...of(
    'no text hides a manifest',
    [{ session: { id: 'a', userId: 'x +argocd:skip-file-rendering' } }, ['error wrong-value session.userId']],
    [
      { codeServer: { extraEnv: [{ name: 'A', value: '+argocd:skip-file-rendering' }] } },
      ['error wrong-value codeServer.extraEnv'],
    ],
    [{ annotations: { note: 'argocd:skip-file-rendering' } }, []],
  ),
  ...of(
    'annotations fit into an object',
    [{ annotations: { a: 'x'.repeat(131072), b: 'x'.repeat(126975) } }, ['error wrong-value annotations']],
    [{ annotations: { a: 'x'.repeat(131072), b: 'x'.repeat(126974) } }, []],
    [{ annotations: { a: '😀'.repeat(64513) } }, ['error wrong-value annotations']],
  ),
  ...of(
    'the password has one source',
    [{ codeServer: { password: 'x', existingSecret: 'y' } }, ['warning has-no-effect codeServer.password']],
    [{ codeServer: { password: 'x' } }, []],
    [{ codeServer: { existingSecret: 'y' } }, []],
  ),
  ...of(
    'an Ingress is whole',
    [{ ingress: { enabled: true } }, ['error missing ingress.vscode.host']],
    [{ ingress: { vscode: { host: '{other}.example.com' } } }, ['warning has-no-effect ingress.vscode.host']],
    [ingress({}), []],
    [ingress({ vscode: { host: '{other}.example.com' } }), ['error wrong-value ingress.vscode.host']],
    [ingress({ vscode: { host: 'a..b' } }), ['error wrong-value ingress.vscode.host']],
    [ingress({ vscode: { host: `${'a'.repeat(64)}.b` } }), ['error wrong-value ingress.vscode.host']],
    [ingress({ vscode: { host: `${'a'.repeat(63)}.b` } }), []],
    [ingress({ vscode: { host: 'a.b', path: '/a//b' } }), ['error wrong-value ingress.vscode.path']],
    [ingress({ vscode: { host: 'a.b', path: '/a/..' } }), ['error wrong-value ingress.vscode.path']],
    [ingress({ vscode: { host: 'a.b', path: '/a%2Fb' } }), ['error wrong-value ingress.vscode.path']],
    [ingress({ vscode: { host: 'a.b', path: '/{x}' } }), ['error wrong-value ingress.vscode.path']],
    [ingress({ vscode: { host: 'a.b', path: '/{id}/..a/' } }), []],
    [ingress({ vscode: { host: 'a.b', tlsSecretName: '{x}' } }), ['error wrong-value ingress.vscode.tlsSecretName']],
    [ingress({ vscode: { host: 'a.b', tlsSecretName: '{x}' }, tls: { enabled: false } }), []],
  ),
  ...of(
    'an Ingress of the terminal has a login',
    [ingress({ terminal: { host: 't.b' } }), ['warning unauthenticated-route ingress.terminal.host']],
    [ingress({ terminal: { host: 't.b', allowUnauthenticated: true } }), []],
    [ingress({ terminal: { host: 't.b', annotations: auth } }), []],
    [ingress({ terminal: { host: 't.b' }, annotations: auth }), []],
    [{ ...ingress({ terminal: { host: 't.b' } }), annotations: auth }, []],
    [
      ingress({ vscode: { host: 'a.b', annotations: auth }, terminal: { host: 't.b' } }),
      ['warning unauthenticated-route ingress.terminal.host'],
    ],
    [
      ingress({
        annotations: auth,
        terminal: { host: 't.b', annotations: { 'nginx.ingress.kubernetes.io/auth-url': '' } },
      }),
      ['warning unauthenticated-route ingress.terminal.host'],
    ],
    [
      { ingress: { enabled: true, terminal: { host: 't.b' } } },
      ['warning unauthenticated-route ingress.terminal.host'],
    ],
  ),
  ...of(
    'an HTTPRoute is whole',
    [httpRoute({}), []],
    [httpRoute({ parentRefs: [] }), ['error missing httpRoute.parentRefs']],
    [{ httpRoute: { enabled: true, parentRefs: [{ name: 'web' }] } }, ['error missing httpRoute.vscode.host']],
    [httpRoute({ vscode: { host: 'a.b', path: '/./' } }), ['error wrong-value httpRoute.vscode.path']],
    [httpRoute({ vscode: { host: '-a.b' } }), ['error wrong-value httpRoute.vscode.host']],
    [{ httpRoute: { parentRefs: [] } }, []],
  ),
  ...of(
    'an HTTPRoute of the terminal has a login',
    [httpRoute({ terminal: { host: 't.b' } }), ['warning unauthenticated-route httpRoute.terminal.host']],
    [httpRoute({ terminal: { host: 't.b', allowUnauthenticated: true } }), []],
    [httpRoute({ terminal: { host: 't.b', filters: [login] } }), []],
    [
      httpRoute({ terminal: { host: 't.b', filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: {} }] } }),
      ['warning unauthenticated-route httpRoute.terminal.host'],
    ],
  ),
];
