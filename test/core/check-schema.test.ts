import { type Mapping, nearest } from '@dozlab/charts/schema';
import { parseValues } from '../../src/api/values/check';
import { problemsWith, valueAt, valuesWith } from '../support/values';

const messageAt = (path: string, value: unknown): string => {
  const messages = problemsWith(valueAt(path, value))
    .filter((problem) => problem.severity === 'error' && problem.path.join('.') === path)
    .map(({ message }) => message);
  return messages[0] ?? 'no error at this path';
};

describe('a message says what was given and what is accepted', () => {
  it.each<[string, unknown, string]>([
    [
      'rootfs.diskSize',
      '4Gi',
      'is "4Gi"; accepted: a whole number and K, M, G or T, such as 4G, in resize2fs\'s powers of 1024',
    ],
    ['service.type', 'External', 'is "External"; accepted: one of ClusterIP, NodePort, LoadBalancer'],
    ['service.ports.ssh', 0, 'is 0; accepted: a whole number from 1 to 65535'],
    ['service.ports.ssh', '22', 'is "22"; accepted: a whole number from 1 to 65535'],
    ['suspended', 'yes', 'is "yes"; accepted: true or false'],
    ['session.id', 'Alice', 'is "Alice"; accepted: 1 to 51 of a-z, 0-9 and -, with a letter or digit at both ends'],
    ['firecracker.vm.cpuCount', 'two', 'is "two"; accepted: CPUs: a whole number from 1 to 32, with or without quotes'],
    [
      'volumes.vmData.sizeLimit',
      '5GB',
      'is "5GB"; accepted: a Kubernetes quantity that is not negative, such as 500m, 2, 1.5Gi or 512Mi',
    ],
    ['network.vmIp', 'localhost', 'is "localhost"; accepted: an IPv4 address such as 172.16.0.2'],
    [
      'labels.x',
      7,
      'is 7; accepted: text (in quotes if it looks like a number, a truth value or null) of at most 63 of A-Z, a-z, 0-9, -, _ and ., with a letter or digit at both ends',
    ],
    ['labels', [], 'is a list; accepted: a mapping of label names to label values'],
    ['tolerations', 'a', 'is text; accepted: a list'],
    ['codeServer', 'a', 'is text; accepted: a mapping'],
    ['tolerations', {}, 'is a mapping; accepted: a list'],
    ['volumes.vmData', true, 'is true; accepted: a mapping'],
    [
      'session.userId',
      '',
      'is ""; accepted: text (in quotes if it looks like a number, a truth value or null) of 1 to 256 characters on one line, without control characters',
    ],
    [
      'session.userId',
      'a\u0007\u0085\u2028',
      'is "a\\u0007\\u0085\\u2028"; accepted: text (in quotes if it looks like a number, a truth value or null) of 1 to 256 characters on one line, without control characters',
    ],
    [
      'terminal.tag',
      'x y'.repeat(30),
      `is "${'x y'.repeat(21)}x"…; accepted: an image tag (in quotes if it looks like a number): at most 128 of A-Z, a-z, 0-9, _, . and -`,
    ],
  ])('%s: %j', (path, value, message) => {
    expect(messageAt(path, value)).toBe(message);
  });

  it('of a key that is not valid', () => {
    const [problem] = problemsWith({ labels: { 'a b': 'c' } });

    expect(problem).toMatchObject({ code: 'wrong-value', path: ['labels', 'a b'], key: true });
    expect(problem?.message).toMatch(/^is the key "a b"; accepted: a name of at most 63 of/);
  });

  it('of a value that is missing', () => {
    const [problem] = problemsWith({ terminal: { extraEnv: [{ value: 'x' }] } });

    expect(problem).toMatchObject({ code: 'missing', path: ['terminal', 'extraEnv', 0, 'name'] });
    expect(problem?.message).toMatch(/^is missing; accepted: a name of A-Z/);
  });

  it.each<[string, Mapping, string]>([
    [
      'a limit below the microVM',
      { firecracker: { resources: { limits: { cpu: '1' } }, vm: { cpuCount: 4 } } },
      "is 1, less than the microVM's 4 CPUs; accepted: at least 4, better 4500m, or leave it out",
    ],
    [
      'a port given twice',
      { service: { ports: { ssh: 8080 } } },
      'is 8080, the port of vscode too; accepted: a port of its own',
    ],
    [
      'a host pattern',
      { ingress: { enabled: true, vscode: { host: '{x}.b' } } },
      'gives {x}.b; accepted: a pattern that gives a DNS name',
    ],
    [
      'an address elsewhere',
      { network: { vmIp: '10.0.0.2' } },
      "is 10.0.0.2, outside the gateway's network; accepted: an address in 172.16.0.0/24",
    ],
  ])('of a rule: %s', (_, over, message) => {
    const errors = problemsWith(over).filter(({ severity }) => severity === 'error');

    expect(errors.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  });
});

describe('what may be secret is never shown', () => {
  const SECRET = 'hunter2-hunter2';

  it.each<[string, Mapping]>([
    ['a password of the wrong type', { codeServer: { password: [SECRET] } }],
    ['a password in a mapping', { codeServer: { password: { value: SECRET } } }],
    ['a password that is too long', { codeServer: { password: SECRET.repeat(100) } }],
    ['a password of two lines', { codeServer: { password: `${SECRET}\n${SECRET}\n` } }],
    ['a password under a key that is not known', { codeServer: { passwort: SECRET } }],
    ['a password at another place', { session: { password: SECRET } }],
    ['a password in place of a section', { codeServer: SECRET }],
    ['a password beside a Secret', { codeServer: { password: SECRET, existingSecret: 'a' } }],
    [
      'an environment value with a control character',
      { terminal: { extraEnv: [{ name: 'TOKEN', value: `${SECRET}\u0007` }] } },
    ],
    ['an environment value of the wrong type', { terminal: { extraEnv: [{ name: 'TOKEN', value: [SECRET] }] } }],
    ['an environment variable in one text', { terminal: { extraEnv: [`TOKEN=${SECRET}`] } }],
    ['an environment in one text', { terminal: { extraEnv: `TOKEN=${SECRET}` } }],
    ['an environment value and a reference', { terminal: { extraEnv: [{ name: 'A', value: SECRET, valueFrom: {} }] } }],
    ['credentials in a web address', { rootfs: { imageUrl: `https://user:${SECRET}@example.com/` } }],
    ['credentials in the query of a web address', { rootfs: { imageUrl: `https://example.com/a b?token=${SECRET}` } }],
    ['a signature after a #', { rootfs: { imageUrl: `https://example.com/a b#${SECRET}` } }],
  ])('%s', (_, over) => {
    const problems = problemsWith(over);

    expect(problems.length).toBeGreaterThan(0);
    expect(problems.some(({ code }) => code !== 'moving-image')).toBe(true);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('in the error of a program either', () => {
    expect(() => parseValues(valuesWith({ codeServer: { password: `${SECRET}\u0000` } }))).toThrow(
      'codeServer.password is text that is not shown; accepted: text of 1 to 1024 characters on one line, not only spaces',
    );
  });
});

describe('the nearest known name', () => {
  it.each<[string, string | undefined]>([
    ['imageURL', 'imageUrl'],
    ['imageUlr', 'imageUrl'],
    ['memroy', 'memory'],
    ['cpu', undefined],
    ['x', undefined],
    ['', undefined],
  ])('to %j is %j', (given, name) => {
    expect(nearest(given, ['imageUrl', 'memory', 'cpuCount'])).toBe(name);
  });

  it('is none when none is known', () => {
    expect(nearest('a', [])).toBeUndefined();
  });
});
