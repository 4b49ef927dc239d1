import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dozlab } from '../support/cli';
import { addFiles, cohort, lab, project, projectWith, session, type Files } from '../support/project';
import { kubectl } from './cluster';
import { fingerprintOf, fingerprintsIn, type Fingerprint } from './fingerprint';
import { binFolder } from './tools';

const COHORT = 'class';
const SESSION = 'alice';

/** Key of the password in a session's Secret. */
export const KEY = 'vscode-password';

/** A project with one session, alice, whose namespace is one of the cluster, and the commands of dozlab on it. */
export class SecretProject {
  readonly folder: string;

  /**
   * @param secrets what `spec.secrets` of dozlab.yaml says
   * @param delivery of the cohort
   */
  constructor(
    readonly namespace: string,
    secrets: object,
    delivery: 'kustomize' | 'helm' = 'kustomize',
    files: Files = {},
  ) {
    this.folder = projectWith({
      'dozlab.yaml': project({ delivery, secrets }),
      'labs/vm.yaml': lab('vm'),
      [`sessions/${COHORT}/cohort.yaml`]: cohort(COHORT, { namespace }),
      [`sessions/${COHORT}/${SESSION}.yaml`]: session(SESSION),
      ...files,
    });
  }

  /** Runs dozlab and gives what it printed to standard output. Throws what it said when it fails. */
  run(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): string {
    const { status, stdout, stderr } = this.try(args, input, env);
    if (status !== 0) throw new Error(`dozlab ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs dozlab with the built kubectl and sops on the PATH. */
  try(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) {
    const { PATH = '' } = process.env;
    return dozlab([...args, '--project', this.folder], {
      input,
      env: { ...process.env, PATH: `${binFolder()}:${PATH}`, ...env },
    });
  }

  /** Gives the session a password. */
  set(password: string, env: NodeJS.ProcessEnv = {}): void {
    this.run(['secret', 'set', SESSION], password, env);
  }

  /** The password that dozlab reveals, as a fingerprint. */
  revealed(options: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Fingerprint {
    return fingerprintOf(this.run(['secret', 'reveal', SESSION, ...options], '', env).trimEnd());
  }

  /** Writes files of the project, and then its output. */
  synth(files: Files = {}): void {
    addFiles(this.folder, files);
    this.run(['synth']);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** What the output has for the session's Secret. */
  get secretText(): string {
    return this.read(`dist/sessions/${COHORT}/${SESSION}.secret.yaml`);
  }

  get sessionText(): string {
    return this.read(`dist/sessions/${COHORT}/${SESSION}.yaml`);
  }
}

/** What a Secret in the cluster holds, once it is there with other than certain content. */
export async function secretIn(
  namespace: string,
  name: string,
  isExpected: (found: Record<string, Fingerprint>) => boolean = () => true,
): Promise<Record<string, Fingerprint>> {
  kubectl.run(['wait', '--for=create', `secret/${name}`, '-n', namespace, '--timeout=120s']);
  let found: Record<string, Fingerprint> = {};
  for (let tries = 0; tries < 240; tries++) {
    found = fingerprintsIn(kubectl.get('secret', name, '-n', namespace));
    if (isExpected(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return found;
}
