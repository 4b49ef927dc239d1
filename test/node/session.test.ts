import { renderSession } from '../../src/index';
import { execFileSync } from 'node:child_process';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { RunningKubectl } from '../cluster/running-kubectl';
import { completeValues } from '../support/values';
import { Internet } from './internet';
import { factsOfModel, factsOfRuntime, type ModelContainer, type ModelPod } from './pod-model';
import { runtimeContainers } from './runtime-view';
import { execIn, nodeValues, passwordSecret, podsWhenAvailable } from './sessions';

const PASSWORD = 'only-for-tests';

describe('a session that runs', () => {
  const internet = new Internet();
  let namespace = '';
  let template: ModelPod;
  let pod = '';
  let uid = '';
  let ip = '';

  const exec = (container: string, ...command: string[]): string => execIn(namespace, pod, container, ...command);

  beforeAll(async () => {
    await internet.start();
    namespace = sessionNamespace('session');
    kubectl.apply([passwordSecret(namespace, PASSWORD)]);
    const objects = kubectl.apply(renderSession(completeValues(nodeValues(internet.guestUrl)), namespace));
    const deployment = objects.find(({ kind }) => kind === 'Deployment') as unknown as {
      readonly spec: { readonly template: ModelPod };
    };
    template = deployment.spec.template;
    const [live] = podsWhenAvailable(namespace);
    pod = live?.metadata.name ?? '';
    uid = live?.metadata.uid ?? '';
    ip = (live?.['status'] as { readonly podIP: string }).podIP;
  });

  afterAll(() => {
    internet.stop();
  });

  test('its five containers get what the model says: environment, user, groups, mounts, devices, capabilities', () => {
    const containers = [...template.spec.initContainers, ...template.spec.containers];
    const running = runtimeContainers(uid);
    const variables = { PASSWORD, POD_IP: ip };
    const facts = (of: (container: ModelContainer) => object): object =>
      Object.fromEntries(containers.map((container) => [container.name, of(container)]));
    expect(
      facts((container) => {
        const made = running[container.name];
        return made === undefined ? {} : factsOfRuntime(made, container);
      }),
    ).toEqual(facts((container) => factsOfModel(container, template, variables)));
    expect(containers.map(({ name }) => name)).toEqual([
      ...['init-rootfs', 'network-setup', 'firecracker-vm', 'terminal-sidecar', 'code-server'],
    ]);
  });

  test('the network configuration has the four addresses', () => {
    expect(exec('code-server', 'cat', '/shared/network-config').trim().split('\n')).toEqual([
      ...['GATEWAY_IP=172.16.0.1', 'VM_IP=172.16.0.2', `POD_IP=${ip}`, 'TAP_DEVICE=tap0'],
    ]);
  });

  test('SSH of the microVM answers in the pod and through the Service', () => {
    expect(exec('code-server', 'nc', '-w', '3', '172.16.0.2', '22')).toMatch(/^SSH-2\.0-dropbear/);
    for (const host of [ip, serviceIp()]) expect(bannerAt(host)).toMatch(/^SSH-2\.0-dropbear/);
  });

  test('the Docker port of the microVM answers in code-server', () => {
    expect(exec('code-server', 'sh', '-c', 'wget -qO- "http://${DOCKER_HOST#tcp://}/_ping"')).toBe('OK');
  });

  test('a wrong password is refused and the right one opens the editor', async () => {
    const login = (password: string): Promise<Response> =>
      fetch(`http://${ip}:8080/login`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ password }),
      });
    expect((await fetch(`http://${ip}:8080/`, { redirect: 'manual' })).status).toBe(302);
    expect([(await login('wrong')).status, (await login(PASSWORD)).status]).toEqual([200, 302]);
    const cookie = (await login(PASSWORD)).headers.get('set-cookie') ?? '';
    const page = await fetch(`http://${ip}:8080/`, { headers: { cookie }, redirect: 'manual' });
    expect(await page.text()).toBe('editor of /workspace');
  });

  test('a file of the editor is seen where volumes are shared, and only there', () => {
    exec('code-server', 'sh', '-c', 'echo of-alice > /workspace/file && echo of-alice > /home/coder/file');
    expect(exec('firecracker-vm', 'cat', '/vm-data/file')).toBe('of-alice\n');
    expect(exec('terminal-sidecar', 'cat', '/vm-data/file')).toBe('of-alice\n');
    expect(() => exec('terminal-sidecar', 'sh', '-c', 'echo x > /vm-data/file')).toThrow(/Read-only file system/);
    expect(() => exec('code-server', 'sh', '-c', 'echo x > /shared/network-config')).toThrow(/Read-only file system/);
    expect(() => exec('code-server', 'ls', '/srv/vm/kernels')).toThrow(/No such file/);
  });

  test('the user of code-server and terminal is no root and gains nothing', () => {
    expect(exec('code-server', 'id', '-u').trim()).toBe('1000');
    expect(exec('code-server', 'sh', '-c', 'grep -E "^(CapEff|NoNewPrivs|Seccomp):" /proc/self/status')).toMatch(
      /CapEff:\s0+\nNoNewPrivs:\s1\nSeccomp:\s2/,
    );
  });

  test('the microVM is told to power down when the pod ends', async () => {
    const log = new RunningKubectl(['logs', pod, '-n', namespace, '-c', 'firecracker-vm', '--follow']);
    await log.until(/guest is up/);
    kubectl.run(['delete', 'pod', pod, '-n', namespace, '--wait=false']);
    const [text] = await log.until(/guest shuts down/);
    expect(text).toBe('guest shuts down');
  });

  /** The line with which an SSH server begins. */
  const bannerAt = (host: string): string =>
    execFileSync('busybox', ['nc', '-w', '3', host, '22'], { input: '', encoding: 'utf8' });

  const serviceIp = (): string => {
    const service = kubectl.get('service', 'lab-service-alice-001', '-n', namespace) as unknown as {
      readonly spec: { readonly clusterIP: string };
    };
    return service.spec.clusterIP;
  };
});
