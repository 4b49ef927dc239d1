import type { CommandModule, Options } from 'yargs';

/** What went right or wrong, as a process tells it: 0 done, 1 bad input, 2 bad usage. */
export type ExitCode = 0 | 1 | 2;

/** One command of the program, or of a group: what yargs needs, and a run that gives the exit code. */
export interface Command<T> extends Omit<CommandModule<object, T>, 'handler' | 'command' | 'describe'> {
  run(options: T): ExitCode | Promise<ExitCode>;
}

/** How a command is called, and what it is for. */
export interface CommandName {
  /** With its positional arguments. */
  readonly command: string;
  readonly describe: string;
}

/** A command that goes by the name of a group and its own: `dozlab session create`. */
export interface Action<T> extends CommandName, Command<T> {}

/** Commands that go by one name. */
export interface CommandGroup {
  readonly actions: readonly CommandName[];
}

export interface ProjectOptions {
  readonly project: string;
}

/** The option that every command about a project has. */
export const projectOption = {
  project: {
    type: 'string',
    requiresArg: true,
    default: '.',
    defaultDescription: 'the current folder',
    describe: 'Folder of the project',
  },
} as const satisfies Record<string, Options>;

/** The option of commands that tell people or programs. */
export const outputOption = {
  output: {
    alias: 'o',
    choices: ['text', 'json'] as const,
    default: 'text' as const,
    requiresArg: true,
    describe: 'Form of the report',
  },
} as const satisfies Record<string, Options>;
