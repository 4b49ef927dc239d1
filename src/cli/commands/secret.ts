import type { Problem } from '../../core/diagnostics';
import { DozlabError } from '../../core/errors';
import { plural } from '../../core/text';
import {
  PRIVATE_KEYS,
  passwordStatus,
  revealPassword,
  rotatedFiles,
  setPasswords,
  withoutPassword,
  type PasswordStatus,
  type WrittenPassword,
} from '../../edit/passwords';
import { findSessions } from '../../edit/select';
import { Kubectl } from '../../kube/kubectl';
import type { Session } from '../../model/session';
import { resolveProject } from '../../resolve/resolve';
import { providerOf } from '../../secrets/providers';
import { loadProject } from '../../source/load-project';
import { projectState } from '../../capacity/project-state';
import { editEffect } from '../../report/edit-effect';
import { changesOf } from '../../source/changes';
import { agreesToLoss } from '../agree-to-loss';
import { projectOption, type Command, type ExitCode, type ProjectOptions } from '../command';
import { table } from '../format';
import { print, printNote, printProblems, printUnmasked } from '../output';
import { readPassword } from '../read-password';

interface SecretOptions extends ProjectOptions {
  readonly action: 'set' | 'rotate' | 'status' | 'reveal';
  readonly session?: string;
  readonly cohort?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly context?: string;
  readonly privateKey?: string;
  readonly output?: 'text' | 'json';
}

export const secret: Command<SecretOptions> = {
  builder: (options) =>
    options
      .positional('action', {
        choices: ['set', 'rotate', 'status', 'reveal'] as const,
        demandOption: true,
        describe: 'Set a password, rotate it, list its status, or reveal it',
      })
      .positional('session', {
        type: 'string',
        describe: 'Session or cohort/session (default all; set: without one)',
      })
      .option('project', projectOption.project)
      .option('cohort', { type: 'string', requiresArg: true, describe: 'Only the sessions of this cohort' })
      .option('all', { type: 'boolean', describe: 'rotate: the passwords of all sessions' })
      .option('yes', { type: 'boolean', describe: 'rotate: do not ask before sessions lose data' })
      .option('context', {
        type: 'string',
        requiresArg: true,
        describe: 'Context of kubectl, for passwords in the cluster',
      })
      .option('private-key', {
        type: 'string',
        requiresArg: true,
        describe: `reveal: file with ${PRIVATE_KEYS.map(({ privateKey }) => privateKey).join(' or ')}`,
      })
      .option('output', {
        alias: 'o',
        choices: ['text', 'json'] as const,
        requiresArg: true,
        describe: 'status: format',
      }),
  async run(options) {
    refuseMisplaced(options);
    const resolved = resolveProject(loadProject(options.project));
    const { sessions, errors } = findSessions(resolved, { session: options.session, cohort: options.cohort });
    const kubectl = new Kubectl(options.context);
    printProblems(errors);
    if (options.action === 'status') return status(sessions, errors, kubectl, options.output);
    if (errors.length > 0) {
      printNote(`${plural(errors.length, 'error')}: nothing was done`);
      return 1;
    }
    const [named] = options.session === undefined ? [] : sessions;
    switch (options.action) {
      case 'set':
        return named === undefined
          ? setAll(sessions, kubectl, options)
          : set([named], await givenPassword(named, kubectl), kubectl, options);
      case 'rotate':
        return (await agreesToRotation(sessions, options)) ? set(sessions, undefined, kubectl, options) : declined();
      case 'reveal':
        if (named !== undefined)
          printUnmasked(await revealPassword(named, { project: options.project, kubectl }, options.privateKey));
        return named === undefined ? 1 : 0;
    }
  },
};

function refuseMisplaced({ action, session, all, yes, privateKey, output }: SecretOptions): void {
  const refuse = (message: string): never => {
    throw new DozlabError('invalid-usage', message);
  };
  if (all === true && (action !== 'rotate' || session !== undefined))
    refuse('--all goes with rotate, without a session');
  if (yes === true && action !== 'rotate') refuse('--yes goes with rotate');
  if (privateKey !== undefined && action !== 'reveal') refuse('--private-key goes with reveal');
  if (output !== undefined && action !== 'status') refuse('--output goes with status');
  if (action === 'reveal' && session === undefined) refuse('reveal takes the name of a session');
  if (action === 'rotate' && session === undefined && all !== true)
    refuse('rotate takes the name of a session, or --all (of a cohort, with --cohort)');
}

/** Another Secret replaces the pod when the change is applied. */
async function agreesToRotation(sessions: readonly Session[], options: SecretOptions): Promise<boolean> {
  const changes = changesOf(rotatedFiles(sessions, options.project));
  if (changes.size === 0) return true;
  const effect = editEffect(projectState(options.project), projectState(options.project, changes));
  return agreesToLoss(effect, options);
}

function declined(): ExitCode {
  printNote('nothing was written');
  return 1;
}

/** Undefined for an empty one: `set` then replaces no password. */
async function givenPassword(session: Session, kubectl: Kubectl): Promise<string | undefined> {
  const password = await readPassword();
  if (password === undefined && withoutPassword([session], kubectl).length === 0)
    throw new DozlabError(
      'secret-exists',
      `${nameOf(session)} has a password. Fix: enter another one on standard input, or run dozlab secret rotate`,
    );
  return password;
}

const nameOf = ({ cohort, id }: Session): string => `${cohort}/${id}`;

/** Files come first: they need no cluster. */
async function setAll(sessions: readonly Session[], kubectl: Kubectl, options: SecretOptions): Promise<ExitCode> {
  const isInFile = ({ secret: { provider } }: Session): boolean => providerOf(provider).file !== undefined;
  const [inFiles, others] = [sessions.filter(isInFile), sessions.filter((session) => !isInFile(session))];
  const written = withoutPassword(inFiles, kubectl);
  if (written.length > 0) await set(written, undefined, kubectl, options);
  const missing = withoutPassword(others, kubectl);
  return written.length > 0 && missing.length === 0 ? 0 : set(missing, undefined, kubectl, options);
}

async function set(
  sessions: readonly Session[],
  password: string | undefined,
  kubectl: Kubectl,
  { project }: SecretOptions,
): Promise<ExitCode> {
  const all: WrittenPassword[] = [];
  for await (const written of setPasswords(sessions, password, { project, kubectl })) {
    printNote(`${nameOf(written.session)}: ${written.where}`);
    all.push(written);
  }
  if (all.length === 0) printNote('nothing to do: every session has a password, or its provider makes it');
  else if (all.some(({ isInProject }) => isInProject)) printNote('run dozlab synth, and commit the result');
  if (all.some(({ isOtherSecret }) => isOtherSecret))
    printNote('the new Secret replaces the pod: data outside volumes with persistence is lost');
  else if (all.length > 0)
    printNote('a running session keeps its password until its pod is replaced; data without persistence is then lost');
  return 0;
}

function status(
  sessions: readonly Session[],
  errors: readonly Problem[],
  kubectl: Kubectl,
  output: 'text' | 'json' = 'text',
): ExitCode {
  const all = statusOf(sessions, kubectl);
  const now = new Date();
  const lines = (): string[] => table(HEADINGS, all.map((each) => row(each, now))); // prettier-ignore
  for (const line of output === 'json' ? [JSON.stringify(all, null, 2)] : lines()) print(line);
  return errors.length > 0 ? 1 : 0;
}

/** Without a cluster, reports the state of files alone. */
function statusOf(sessions: readonly Session[], kubectl: Kubectl): PasswordStatus[] {
  try {
    return passwordStatus(sessions, kubectl);
  } catch (error) {
    if (!(error instanceof DozlabError)) throw error;
    printNote(`the cluster was not asked: ${error.message}`);
    return passwordStatus(sessions, undefined);
  }
}

const HEADINGS = ['SESSION', 'PROVIDER', 'SECRET', 'KEY', 'STATE', 'AGE', 'OPENED BY'];

const row = (password: PasswordStatus, now: Date): string[] => [
  `${password.cohort}/${password.session}`,
  password.provider,
  `${password.namespace}/${password.secret}`,
  password.key,
  password.state,
  password.madeAt === undefined ? '' : age(password.madeAt, now),
  openers(password),
];

const openers = ({ openedBy = '', notFor = [], alsoFor = [] }: PasswordStatus): string =>
  [
    openedBy,
    ...(notFor.length === 0 ? [] : [`not ${notFor.join(', ')}`]),
    ...(alsoFor.length === 0 ? [] : [`against the settings: ${alsoFor.join(', ')}`]),
  ].join('; ');

const DAY = 24 * 60 * 60 * 1000;

function age(madeAt: string, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(madeAt)) / DAY);
  return Number.isNaN(days) ? 'unknown' : days < 1 ? 'today' : plural(days, 'day');
}
