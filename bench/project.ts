import type { OutputFile } from '@dozlab/charts';
import type { SessionValuesInput } from '../src/api/values/schema';

/** Pure: the same numbers give the same files. */
export interface ProjectShape {
  readonly sessions: number;
  readonly cohorts: number;
  readonly delivery: (cohort: number) => 'helm' | 'kustomize';
}

export const bothDeliveries: ProjectShape['delivery'] = (cohort) => (cohort % 2 === 0 ? 'helm' : 'kustomize');

export function projectFiles({ sessions, cohorts, delivery }: ProjectShape): OutputFile[] {
  return [
    { path: '.gitignore', content: '.dozlab/\n' },
    { path: 'dozlab.yaml', content: PROJECT },
    ...LABS.map((name) => ({ path: `labs/${name}.yaml`, content: labText(name) })),
    ...upTo(cohorts).map((cohort) => ({
      path: `sessions/${cohortName(cohort)}/cohort.yaml`,
      content: cohortText(cohort, delivery(cohort)),
    })),
    ...upTo(sessions).map((index) => sessionFile(index, cohorts)),
  ];
}

export const sessionFile = (index: number, cohorts: number, memory = ownMemory(index)): OutputFile => ({
  path: `sessions/${cohortName(index % cohorts)}/${idOf(index)}.yaml`,
  content: `apiVersion: dozlab.io/v1alpha1
kind: LabSession
metadata:
  name: ${idOf(index)}
spec:
  userId: ${idOf(index)}@example.com
  lab: ${labOf(index)}
  expiresAt: "${EXPIRES_AT}"
${memory === undefined ? '' : `  values:\n    firecracker:\n      vm:\n        memory: ${String(memory)}\n`}`,
});

export const valuesOf = (index: number): SessionValuesInput => ({
  session: { id: idOf(index), userId: `${idOf(index)}@example.com`, expiresAt: EXPIRES_AT },
  labels: LABELS,
  rootfs: { imageUrl: imageUrl(labOf(index)), diskSize: DISK_SIZE },
  firecracker: { vm: { cpuCount: CPU_COUNT, memory: ownMemory(index) ?? MEMORY } },
  codeServer: { existingSecret: SECRET },
});

export const cohortName = (cohort: number): string => `class-${String(cohort).padStart(2, '0')}`;

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const LABS = ['linux', 'k8s'] as const;
const LABELS = { course: 'kubernetes-101' };
const EXPIRES_AT = '2030-01-31T18:00:00Z';
const SECRET = 'vscode';
const DISK_SIZE = '8G';
const CPU_COUNT = 2;
const MEMORY = 2048;

const idOf = (index: number): string => `student-${String(index).padStart(5, '0')}`;
const labOf = (index: number): (typeof LABS)[number] => (index % 3 === 0 ? 'k8s' : 'linux');
const ownMemory = (index: number): number | undefined => (index % 10 === 0 ? 4096 : undefined);
const imageUrl = (lab: string): string => `https://example.com/dozlab-${lab}.ext4`;

const PROJECT = `apiVersion: dozlab.io/v1alpha1
kind: Project
metadata:
  name: bench
spec:
  secrets:
    provider: existing
  flux:
    source:
      url: https://git.example.com/labs.git
  values:
    codeServer:
      existingSecret: ${SECRET}
`;

const labText = (name: string): string => `apiVersion: dozlab.io/v1alpha1
kind: Lab
metadata:
  name: ${name}
spec:
  description: A lab
  values:
    rootfs:
      imageUrl: ${imageUrl(name)}
      diskSize: ${DISK_SIZE}
    firecracker:
      vm:
        cpuCount: ${String(CPU_COUNT)}
        memory: ${String(MEMORY)}
`;

const cohortText = (cohort: number, delivery: string): string => `apiVersion: dozlab.io/v1alpha1
kind: Cohort
metadata:
  name: ${cohortName(cohort)}
spec:
  delivery: ${delivery}
  values:
    labels:
      course: ${LABELS.course}
`;
