import { DozlabError } from '../../core/errors';
import { findSessions } from '../../edit/select';
import type { Problem } from '../../core/diagnostics';
import { loadProject } from '../../source/load-project';
import {
  passwordStatus,
  revealPassword,
  setPassword,
  type PasswordStatus,
  type WrittenPassword,
} from '../../edit/passwords';
import { resolveProject } from '../../resolve/resolve';
import type { Session } from '../../model/session';
import { providerOf } from '../../secrets/providers';
import { Kubectl } from '../../kube/kubectl';
import { projectOption, type Command, type ExitCode, type ProjectOptions } from '../command';
import { plural } from '../../core/text';
import { print, printNote, printProblems, printSecret } from '../output';
import { readPassword } from '../read-password';
import { table } from '../format';

interface SecretOptions extends ProjectOptions {
  readonly action: 'set' | 'rotate' | 'status' | 'reveal';
  readonly session?: string;
  readonly cohort?: string;
  readonly all?: boolean;
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
        describe:
          'set gives a password, from standard input or a prompt, or makes one; rotate makes another; status tells provider, age and key; reveal shows the password',
      })
      .positional('session', {
        type: 'string',
        describe:
          'Name of a session, or cohort/session; without one, set and status take all (set: those that have none)',
      })
      .option('project', projectOption.project)
      .option('cohort', { type: 'string', requiresArg: true, describe: 'Only the sessions of this cohort' })
      .option('all', { type: 'boolean', describe: 'rotate: the passwords of all sessions' })
      .option('context', {
        type: 'string',
        requiresArg: true,
        describe: "Context of kubectl's configuration, for passwords that are in the cluster",
      })
      .option('private-key', {
        type: 'string',
        requiresArg: true,
        describe: 'reveal: file with the private key of the Sealed Secrets controller, to read without the cluster',
      })
      .option('output', {
        alias: 'o',
        choices: ['text', 'json'] as const,
        requiresArg: true,
        describe: 'status: form of the report',
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
          : write([named], await given(named, kubectl), kubectl, options);
      case 'rotate':
        return write(sessions, undefined, kubectl, options);
      case 'reveal':
        return show(sessions, kubectl, options);
    }
  },
};

/** Refuses options that the action does not have, and sessions that it wants named. */
function refuseMisplaced({ action, session, all, privateKey, output }: SecretOptions): void {
  const refuse = (message: string): never => {
    throw new DozlabError('invalid-usage', message);
  };
  if (all === true && (action !== 'rotate' || session !== undefined))
    refuse('--all goes with rotate, without a session');
  if (privateKey !== undefined && action !== 'reveal') refuse('--private-key goes with reveal');
  if (output !== undefined && action !== 'status') refuse('--output goes with status');
  if (action === 'reveal' && session === undefined) refuse('reveal takes the name of a session');
  if (action === 'rotate' && session === undefined && all !== true)
    refuse('rotate takes the name of a session, or --all (of a cohort, with --cohort)');
}

/** The password that somebody gives; refuses to replace one that is there by one that nobody asked for. */
async function given(session: Session, kubectl: Kubectl): Promise<string | undefined> {
  const password = await readPassword();
  if (password === undefined && withoutPassword([session], kubectl).length === 0)
    throw new DozlabError(
      'secret-exists',
      `${nameOf(session)} has a password; dozlab secret rotate makes another, and set takes one on standard input`,
    );
  return password;
}

const nameOf = ({ cohort, id }: Session): string => `${cohort}/${id}`;

/** Gives each session that has none a password: first those in files, for which nothing need be asked. */
async function setAll(sessions: readonly Session[], kubectl: Kubectl, options: SecretOptions): Promise<ExitCode> {
  const isInFile = ({ secret: { provider } }: Session): boolean => providerOf(provider).file !== undefined;
  const written = withoutPassword(sessions.filter(isInFile), kubectl);
  if (written.length > 0) await write(written, undefined, kubectl, options);
  const missing = withoutPassword(
    sessions.filter((session) => !isInFile(session)),
    kubectl,
  );
  return written.length > 0 && missing.length === 0 ? 0 : write(missing, undefined, kubectl, options);
}

/** The sessions that have no password yet and whose provider makes none by itself. */
function withoutPassword(sessions: readonly Session[], kubectl: Kubectl): Session[] {
  const own = sessions.filter(({ secret: { provider } }) => providerOf(provider).needsPassword);
  const missing = new Set(
    passwordStatus(own, kubectl)
      .filter(({ state }) => state === 'missing')
      .map(({ cohort, session }) => `${cohort}/${session}`),
  );
  return own.filter((session) => missing.has(nameOf(session)));
}

async function write(
  sessions: readonly Session[],
  password: string | undefined,
  kubectl: Kubectl,
  { project }: SecretOptions,
): Promise<ExitCode> {
  const written: WrittenPassword[] = [];
  const shared = new Map<string, string>();
  for (const session of sessions) {
    const { namespace, name } = session.secret.place;
    const other = shared.get(`${namespace}/${name}`);
    if (other !== undefined) {
      printNote(`${nameOf(session)}: shares the Secret ${name} with ${other}`);
      continue;
    }
    shared.set(`${namespace}/${name}`, nameOf(session));
    const found = await setPassword(session, password, { project, kubectl });
    written.push(found);
    printNote(`${nameOf(session)}: ${found.where}`);
  }
  if (sessions.length === 0) printNote('nothing to do: every session has a password, or its provider makes it');
  else if (written.some(({ isInProject }) => isInProject)) printNote('run dozlab synth, and commit the result');
  if (written.some(({ isOtherSecret }) => isOtherSecret))
    printNote('another Secret replaces the pod: what is not in a volume with persistence is lost');
  else if (sessions.length > 0)
    printNote(
      'a session that runs keeps its password until its pod is replaced, by which it loses what is not persistent',
    );
  return 0;
}

function status(
  sessions: readonly Session[],
  errors: readonly Problem[],
  kubectl: Kubectl,
  output: 'text' | 'json' = 'text',
): ExitCode {
  const told = statusOf(sessions, kubectl);
  if (output === 'json') print(JSON.stringify(told, null, 2));
  else
    for (const line of table(
      HEADINGS,
      told.map((each) => row(each, new Date())),
    ))
      print(line);
  return errors.length > 0 ? 1 : 0;
}

/** The status with what the cluster says, or without it, and why, when it cannot be asked. */
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

const row = (told: PasswordStatus, now: Date): string[] => [
  `${told.cohort}/${told.session}`,
  told.provider,
  `${told.namespace}/${told.secret}`,
  told.key,
  told.state,
  told.madeAt === undefined ? '' : age(told.madeAt, now),
  told.openedBy ?? '',
];

const DAY = 24 * 60 * 60 * 1000;

/** How long ago, in days: passwords live for days or months. */
function age(madeAt: string, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(madeAt)) / DAY);
  return Number.isNaN(days) ? 'not known' : days < 1 ? 'today' : plural(days, 'day');
}

async function show(
  [session]: readonly Session[],
  kubectl: Kubectl,
  { project, privateKey }: SecretOptions,
): Promise<ExitCode> {
  if (session === undefined) return 1;
  printSecret(await revealPassword(session, { project, kubectl }, privateKey));
  return 0;
}
