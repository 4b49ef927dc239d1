import { failed, found, type Check } from './check';
import type { ImageFiles } from './image-files';
import { programNamed } from './services';

/** The tools of the lab, and the shell in which a user of SSH is. */
export function checkTools(files: ImageFiles, tools: readonly string[]): Check {
  const what = 'tools of the lab';
  const shell = /^root:(?:[^:]*:){5}(\/\S+)$/m.exec(files.text('/etc/passwd') ?? '')?.[1] ?? '/bin/sh';
  if (!files.isExecutable(shell))
    return failed(
      'tools',
      what,
      `the login shell of root, ${shell}, is missing`,
      `install ${shell}, or set another in /etc/passwd`,
    );
  const missing = tools.filter((name) => programNamed(files, name) === undefined);
  if (missing.length > 0)
    return failed('tools', what, `no ${missing.join(', ')}`, 'install them, and look at their names');
  return found('tools', what, [shell, ...tools].join(', '));
}
