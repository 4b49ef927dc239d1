import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { dozlabRun, type Run } from '../support/cli-runs';
import { git, repositoryWith, VARIABLES } from '../support/git';
import { pieces, RANDOM_SECRET, SECRET_FORMS, URL_SECRET } from '../support/planted-secrets';
import { addFiles, cohort, lab, project, session, type Files } from '../support/project';
import { Random } from '../support/random';

jest.setTimeout(600_000);

/** Secrets of all forms at all places of a project: no output holds eight characters of one. */
const SECRETS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(SECRET_FORMS).map(([name, [secret]]) => [name, secret])),
  'random text': RANDOM_SECRET,
  'a URL with a password': URL_SECRET,
};

/** At a key that names a secret, any text is one. */
const WEAK = 'Hunter22-Hunter22!!';

const vm = { rootfs: { imageUrl: 'https://example.com/rootfs.ext4' } };
const values = (over: object): Files => ({ 'sessions/class/alice.yaml': session('alice', { values: over }) });
const settings = (over: object): Files => ({ 'dozlab.yaml': project(over) });
const filter = (value: string) => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'X', value }] },
});

/** Places of text that is legal there, or is not. */
const PLACES: Readonly<Record<string, (secret: string) => Files>> = {
  'an annotation': (secret) => values({ annotations: { note: secret } }),
  'an annotation with more': (secret) => values({ annotations: { note: `proxy_set_header X "${secret}";` } }),
  'an annotation of the Ingress': (secret) => values({ ingress: { enabled: true, vscode: { host: 'a.example.com', annotations: { a: secret } } } }), // prettier-ignore
  'a label': (secret) => values({ labels: { a: secret } }),
  'a label of the pod': (secret) => values({ podLabels: { a: secret } }),
  'a key': (secret) => values({ annotations: { [secret]: 'x' } }),
  'an unknown key': (secret) => values({ [secret]: 'x' }),
  'a variable': (secret) => values({ terminal: { extraEnv: [{ name: 'X', value: secret }] } }),
  'the name of a variable': (secret) => values({ terminal: { extraEnv: [{ name: secret, value: 'x' }] } }),
  'an image': (secret) => values({ terminal: { image: secret } }),
  'a tag': (secret) => values({ firecracker: { tag: secret } }),
  'a digest': (secret) => values({ codeServer: { digest: secret } }),
  'a device': (secret) => values({ firecracker: { devices: { kvm: `example.com/${secret}` } } }),
  'a resource': (secret) => values({ terminal: { resources: { limits: { [`example.com/${secret}`]: 1 } } } }),
  'a quantity': (secret) => values({ terminal: { resources: { limits: { memory: secret } } } }),
  'a host': (secret) => values({ ingress: { enabled: true, vscode: { host: secret } } }),
  'a path': (secret) => values({ ingress: { enabled: true, vscode: { host: 'a.example.com', path: `/${secret}//` } } }), // prettier-ignore
  'a class': (secret) => values({ ingress: { enabled: true, className: secret, vscode: { host: 'a.example.com' } } }), // prettier-ignore
  'a filter': (secret) => values({ httpRoute: { enabled: true, parentRefs: [{ name: 'g' }], vscode: { host: 'a.example.com', filters: [filter(secret)] } } }), // prettier-ignore
  'a claim': (secret) => values({ volumes: { vmData: { persistence: { enabled: true, existingClaim: secret } } } }),
  'a selector': (secret) => values({ nodeSelector: { a: secret } }),
  'a toleration': (secret) => values({ tolerations: [{ key: 'a', operator: 'Equal', value: secret }] }),
  'the address of the root file system': (secret) => ({ 'labs/vm.yaml': lab('vm', { values: { rootfs: { imageUrl: secret } } }) }), // prettier-ignore
  'a parameter of that address': (secret) => ({ 'labs/vm.yaml': lab('vm', { values: { rootfs: { imageUrl: `https://example.com/a?sig=${encodeURIComponent(secret)}` } } }) }), // prettier-ignore
  'the lab of a session': (secret) => ({ 'sessions/class/alice.yaml': session('alice', { lab: secret }) }),
  'the end of a session': (secret) => ({ 'sessions/class/alice.yaml': session('alice', { expiresAt: secret }) }),
  'the name of a session': (secret) => ({ 'sessions/class/alice.yaml': session(secret) }),
  'the description of a cohort': (secret) => ({ 'sessions/class/cohort.yaml': cohort('class', { description: secret }) }), // prettier-ignore
  'the namespace of a cohort': (secret) => ({ 'sessions/class/cohort.yaml': cohort('class', { namespace: secret }) }),
  'a quota': (secret) => settings({ infra: { quota: { hard: { [`requests.example.com/${secret}`]: 1 } } } }),
  'an image of the policy': (secret) => settings({ infra: { podPolicy: { images: [secret] } } }),
  'a group': (secret) => settings({ infra: { roles: { instructors: { groups: [secret] } } } }),
  'a repository': (secret) => settings({ chart: { oci: { url: secret } } }),
  'a shard': (secret) => settings({ flux: { shards: [secret] } }),
  'a recipient': (secret) => settings({ secrets: { sops: { age: [secret] } } }),
  'a certificate': (secret) => settings({ secrets: { provider: 'sealed-secrets', sealedSecrets: { certificate: secret } } }), // prettier-ignore
  'a path in a store': (secret) => settings({ secrets: { externalSecrets: { path: secret } } }),
  'a registry': (secret) => settings({ execBackend: { registry: secret } }),
  'a comment': (secret) => ({ 'sessions/class/alice.yaml': `${secret.replace(/^/gm, '# ')}\n${stringify(session('alice'))}` }), // prettier-ignore
  'malformed YAML': (secret) => ({ 'sessions/class/alice.yaml': `spec: {a: ${JSON.stringify(secret)}\n  - ${secret}` }),
  'a duplicate key': (secret) => ({ 'sessions/class/alice.yaml': `${JSON.stringify(secret)}: 1\n${JSON.stringify(secret)}: 2\n` }), // prettier-ignore
  'a Secret in place of a session': (secret) => ({ 'sessions/class/bob.yaml': { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'bob' }, stringData: { x: secret } } }), // prettier-ignore
  'a file of secrets/': (secret) => ({ 'secrets/class/alice.yaml': { apiVersion: 'v1', kind: 'Secret', metadata: { name: secret }, stringData: { x: secret }, sops: { age: [{ recipient: secret }] } } }), // prettier-ignore
  'a manifest of the output': (secret) => ({ 'dist/sessions/class/old.yaml': `# Generated by Dozlab from the files of this project. Do not edit: run "dozlab synth".\n${stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'old' }, data: { x: secret } })}` }), // prettier-ignore
};

const IN_SECRETS: Readonly<Record<string, (secret: string) => Files>> = {
  existingSecret: (secret) => values({ codeServer: { existingSecret: secret } }),
  existingSecretKey: (secret) => values({ codeServer: { existingSecretKey: secret } }),
  password: (secret) => values({ codeServer: { password: secret } }),
  HASHED_PASSWORD: (secret) => values({ codeServer: { extraEnv: [{ name: 'HASHED_PASSWORD', value: secret }] } }),
  API_TOKEN: (secret) => values({ terminal: { extraEnv: [{ name: 'API_TOKEN', value: secret }] } }),
  imagePullSecrets: (secret) => values({ imagePullSecrets: [{ name: secret }] }),
  'an annotation of a password': (secret) => values({ annotations: { 'example.com/password': secret } }),
  decryptionSecret: (secret) => settings({ secrets: { sops: { decryptionSecret: secret } } }),
  registrySecret: (secret) => settings({ execBackend: { registrySecret: secret } }),
  age: (secret) => settings({ secrets: { provider: 'sops', sops: { age: [secret] } } }),
  'externalSecrets.path': (secret) => settings({ secrets: { externalSecrets: { path: secret } } }),
  'of a cohort': (secret) => ({ 'sessions/class/cohort.yaml': cohort('class', { secrets: { externalSecrets: { property: secret } } }) }), // prettier-ignore
};

/** Nothing says of a weak password or random text that it is no name of a user, and of a weak one that it is a value. */
const argumentsOf = (secret: string): Record<'name' | 'value', string> => ({
  name: secret === WEAK || secret === RANDOM_SECRET ? 'bob' : secret,
  value: secret === WEAK ? 'bob' : secret,
});

const commands = (secret: string): string[][] => [
  ['validate'],
  ['validate', '-o', 'json'],
  ['synth'],
  ['report', '--base', 'HEAD'],
  ['report', '--base', 'HEAD', '-o', 'json'],
  ['capacity', '-o', 'json'],
  ['session', 'show', 'alice', '-o', 'json'],
  ['session', 'list'],
  ['cohort', 'list', '-o', 'json'],
  ['secret', 'status', '-o', 'json'],
  ['session', 'edit', 'alice', '--set', `annotations.note=${secret}`, '--dry-run', '-o', 'json'],
];

/** Of a project without faults. */
function commandLines(secret: string): string[][] {
  const { name, value } = argumentsOf(secret);
  return [
    ['session', 'edit', 'alice', '--set', `codeServer.existingSecret=${secret}`, '--dry-run'],
    ['session', 'edit', 'alice', '--set', `labels.a=${value}`, '--dry-run'],
    ['session', 'create', 'x', '--user', name, '--lab', 'vm', '--dry-run'],
    ['session', 'create', 'x', '--user', 'x', '--lab', value, '--dry-run'],
    ['session', 'create', value, '--user', 'x', '--lab', 'vm', '--dry-run'],
    ['session', 'end', value, '--dry-run'],
    ['session', 'extend', 'alice', '--ttl', value],
    ['explain', value],
    ['session', 'edit', 'alice', '--password', secret],
    ['session', 'edit', 'alice', `--token=${secret}`],
    ['session', 'edit', 'alice', '--set', 'labels.a=b', secret],
    ['synth', `--check=${secret}`],
    ['expire', '--now', value],
    ['report', '--base', value],
    ['session', 'edit', 'alice', '--set', 'suspended=true', '--branch', value],
    ['capacity', '--nodes', name],
    ['secret', 'set', 'alice', secret],
    [value],
  ];
}

const run = (folder: string, args: readonly string[]): Run =>
  dozlabRun(args, {
    cwd: folder,
    env: { ...process.env, ...VARIABLES, PATH: '/usr/bin:/bin', KUBECONFIG: '/dev/null' },
  });

/** Each command line that shows a piece, or that ends as no command does. */
const faults = (folder: string, secret: string, lines: readonly (readonly string[])[]): unknown[] =>
  lines.flatMap((args) => {
    const result = run(folder, args);
    const shown = shownIn(secret, result).slice(0, 1);
    const isDefect = ![0, 1, 2].includes(result.status) || /^ +at /m.test(result.stderr);
    return shown.length === 0 && !isDefect ? [] : [[args.slice(0, 2), shown, result.stderr.slice(0, 2000)]];
  });

function shownIn(secret: string, run: Run): string[] {
  const text = run.stdout + run.stderr;
  return pieces(secret).filter((piece) => text.includes(piece));
}

const random = new Random(Number(process.env['SECRET_SEED'] ?? 16));

/** Each secret at some places, each place with some secrets. */
const PLANTS = [
  ...Object.entries(PLACES).flatMap(
    ([place, files]) =>
    random.shuffled(Object.entries(SECRETS)).slice(0, Number(process.env['SECRET_PLANTS'] ?? 1)).map(([name, secret]) => ({ place, name, secret, files })), // prettier-ignore
  ),
  ...Object.entries(IN_SECRETS).flatMap(([place, files]) =>
    [['a weak password', WEAK] as const, ...random.shuffled(Object.entries(SECRETS)).slice(0, 1)].map(
      ([name, secret]) => ({ place, name, secret, files }),
    ),
  ),
];

const { root, folder } = repositoryWith();

function restore(files: Files): void {
  git(root, 'checkout', '--quiet', '--force', 'HEAD', '--', '.');
  git(root, 'clean', '--quiet', '--force', '-d', '-x');
  addFiles(folder, { 'labs/vm.yaml': lab('vm', { values: vm }), ...files });
}

test.each(PLANTS)('$name in $place is in no output', ({ secret, files }) => {
  const planted = files(secret);
  restore(planted);
  expect(Object.keys(planted).filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  expect(faults(folder, secret, commands(secret))).toEqual([]);
});

test.each([...Object.entries(SECRETS), ['a weak password', WEAK] as const])(
  '%s on a command line is in no output',
  (_, secret) => {
    restore({});
    expect(faults(folder, secret, commandLines(secret))).toEqual([]);
  },
);
