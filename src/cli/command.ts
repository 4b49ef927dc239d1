import type { CommandModule, Options } from 'yargs';

/** 0: done, 1: wrong input, 2: wrong usage. */
export type ExitCode = 0 | 1 | 2;

export interface Command<T> extends Omit<CommandModule<object, T>, 'handler' | 'command' | 'describe'> {
  run(options: T): ExitCode | Promise<ExitCode>;
}

export interface CommandName {
  readonly command: string;
  readonly describe: string;
}

export interface Action<T> extends CommandName, Command<T> {}

export interface CommandGroup {
  readonly actions: readonly CommandName[];
}

export interface ProjectOptions {
  readonly project: string;
}

export const projectOption = {
  project: {
    type: 'string',
    requiresArg: true,
    default: '.',
    defaultDescription: 'the current folder',
    describe: 'Folder of the project',
  },
} as const satisfies Record<string, Options>;

export const outputOption = {
  output: {
    alias: 'o',
    choices: ['text', 'json'] as const,
    default: 'text' as const,
    requiresArg: true,
    describe: 'Output format',
  },
} as const satisfies Record<string, Options>;
