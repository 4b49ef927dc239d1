import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mapping } from '@dozlab/charts/schema';
import { synthesizeProject } from '../../src/index';
import { kubectl, removeAtEnd, uniqueName, waitForServiceAccount } from '../cluster/cluster';
import { dozlab } from '../support/cli';
import { cohort, lab, project, projectWith, session, temporaryFolder } from '../support/project';
import { Internet } from './internet';
import { lightValues, nodeValues, passwordSecret } from './sessions';

/** A session that cannot run: its values, its Secret, and what `dozlab status` says of it. */
interface Fault {
  readonly id: string;

  /** The lab that names its images: the admission policy of the namespace takes only those of labs. */
  readonly lab: keyof ReturnType<typeof labs>;

  /** @default those of the lab */
  readonly values?: Mapping;

  /** @default the Secret that the session expects */
  readonly secret?: (namespace: string) => object[];

  readonly state: RegExp;
}

describe('dozlab status names the cause in one line', () => {
  const internet = new Internet();
  let folder = '';
  let namespace = '';

  const image = (rootfs: string): Mapping => ({ rootfs: { imageUrl: rootfs } });

  const faults = (): readonly Fault[] => {
    const urls = rootfsUrls(internet);
    return [
      {
        id: 'bad-url',
        lab: 'vm',
        values: image(urls.missing),
        state:
          /init-rootfs: download-failed: .*\/missing\.ext4 answers 404, so there is no such file\. Fix: correct rootfs\.imageUrl/,
      },
      {
        id: 'corrupt-rootfs',
        lab: 'vm',
        values: image(urls.corrupt),
        state: /init-rootfs: corrupt-filesystem: .*\. Fix: upload the image again/,
      },
      {
        id: 'not-ext4',
        lab: 'vm',
        values: image(urls.page),
        state: /init-rootfs: not-ext4: .* is a page of HTML or XML, not an ext4 file system/,
      },
      {
        id: 'full-volume',
        lab: 'vm',
        values: { volumes: { kernels: { sizeLimit: '16Mi' } } },
        state: /Evicted: Usage of EmptyDir volume "vm-kernels" exceeds the limit "16Mi"/,
      },
      {
        id: 'no-ssh',
        lab: 'vm',
        values: { firecracker: { extraEnv: [{ name: 'KERNEL_ARGS', value: 'no-ssh' }] } },
        state: /firecracker-vm: does not answer its startup probe/,
      },
      {
        id: 'too-little-memory',
        lab: 'vm',
        values: {
          firecracker: { vm: { memory: 128 }, resources: { limits: { memory: '128Mi' } } },
        },
        state: /firecracker-vm: OOMKilled: it used more memory than its limit \(restarts: \d+\)/,
      },
      {
        id: 'slow-boot',
        lab: 'vm',
        values: { firecracker: { startupProbe: { failureThreshold: 1, timeoutSeconds: 1 } } },
        state: /firecracker-vm: does not answer its startup probe.* \(restarts: \d+\)/,
      },
      {
        id: 'missing-secret',
        lab: 'light',
        secret: () => [],
        state: /code-server: CreateContainerConfigError: secret "lab-session-missing-secret-secrets" not found/,
      },
      {
        id: 'misnamed-key',
        lab: 'light',
        secret: (of) => [
          { ...passwordSecret(of, 'only-for-tests', 'misnamed-key'), stringData: { password: 'only-for-tests' } },
        ],
        state: /code-server: CreateContainerConfigError: couldn't find key vscode-password in Secret/,
      },
      {
        id: 'missing-device',
        lab: 'light',
        values: { firecracker: { devices: { kvm: 'example.com/kvm' } } },
        state: /pending .*Insufficient example\.com\/kvm/,
      },
      {
        id: 'missing-image',
        lab: 'no-image',
        state: /code-server: (?:ErrImagePull|ImagePullBackOff): .*not\/there/,
      },
    ];
  };

  beforeAll(async () => {
    await internet.start();
    namespace = uniqueName('lab-faults');
    removeAtEnd('namespace', namespace);
    folder = projectWith({
      'dozlab.yaml': project({ infra: { roles: { sessionManager: { namespace: uniqueName('system-faults') } } } }),
      ...Object.fromEntries(
        Object.entries(labs(internet.guestUrl)).map(([name, values]) => [`labs/${name}.yaml`, lab(name, { values })]),
      ),
      'sessions/faults/cohort.yaml': cohort('faults', { namespace }),
      ...Object.fromEntries(
        faults().map(({ id, lab: of, values = {} }) => [
          `sessions/faults/${id}.yaml`,
          session(id, { lab: of, values }),
        ]),
      ),
    });
    const { files, problems } = synthesizeProject(folder);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    const textBelow = (path: string): string =>
      (files ?? [])
        .filter((file) => file.path.startsWith(path))
        .map(({ content }) => content)
        .join('---\n');
    kubectl.apply(textBelow('infra/namespaces/'));
    waitForServiceAccount(namespace);
    const secrets = faults().flatMap(
      ({ id, secret }) => secret?.(namespace) ?? [passwordSecret(namespace, 'only-for-tests', id)],
    );
    kubectl.apply(secrets);
    kubectl.apply(textBelow('sessions/'));
  });

  afterAll(() => {
    internet.stop();
  });

  const statusOf = (id: string): string => {
    const { stdout, stderr } = dozlab(['status', id, '--project', folder]);
    return stdout.split('\n').find((line) => line.includes(` ${id} `)) ?? `${stdout}${stderr}`;
  };

  test.each([
    ...['bad-url', 'corrupt-rootfs', 'not-ext4', 'full-volume', 'no-ssh', 'too-little-memory', 'slow-boot'],
    ...['missing-secret', 'misnamed-key', 'missing-device', 'missing-image'],
  ])('of %s', async (id) => {
    const wanted = faults().find((fault) => fault.id === id)?.state ?? /no such fault/;
    for (const end = Date.now() + 90_000; !wanted.test(statusOf(id)) && Date.now() < end;) await sleep(1000);
    expect(statusOf(id)).toMatch(wanted);
  });
});

const labs = (guestUrl: string) => ({
  vm: nodeValues(guestUrl),
  light: lightValues(),
  'no-image': lightValues({ codeServer: { image: '10.77.0.1:5000/not/there' } }),
});

/** URLs of files that are no usable root file system. */
function rootfsUrls(internet: Internet): { readonly missing: string; readonly corrupt: string; readonly page: string } {
  const files = temporaryFolder();
  const corrupt = randomBytes(1 << 20);
  // The magic number of ext4, in the place of its superblock.
  corrupt.writeUInt16LE(0xef53, 1024 + 56);
  writeFileSync(join(files, 'corrupt.ext4'), corrupt);
  writeFileSync(join(files, 'page.html'), '<!doctype html><title>not found</title>');
  return {
    missing: internet.urlOf('missing.ext4'),
    corrupt: internet.add(join(files, 'corrupt.ext4'), 'corrupt.ext4'),
    page: internet.add(join(files, 'page.html'), 'page.html'),
  };
}
