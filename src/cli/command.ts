import type { CommandModule, Options } from 'yargs';

/** What went right or wrong, as a process tells it: 0 done, 1 bad input, 2 bad usage. */
export type ExitCode = 0 | 1 | 2;

/** One command of the program: what yargs needs, and a run that gives the exit code. */
export interface Command<T> extends Omit<CommandModule<object, T>, 'handler'> {
  readonly command: string;
  readonly describe: string;
  run(options: T): ExitCode | Promise<ExitCode>;
}

/** Commands that go by one name: `dozlab session create`. */
export interface CommandGroup {
  readonly command: string;
  readonly describe: string;
  readonly commands: readonly Pick<Command<never>, 'command' | 'describe'>[];
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
