import { providerOf } from '../secrets/providers';
import type { Migration, MigratedSession } from './plan';

export interface Step {
  readonly what: string;
  readonly commands: readonly string[];
}

/** A placeholder in commands, for the user to replace. */
const UNKNOWN_NAMESPACE = 'NAMESPACE';

/** With more sessions, a step shows one command for all, or examples. */
const NAMED = 20;

/** Data that no order of steps preserves. */
export const NOT_MIGRATED: readonly string[] = [
  'the volumes of the old pods: /workspace (vm-data), /home/coder (vscode-data), and the disk of the microVM with everything that was installed in it',
  'programs that run in the microVM, and open terminals',
  'passwords that only the old objects have: no file of the project contains them',
];

const oldNamespaceOf = ({ oldNamespace }: MigratedSession): string => oldNamespace ?? UNKNOWN_NAMESPACE;

export function migrationSteps({ sessions }: Migration, most = NAMED): Step[] {
  const shortened = (commands: readonly string[]): string[] => shortTo(commands, most);
  const cohorts = Array.from(new Set(sessions.map(({ cohort }) => cohort)));
  return [
    {
      what: 'Save the data that students need: the new pods start with empty volumes. For each session:',
      commands: shortened(
        sessions.map(
          (session) =>
            `kubectl cp -n ${oldNamespaceOf(session)} -c code-server lab-session-${session.id}:/workspace ./saved/${session.id}`,
        ),
      ),
    },
    { what: 'Read the new files and the differences, and check them:', commands: ['dozlab validate'] },
    ...removal(sessions, shortened),
    {
      what: 'Write the manifests, commit and merge them, not earlier. Without Flux, apply namespaces and their rules, which hold for all their pods:',
      commands: ['dozlab synth', ...(cohorts.length > 0 ? ['kubectl apply -R -f dist/infra'] : [])],
    },
    ...passwords(sessions, cohorts, most),
    {
      what: 'Apply the sessions, by a merge with Flux or with kubectl, and check them:',
      commands: [...cohorts.map((cohort) => `kubectl apply -f dist/sessions/${cohort}`), 'dozlab status'],
    },
  ];
}

/** Deletes the old objects first: the new ones have the same names. */
function removal(sessions: readonly MigratedSession[], shortened: (commands: readonly string[]) => string[]): Step[] {
  const steps: Step[] = [];
  const of = (form: MigratedSession['form'][]): MigratedSession[] =>
    sessions.filter((session) => form.includes(session.form));
  const releases = of(['release']);
  if (releases.length > 0)
    steps.push({
      what: 'Remove the files of the old HelmReleases from Git, or delete them, and wait until they are deleted. Helm deletes their Pods, Services and Secrets by name: later it would delete the new ones, which have the same names:',
      commands: shortened(
        releases.map(
          (session) =>
            `kubectl delete helmrelease -n ${oldNamespaceOf(session)} ${session.release ?? `lab-session-${session.id}`} --wait`,
        ),
      ),
    });
  const values = of(['values']);
  if (values.length > 0)
    steps.push({
      what: 'Uninstall the old releases (helm list -A lists them) and wait. Helm deletes their Pods, Services and Secrets by name: later it would delete the new ones, which have the same names:',
      commands: shortened(
        values.map((session) => `helm uninstall -n ${oldNamespaceOf(session)} lab-${session.id} --wait`),
      ),
    });
  const objects = of(['manifest', 'live']);
  if (objects.length > 0)
    steps.push({
      what: 'Delete the old Pods and Services, each by its name: the Service lab-service-ID selects both the old Pod and the new one, and "kubectl delete -f" of the old manifest, or by label, would later delete the new Service and the Secret too:',
      commands: shortened(
        objects.map(
          (session) =>
            `kubectl delete -n ${oldNamespaceOf(session)} pod/lab-session-${session.id} service/lab-service-${session.id}`,
        ),
      ),
    });
  return steps;
}

function passwords(sessions: readonly MigratedSession[], cohorts: readonly string[], most: number): Step[] {
  const wanting = sessions.filter(({ provider }) => providerOf(provider).needsPassword);
  const [example] = wanting;
  if (example === undefined)
    return sessions.length === 0
      ? []
      : [{ what: `The provider ${sessions[0]?.provider ?? ''} makes passwords in the cluster.`, commands: [] }];
  const commands =
    wanting.length <= most
      ? wanting.map(({ cohort, id }) => `dozlab secret set ${cohort}/${id}`)
      : cohorts.map((cohort) => `dozlab secret set --cohort ${cohort}`);
  const note = wanting.some(keepsSecret)
    ? ' A session uses its old Secret lab-session-ID-secrets if it still exists; then this is not needed.'
    : '';
  return [
    {
      what: `Give the sessions passwords, which no file contains; each command asks for one, or makes one. With Flux and the provider existing, do it right after the merge, which makes the namespace.${note}`,
      commands,
    },
  ];
}

const keepsSecret = ({ provider, form, oldNamespace, namespace }: MigratedSession): boolean =>
  providerOf(provider).file === undefined && ['manifest', 'live'].includes(form) && oldNamespace === namespace;

const shortTo = (commands: readonly string[], most: number): string[] =>
  commands.length <= most
    ? [...commands]
    : [
        ...commands.slice(0, 3),
        `# and the same for the other ${String(commands.length - 3)} sessions: -o json has all`,
      ];
