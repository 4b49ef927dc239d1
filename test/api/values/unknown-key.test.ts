import { inShort, problemsWith, valueAt } from '../../support/values';

describe('a key that is not known', () => {
  it.each([
    ['sesion', 'did you mean session?'],
    ['session.userID', 'did you mean userId?'],
    ['firecracker.vm.cpucount', 'did you mean cpuCount?'],
    ['firecracker.cpuCount', 'did you mean firecracker.vm.cpuCount?'],
    ['diskSize', 'did you mean rootfs.diskSize?'],
    ['volumes.vmdata', 'did you mean vmData?'],
    ['service.ports.http', 'known keys: vscode, terminal, ssh'],
    ['__proto__x', 'known keys: session, labels, podLabels'],
  ])('%s is an error at that key: %s', (path, hint) => {
    const [problem, ...more] = problemsWith(valueAt(path, 'x'));

    expect(more).toEqual([]);
    expect(problem).toMatchObject({ severity: 'error', code: 'unknown-key', path: path.split('.'), key: true });
    expect(problem?.message).toContain('is not a known key');
    expect(problem?.message).toContain(hint);
  });

  it('global is not one of a session', () => {
    expect(problemsWith({ global: {} }).map(inShort)).toEqual(['error unknown-key global']);
  });
});
