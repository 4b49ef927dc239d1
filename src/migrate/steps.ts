import { providerOf } from '../secrets/providers';
import type { Migration, MigratedSession } from './plan';

/** One step on the way from the old objects to the new ones. */
export interface Step {
  readonly what: string;
  readonly commands: readonly string[];
}

/** Where a command has to be completed by whoever runs it. */
const UNKNOWN_NAMESPACE = 'NAMESPACE';

/** More sessions than this get one command for all, or an example. */
const NAMED = 20;

/** What is lost, whatever the order. */
export const LOST: readonly string[] = [
  'the volumes of the old pods end with them: /workspace (vm-data), /home/coder (vscode-data), and the disk of the microVM with all that was changed or installed in it',
  'what runs in the microVM, and open terminals',
  'passwords that are nowhere but in the old objects: no file of the project has them',
];

const oldNamespaceOf = ({ oldNamespace }: MigratedSession): string => oldNamespace ?? UNKNOWN_NAMESPACE;

/**
 * The way from the old objects to the new, in an order that loses nothing but what is told.
 * @param most how many commands of a step are written out
 */
export function migrationSteps({ sessions }: Migration, most = NAMED): Step[] {
  const shortened = (commands: readonly string[]): string[] => shortTo(commands, most);
  const cohorts = Array.from(new Set(sessions.map(({ cohort }) => cohort)));
  return [
    {
      what: 'Save what students want to keep: the new pods begin with empty volumes. For each session:',
      commands: shortened(
        sessions.map(
          (session) =>
            `kubectl cp -n ${oldNamespaceOf(session)} -c code-server lab-session-${session.id}:/workspace ./saved/${session.id}`,
        ),
      ),
    },
    { what: 'Look at the new files and at what differs, and check them:', commands: ['dozlab validate'] },
    ...removal(sessions, shortened),
    {
      what: 'Write the manifests and commit them; merge only now. Without Flux, make what stands around the sessions; it holds for all pods of their namespaces:',
      commands: ['dozlab synth', ...(cohorts.length > 0 ? ['kubectl apply -R -f dist/infra'] : [])],
    },
    ...passwords(sessions, cohorts, most),
    {
      what: 'Bring the sessions into the cluster, by merging with Flux or by kubectl, and look at them:',
      commands: [...cohorts.map((cohort) => `kubectl apply -f dist/sessions/${cohort}`), 'dozlab status'],
    },
  ];
}

/** The old objects go before the new ones come: they share names. */
function removal(sessions: readonly MigratedSession[], shortened: (commands: readonly string[]) => string[]): Step[] {
  const steps: Step[] = [];
  const of = (form: MigratedSession['form'][]): MigratedSession[] =>
    sessions.filter((session) => form.includes(session.form));
  const releases = of(['release']);
  if (releases.length > 0)
    steps.push({
      what: 'Remove the files of the old HelmReleases from Git, or delete them, and wait until they are gone. Helm removes their Pods, Services and Secrets by name: later it would remove the new ones, which have the same names:',
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
      what: 'Uninstall the old releases (helm list -A names them) and wait. Helm removes their Pods, Services and Secrets by name: later it would remove the new ones, which have the same names:',
      commands: shortened(
        values.map((session) => `helm uninstall -n ${oldNamespaceOf(session)} lab-${session.id} --wait`),
      ),
    });
  const objects = of(['manifest', 'live']);
  if (objects.length > 0)
    steps.push({
      what: 'Delete the old Pods and Services, each by its name: the Service lab-service-ID selects the old Pod and the new one alike, and "kubectl delete -f" of the old manifest, or by label, would later remove the new Service and the Secret too:',
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
      : [{ what: `Passwords are made in the cluster, by the provider ${sessions[0]?.provider ?? ''}.`, commands: [] }];
  const commands =
    wanting.length <= most
      ? wanting.map(({ cohort, id }) => `dozlab secret set ${cohort}/${id}`)
      : cohorts.map((cohort) => `dozlab secret set --cohort ${cohort}`);
  const kept = wanting.some(isKept)
    ? ' Where the old Secret lab-session-ID-secrets is still there, it is used as it is, and this is not needed.'
    : '';
  return [
    {
      what: `Give the sessions their passwords, which no file holds; each command asks for one, or makes one when none is given. With Flux and the provider existing, right after the merge, which makes the namespace.${kept}`,
      commands,
    },
  ];
}

/** Whether the Secret of the original stays, where the session looks for it. */
const isKept = ({ provider, form, oldNamespace, namespace }: MigratedSession): boolean =>
  providerOf(provider).file === undefined && ['manifest', 'live'].includes(form) && oldNamespace === namespace;

const shortTo = (commands: readonly string[], most: number): string[] =>
  commands.length <= most
    ? [...commands]
    : [...commands.slice(0, 3), `# and so on for the other ${String(commands.length - 3)} sessions: -o json has all`];
