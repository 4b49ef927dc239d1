import { DozlabError } from '../core/errors';
import type { Argv } from 'yargs';
import type { Action, Command, CommandGroup, CommandName, ExitCode } from './command';
import { COMMANDS } from './commands';
import { hideExperimentalWarnings, printNote } from './output';
import { showProgress } from './progress-line';
import { VERSION } from './version';

const REPEATED = ['set', 'unset'];

const LISTS = ['_', 'files', 'cohorts'];

type LoadedCommands = ReadonlyMap<string, object>;

type CommandRun = () => ExitCode | Promise<ExitCode>;

const firstWord = ({ command }: CommandName): string => command.split(' ', 1)[0] ?? '';

/** Loads only named commands, for a fast start. */
async function loadCommands(args: readonly string[]): Promise<LoadedCommands> {
  const selected = COMMANDS.filter((command) => args.includes(firstWord(command)));
  return new Map(
    await Promise.all(selected.map(async (command) => [firstWord(command), await command.load()] as const)),
  );
}

/** yargs needs only the command that the first word names, or else all. */
const commandNames = ([first = '']: readonly string[], commands: LoadedCommands): readonly CommandName[] =>
  commands.has(first) ? COMMANDS.filter((command) => firstWord(command) === first) : COMMANDS;

const isGroup = (command: object | undefined): command is CommandGroup => command !== undefined && 'actions' in command;

const wordCount = ([name]: readonly (string | number)[], commands: LoadedCommands): number =>
  isGroup(commands.get(String(name))) ? 2 : 1;

/** Does not repeat unknown arguments of `secret`: one may be a password. */
function usageMessage(args: readonly string[], message = 'the arguments are not understood'): string {
  const [command] = args;
  if (command !== 'secret' || !message.startsWith('Unknown argument')) return shownArguments(args, message);
  return 'secret takes an action, a session and the options of its --help; a password is read from standard input or at a prompt, and is never an argument';
}

/** An argument that nobody expected may be a password: only options and plain words are shown. */
function shownArguments(args: readonly string[], message: string): string {
  const [, start = '', list] = /^(Unknown (?:argument|command)s?: )([^]*)$/.exec(message) ?? [];
  if (list === undefined) return message;
  const isPasswordNear = args.some((arg) => /pass|secret|token|credential/i.test(arg));
  const isOption = (name: string): boolean => args.some((arg) => /^--?([^=]+)/.exec(arg)?.[1] === name);
  const isShown = (name: string): boolean => isOption(name) || (!isPasswordNear && /^[a-z]+(-[a-z]+)*$/i.test(name));
  const names = list.split(', ').map((name) => (isShown(name) ? name : '…'));
  return start + Array.from(new Set(names)).join(', ');
}

/** yargs reads every value but `true` as off. */
function isInvalidSwitch(arg: string, options: Readonly<Record<string, unknown>>): boolean {
  const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
  return typeof options[name] === 'boolean' && !['true', 'false'].includes(value);
}

function switchMessage([command]: readonly string[], arg: string): string {
  const [name = ''] = arg.split('=', 1);
  // Longer text may be a secret.
  const isShown = command !== 'secret' && /=\w{0,5}$/.test(arg);
  return `${isShown ? arg : name} is neither on nor off; accepted: ${name}, ${name}=true or ${name}=false`;
}

function helpCommand([first = '', second = '']: readonly string[], commands: LoadedCommands): string {
  const group = commands.get(first);
  const isAction = isGroup(group) && group.actions.some((action) => firstWord(action) === second);
  return ['dozlab', ...(group === undefined ? [] : [first]), ...(isAction ? [second] : []), '--help'].join(' ');
}

/** yargs drops the `-` of `migrate`. */
const withStandardInput = (args: readonly string[]): string[] =>
  args.map((arg) => (args[0] === 'migrate' && arg === '-' ? '/dev/stdin' : arg));

async function runWithProgress(selected: CommandRun | undefined): Promise<ExitCode> {
  const end = showProgress(process.stderr);
  try {
    return (await selected?.()) ?? 0;
  } finally {
    end();
  }
}

export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  hideExperimentalWarnings();
  let selected: CommandRun | undefined;
  let commands: LoadedCommands = new Map();
  try {
    commands = await loadCommands(args);
    const { default: yargs } = await import('yargs');
    const program = yargs(withStandardInput(args))
      .scriptName('dozlab')
      .usage(
        '$0 <command>\n\nLab sessions as code: one small file a session, manifests that a cluster takes as they are.',
      )
      .version(VERSION)
      .strict()
      .parserConfiguration({ 'dot-notation': false })
      .demandCommand(1, 'a command is missing')
      .recommendCommands()
      .completion('completion', 'Print a script that completes commands in the shell')
      .help()
      .alias('h', 'help')
      .showHelpOnFail(false)
      .check((options) => {
        const repeated = Object.keys(options).find(
          (name) => !LISTS.includes(name) && Array.isArray(options[name]) && !REPEATED.includes(name),
        );
        const surplus = options._.slice(wordCount(options._, commands));
        if (surplus.length > 0) throw new DozlabError('invalid-usage', usageMessage(args, 'Unknown arguments'));
        if (repeated !== undefined) throw new DozlabError('invalid-usage', `--${repeated} is given more than once`);
        const end = args.indexOf('--');
        const invalid = args.slice(0, end < 0 ? undefined : end).find((arg) => isInvalidSwitch(arg, options));
        if (invalid !== undefined) throw new DozlabError('invalid-usage', switchMessage(args, invalid));
        return true;
      })
      .wrap(Math.min(process.stdout.isTTY ? process.stdout.columns : 80, 110))
      .exitProcess(false)
      .fail((message: string | undefined, error: Error | undefined) => {
        throw error ?? new DozlabError('invalid-usage', usageMessage(args, message));
      });
    const add = (to: Argv, { command: name, describe }: CommandName, command: Command<never>): Argv =>
      to.command({
        ...command,
        command: name,
        describe,
        handler: (options) => {
          selected = () => command.run(options);
        },
      });
    for (const name of commandNames(args, commands)) {
      const command = commands.get(firstWord(name));
      if (command === undefined) program.command(name.command, name.describe);
      else if (!isGroup(command)) add(program, name, command as Command<never>);
      else
        program.command({
          command: name.command,
          describe: name.describe,
          builder: (inner) => {
            for (const action of command.actions as readonly Action<never>[]) add(inner, action, action);
            return inner.demandCommand(1, `${name.command} takes an action`);
          },
          handler: () => undefined,
        });
    }
    await program.parseAsync();
    return await runWithProgress(selected);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof DozlabError || error.name === 'YError') {
      const isUsage = error.name === 'YError' || (error as DozlabError).code === 'invalid-usage';
      printNote(`dozlab: ${error.message}${isUsage ? `\n${helpCommand(args, commands)} shows the usage` : ''}`);
      return isUsage ? 2 : 1;
    }
    // A defect of the program.
    printNote(error.stack ?? error.message);
    return 1;
  }
}
