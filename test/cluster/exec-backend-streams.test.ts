import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { kubectl } from './cluster';
import { ExecBackend } from './exec-backend';
import { RunningKubectl } from './running-kubectl';
import { runTool } from './tool-run';

const backend = new ExecBackend('exec-streams');
const minimum = new ExecBackend('exec-streams-minimum', { permissions: 'minimum' });

const POD = 'session-1';
const both = [
  ['full', backend],
  ['minimum', minimum],
] as const;

beforeAll(() => {
  for (const [, each] of both) each.startPod(POD);
});

/** The arguments of kubectl with the rights of the server, for what runs it in another way. */
const asServer = ({ namespace, user }: ExecBackend, ...args: string[]): string[] => [
  ...['-n', namespace, `--as=${user}`],
  ...args,
];

describe.each(both)('with %s permissions the server', (_, each) => {
  test('runs a command and gives it input', () => {
    // Of kwok a command does not learn that its input has ended, so it must end by itself.
    expect(each.runAsServer(['exec', '-i', POD, '--', 'head', '-n', '1'], 'from the caller\n')).toBe(
      'from the caller\n',
    );
  });

  test('runs a command as older clients do, by SPDY', () => {
    const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false' };
    expect(runTool('kubectl', asServer(each, 'exec', POD, '--', 'echo', 'done'), { env })).toBe('done\n');
  });

  test('reads logs', () => {
    expect(each.runAsServer(['logs', POD])).toBe('log line of a fake container\n');
  });

  test('attaches to a pod and shows its further output', async () => {
    const attached = new RunningKubectl(asServer(each, 'attach', POD));
    const line = `printed in ${each.namespace}`;
    const print = `echo "2026-01-01T00:00:00.000000000Z stdout F ${line}" >> attached.log`;
    const seen = await attached.until(new RegExp(line), () => each.runAsServer(['exec', POD, '--', 'sh', '-c', print]));
    expect(seen[0]).toBe(line);
    attached.end();
  });
});

test('with full permissions the server reaches a port of a pod', async () => {
  const forward = new RunningKubectl(asServer(backend, 'port-forward', `pod/${POD}`, ':8080'));
  const [, port] = await forward.until(/127\.0\.0\.1:(\d+) -> 8080/);
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  socket.write('through the tunnel');
  const echo = await new Promise((resolve, reject) => socket.once('data', resolve).once('error', reject));
  expect(echo).toBe('through the tunnel');
  socket.destroy();
  forward.end();
});

test('with minimum permissions it does not', () => {
  expect(() => minimum.runAsServer(['port-forward', `pod/${POD}`, ':8080'])).toThrow('forbidden');
});

describe('a client that speaks WebSockets only', () => {
  const { clusters } = JSON.parse(kubectl.run(['config', 'view', '--raw', '--minify', '-o', 'json'])) as {
    clusters: [{ cluster: { server: string; 'certificate-authority': string } }];
  };
  const { server, 'certificate-authority': authority } = clusters[0].cluster;

  /** The status with which the API server answers the request for a WebSocket to a pod, by the token of the service account. */
  const statusOf = ({ namespace, run }: { namespace: string; run: (args: string[]) => string }, path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const opened = request(`${server}/api/v1/namespaces/${namespace}/pods/${POD}/${path}`, {
        ca: readFileSync(authority),
        headers: {
          Authorization: `Bearer ${run(['create', 'token', 'execbox']).trim()}`,
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'ZG96bGFiZG96bGFiZG96bA==',
          'Sec-WebSocket-Protocol': path === 'portforward' ? 'SPDY/3.1+portforward.k8s.io' : 'v5.channel.k8s.io',
        },
      });
      opened.once('upgrade', ({ statusCode }, socket) => {
        socket.destroy();
        resolve(statusCode);
      });
      opened.once('response', (response) => {
        void text(response).then(() => resolve(response.statusCode));
      });
      opened.once('error', reject).end();
    });

  const statuses = async (each: ExecBackend): Promise<(number | undefined)[]> => {
    const by = { namespace: each.namespace, run: (args: string[]) => each.run(args) };
    return [
      await statusOf(by, 'exec?command=true&stdout=true'),
      await statusOf(by, 'attach?stdout=true'),
      await statusOf(by, 'portforward'),
    ];
  };

  test('is let in by full permissions', async () => {
    expect(await statuses(backend)).toEqual([101, 101, 101]);
  });

  test('is let in by minimum permissions, but not to ports', async () => {
    expect(await statuses(minimum)).toEqual([101, 101, 403]);
  });

  test('would be refused by the rules of the document, which have create alone, and by get alone', async () => {
    const other = new ExecBackend('exec-streams-verbs');
    other.startPod(POD);
    const setVerbs = (verbs: string[]) => {
      const resources = ['pods/exec', 'pods/attach', 'pods/portforward'];
      const patch = { rules: [{ apiGroups: [''], resources, verbs }] };
      other.run(['patch', 'role/execbox-controller', '--type=merge', '-p', JSON.stringify(patch)]);
    };
    setVerbs(['create']);
    expect(await statuses(other)).toEqual([403, 403, 403]);
    setVerbs(['get']);
    expect(await statuses(other)).toEqual([403, 403, 403]);
    setVerbs(['get', 'create']);
    expect(await statuses(other)).toEqual([101, 101, 101]);
  });
});
