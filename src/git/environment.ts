/**
 * What git tells a hook, or an alias, of the repository that it runs in (git rev-parse --local-env-vars), without configuration. With these, git
 * would take the folder that it is called in for a work tree, and another index for that of the repository.
 */
const LOCAL = [
  'GIT_DIR',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_SHALLOW_FILE',
];

/** What git is to have otherwise than we have it, so that it works in the repository around a folder. */
export const gitVariables = (): Record<string, string | undefined> => ({
  // Who names a work tree has it elsewhere than its repository.
  ...(process.env['GIT_WORK_TREE'] === undefined ? Object.fromEntries(LOCAL.map((name) => [name, undefined])) : {}),
  // Nobody answers a question that is asked where nobody reads it.
  ...(process.stdin.isTTY ? {} : { GIT_TERMINAL_PROMPT: '0' }),
});
