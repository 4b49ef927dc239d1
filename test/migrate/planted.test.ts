import { stringify } from 'yaml';
import { contentsOf } from '../support/folder';
import { asLive } from '../support/live-objects';
import { MigrationRun, REQUIRED, TEMPLATE, envFile, originalObjects, podIn } from '../support/migration';
import { cohort, type Files } from '../support/project';

/** Secrets in every place of an input, a short and an odd one among them: no file and no output contains one. */
const PLANTED = ['hunter2-planted', 'pw-5x', 'hünter2: {"planted"} \\ 😀'];

const forms = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
};

function liveWith(secret: string): object {
  const objects = asLive(originalObjects({ ...REQUIRED, USER_ID: 'alice', VSCODE_PASSWORD: 'x' }), 'labs');
  const pod = podIn(objects) as unknown as Record<string, Record<string, unknown>>;
  const containers = pod['spec']?.['containers'] as Record<string, unknown>[];
  for (const container of [...containers, ...(pod['spec']?.['initContainers'] as Record<string, unknown>[])]) {
    container['args'] = ['--token', secret];
    container['env'] = [
      ...((container['env'] as object[] | undefined) ?? []).filter(
        (each) => (each as { name: string }).name !== 'PASSWORD',
      ),
      { name: 'PASSWORD', value: secret },
      { name: 'DATABASE', value: `postgres://user:${secret}@db` },
      { name: 'PLAIN', value: secret },
    ];
    container['lifecycle'] = { postStart: { exec: { command: ['login', secret] } } };
  }
  const [rootfs] = pod['spec']?.['initContainers'] as { env: Record<string, unknown>[] }[];
  for (const variable of rootfs?.env ?? [])
    if (variable['name'] === 'IMAGE_DOWNLOAD_URL')
      variable['value'] = `https://example.com/vm.ext4?sig=${encodeURIComponent(secret)}`;
  for (const object of objects) {
    const annotations = {
      note: secret,
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ secret }),
    };
    Object.assign(object.metadata, { annotations });
    const data = {
      'vscode-password': Buffer.from(secret).toString('base64'),
      other: Buffer.from(secret).toString('base64'),
    };
    if (object.kind === 'Secret') Object.assign(object, { data, stringData: { more: secret } });
  }
  return { apiVersion: 'v1', kind: 'List', items: objects };
}

const valuesWith = (secret: string, id: string): object => ({
  session: { id, userId: 'alice', password: secret },
  rootfs: { imageUrl: `https://example.com/vm.ext4?sig=${encodeURIComponent(secret)}` },
  codeServer: {
    password: secret,
    adminPassword: secret,
    extraEnv: [{ name: 'PLAIN', value: secret }],
    [`password:${secret}`]: null,
  },
  labels: { course: 'kubernetes-101' },
  annotations: { note: secret },
  database: { password: secret, url: `postgres://user:${secret}@db` },
  ingress: { enabled: true, vscode: { host: '{id}.example.com', annotations: { note: secret } } },
});

const releaseWith = (secret: string): object => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'a', annotations: { note: secret } },
  spec: { values: valuesWith(secret, 'release-001'), postRenderers: [{ kustomize: { patches: [{ patch: secret }] } }] },
});

describe.each(PLANTED)('%s', (secret) => {
  const shown = (text: string): string[] => forms(secret).filter((form) => text.includes(form));

  const inputs: Readonly<Record<string, Files>> = {
    manifest: {
      'pod.yaml': TEMPLATE,
      env: `${envFile(REQUIRED)}VSCODE_PASSWORD='${secret.replaceAll("'", '')}'\nUNUSED='${secret}'\n`,
    },
    'values and HelmReleases': {
      'a.yaml': stringify(valuesWith(secret, 'values-001')),
      'b.yaml': stringify(releaseWith(secret)),
    },
    'live objects': { 'all.yaml': stringify(liveWith(secret)) },
  };

  test.each(Object.entries(inputs))('%s: is in no file and in no output', (_, files) => {
    for (const options of [['-o', 'json', '--dry-run'], []]) {
      const run = new MigrationRun();
      const { status, stdout, stderr } = run.run(files, ...options);
      expect({ status, shown: shown(stdout + stderr), trace: /^ +at /m.test(stderr) }).toEqual({
        status: 0,
        shown: [],
        trace: false,
      });
      expect(Array.from(contentsOf(run.folder)).filter(([path, text]) => shown(path + text).length > 0)).toEqual([]);
    }
  });

  test('is masked where another part of the input contains it, with a line end or as a number', () => {
    const list = (secret_: object, pod: object) => ({
      ...{ apiVersion: 'v1', kind: 'List' },
      items: [
        { kind: 'Secret', metadata: { name: 'lab-session-a-secrets' }, ...secret_ },
        {
          kind: 'Pod',
          metadata: { name: 'lab-session-a', labels: { 'user-id': 'alice' }, annotations: { [secret]: 'x' } },
          spec: { containers: [{ name: 'firecracker-vm', image: 'vm', ...pod }] },
        },
      ],
    });
    const data = { key: Buffer.from(`${secret}\n`).toString('base64') };
    const env = [{ name: 'DB_API_KEY', value: `${secret}\r\n` }];
    const numbers = stringify({
      session: { id: 'a', userId: '1234567890' },
      rootfs: { imageUrl: 'https://example.com/vm.ext4' },
      codeServer: { password: 1234567890 },
    });
    const inputs: Files[] = [list({ data }, {}), list({}, { env })].map((each) => ({ 'all.yaml': stringify(each) }));
    for (const files of secret.length < 8 ? [] : inputs) {
      const { stdout, stderr } = new MigrationRun().run(files);
      expect({ shown: shown(stdout + stderr), told: stderr.includes('annotations') }).toEqual({
        shown: [],
        told: true,
      });
    }
    expect(new MigrationRun().run({ 'a.yaml': numbers }).stderr).toContain('would contain a password');
  });

  test('is in no error', () => {
    const bad: Files[] = [
      { 'a.yaml': `session: {id: a, userId: a}\ncodeServer:\n  password: ${JSON.stringify(secret)}\n bad` },
      {
        'a.yaml': stringify({
          session: { id: 'a' },
          codeServer: { password: { value: secret } },
          rootfs: { imageUrl: `https://u:${secret}@x` },
        }),
      },
      { 'pod.yaml': TEMPLATE, env: `SESSION_ID="${secret}\n${secret}\n` },
    ];
    for (const files of bad) {
      const run = new MigrationRun({ 'sessions/migrated/cohort.yaml': cohort('migrated') });
      const { status, stdout, stderr } = run.run(files);
      expect({ status, shown: shown(stdout + stderr) }).toEqual({ status: 1, shown: [] });
    }
  });
});
