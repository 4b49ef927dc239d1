import { DozlabError } from '../errors';
import type { Argv } from 'yargs';
import { REPEATED } from './change-options';
import type { Command, CommandGroup, ExitCode } from './command';
import { STANDARD_INPUT } from '../migrate/input';
import { app } from './commands/app';
import { capacity } from './commands/capacity';
import { chart } from './commands/chart';
import { cohort } from './commands/cohort';
import { comment } from './commands/comment';
import { expire } from './commands/expire';
import { explain } from './commands/explain';
import { init } from './commands/init';
import { migrate } from './commands/migrate';
import { render } from './commands/render';
import { report } from './commands/report';
import { schema } from './commands/schema';
import { secret } from './commands/secret';
import { session } from './commands/session';
import { status } from './commands/status';
import { synth } from './commands/synth';
import { validate } from './commands/validate';
import { note } from './print';
import { version } from './version';
import { hideExperimentalWarnings } from './warnings';

const COMMANDS = [
  init,
  migrate,
  session,
  cohort,
  expire,
  synth,
  validate,
  render,
  chart,
  report,
  comment,
  capacity,
  status,
  secret,
  explain,
  schema,
  app,
];

/** Arguments of which there may be several. */
const LISTS = ['_', 'files'];

const isGroup = (command: object): command is CommandGroup => 'commands' in command;

/** How many words of a command line name the command. */
const wordsOf = ([name]: readonly (string | number)[]): number =>
  COMMANDS.some((command) => isGroup(command) && command.command === name) ? 2 : 1;

/** What is wrong with a command line. Arguments that `secret` does not know are not repeated: one may be a password. */
function usageMessage([command]: readonly string[], message = 'the arguments are not understood'): string {
  if (command !== 'secret' || !message.startsWith('Unknown argument')) return message;
  return 'secret takes an action, a session and the options of its --help; a password is read from standard input or at a prompt, and is never an argument';
}

/** The help of the command that is meant, as far as it is one. */
function helpFor([first = '', second = '']: readonly string[]): string {
  const command = COMMANDS.find(({ command: name }) => name.split(' ', 1)[0] === first);
  const action =
    command !== undefined && isGroup(command)
      ? command.commands.find(({ command: name }) => name.split(' ', 1)[0] === second)
      : undefined;
  return [
    'dozlab',
    ...(command === undefined ? [] : [first]),
    ...(action === undefined ? [] : [second]),
    '--help',
  ].join(' ');
}

/** The files of `migrate`, of which yargs would drop a dash. */
const withStandardInput = (args: readonly string[]): string[] =>
  args.map((arg) => (args[0] === 'migrate' && arg === '-' ? STANDARD_INPUT : arg));

/** Runs the program with the arguments of a command line and gives its exit code. */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  hideExperimentalWarnings();
  let code: ExitCode = 0;
  try {
    const { default: yargs } = await import('yargs');
    const program = yargs(withStandardInput(args))
      .scriptName('dozlab')
      .usage(
        '$0 <command>\n\nLab sessions as code: one small file a session, manifests that a cluster takes as they are.',
      )
      .version(version())
      .strict()
      .demandCommand(1, 'a command is missing')
      .recommendCommands()
      .completion('completion', 'Print a script that completes commands in the shell')
      .help()
      .alias('h', 'help')
      .showHelpOnFail(false)
      .check((options) => {
        const twice = Object.keys(options).find(
          (name) => !LISTS.includes(name) && Array.isArray(options[name]) && !REPEATED.includes(name),
        );
        const surplus = options._.slice(wordsOf(options._));
        if (surplus.length > 0) throw new DozlabError('invalid-usage', usageMessage(args, 'Unknown arguments'));
        if (twice !== undefined) throw new DozlabError('invalid-usage', `--${twice} is given more than once`);
        return true;
      })
      .wrap(Math.min(process.stdout.isTTY ? process.stdout.columns : 80, 110))
      .exitProcess(false)
      .fail((message: string | undefined, error: Error | undefined) => {
        throw error ?? new DozlabError('invalid-usage', usageMessage(args, message));
      });
    const add = (to: Argv, command: Command<never>): Argv =>
      to.command({
        ...command,
        handler: async (options) => {
          code = await command.run(options);
        },
      });
    for (const command of COMMANDS as readonly (Command<never> | CommandGroup)[]) {
      if (!isGroup(command)) add(program, command);
      else
        program.command({
          command: command.command,
          describe: command.describe,
          builder: (inner) => {
            for (const each of command.commands as readonly Command<never>[]) add(inner, each);
            return inner.demandCommand(1, `${command.command} takes an action`);
          },
          handler: () => undefined,
        });
    }
    await program.parseAsync();
    return code;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof DozlabError || error.name === 'YError') {
      const isUsage = error.name === 'YError' || (error as DozlabError).code === 'invalid-usage';
      note(`dozlab: ${error.message}${isUsage ? `\n${helpFor(args)} tells more` : ''}`);
      return isUsage ? 2 : 1;
    }
    // A defect of the program.
    note(error.stack ?? error.message);
    return 1;
  }
}
