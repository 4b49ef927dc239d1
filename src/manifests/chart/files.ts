import type { ChartMetadata, OutputFile } from '@dozlab/charts';
import { chartReadme } from './readme';
import { generatedSecret, helmIgnore, notes, testPod } from './texts';
import { HEADER, TEMPLATE_HEADER } from '../manifest-file';
import { CHART_VERSION, labSessionChart } from '../lab-session-chart';

const KUBERNETES = '>=1.28.0-0';

/** The files of the chart, by path. */
export const chartFiles = (): OutputFile[] => [
  ...labSessionChart.files(METADATA).map(withHeader),
  ...[
    { path: 'ci/default-values.yaml', content: CI_DEFAULT },
    { path: 'ci/everything-values.yaml', content: CI_EVERYTHING },
    { path: 'templates/NOTES.txt', content: notes },
    { path: 'templates/secret-generated.yaml', content: generatedSecret },
    { path: 'templates/tests/reach.yaml', content: testPod },
  ].map(withHeader),
  { path: 'README.md', content: chartReadme() },
  { path: '.helmignore', content: helmIgnore },
];

/** JSON allows no comment. */
function withHeader({ path, content }: OutputFile): OutputFile {
  if (path.endsWith('.json')) return { path, content };
  return { path, content: (path.startsWith('templates/') ? TEMPLATE_HEADER : HEADER) + content };
}

const METADATA: ChartMetadata = {
  version: CHART_VERSION,
  appVersion: CHART_VERSION,
  description: 'A lab session, with a Firecracker microVM, a web terminal and VS Code',
  kubeVersion: KUBERNETES,
  home: 'https://github.com/DozLab/dozlab-infra',
  icon: 'https://raw.githubusercontent.com/DozLab/dozlab-infra/main/docs/icon.svg',
  sources: ['https://github.com/DozLab/dozlab-infra', 'https://github.com/DozLab/dozlab-rootfs-manager'],
  keywords: ['lab', 'firecracker', 'code-server'],
  maintainers: [{ name: 'DozLab', url: 'https://github.com/DozLab' }],
  annotations: {
    'dozlab.io/generated-from': 'the constructs of LabSession',
    'artifacthub.io/license': 'Apache-2.0',
  },
};

const CI_DEFAULT = `session:
  id: ci
  userId: ci@example.com
rootfs:
  imageUrl: https://example.com/dozlab-vm.ext4
`;

const CI_EVERYTHING = `session:
  id: ci-everything
  userId: ci@example.com
  expiresAt: "2030-01-01T00:00:00Z"
labels:
  course: kubernetes-101
annotations:
  example.com/note: "everything that can be on"
rootfs:
  imageUrl: https://example.com/dozlab-k8s.ext4
  diskSize: 8G
imagePullSecrets:
  - name: registry
firecracker:
  vm:
    cpuCount: 2
    memory: 2048
  extraEnv:
    - name: LOG_LEVEL
      value: debug
codeServer:
  existingSecret: vscode-password
  existingSecretKey: password
ingress:
  enabled: true
  className: nginx
  clusterIssuer: letsencrypt-prod
  vscode:
    host: "{id}-vscode.labs.example.com"
  terminal:
    host: "{id}-terminal.labs.example.com"
    annotations:
      nginx.ingress.kubernetes.io/auth-url: https://login.example.com/verify
volumes:
  vmData:
    persistence:
      enabled: true
nodeSelector:
  dozlab.io/kvm: "true"
tolerations:
  - key: labs
    operator: Exists
`;
