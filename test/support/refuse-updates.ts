/** CI systems set the variable CI. */
const isCi = (): boolean => !['', '0', 'false'].includes(process.env['CI'] ?? '');

/** @throws Error in CI, where expected files must not change */
export function expectUpdatesAllowed(command: string): void {
  if (isCi())
    throw new Error(
      `${command} does nothing in CI (the variable CI is set). Fix: update on your machine, and read the changes before you commit them`,
    );
}

export default function refuseUpdates({ updateSnapshot }: { readonly updateSnapshot: 'all' | 'new' | 'none' }): void {
  if (updateSnapshot === 'all') expectUpdatesAllowed('jest --updateSnapshot');
}
