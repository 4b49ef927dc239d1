import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Readiness } from '../../../images/terminal/src/readiness';
import { eventually } from './support/eventually';
import { closedPort } from './support/fake-vm';
import { Terminal } from './support/terminal';
import { answerTo } from './support/test-viewer';

let terminal: Terminal | undefined;
const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  await terminal?.stop();
  terminal = undefined;
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server instead of sshd. */
async function listening(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function readyAt(port: number) {
  terminal = await Terminal.at(port);
  return terminal.get('/ready');
}

describe('/health and /ready', () => {
  test('are 200 when SSH answers', async () => {
    terminal = await Terminal.start();
    expect(await terminal.get('/health')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await terminal.get('/ready')).toEqual({ status: 200, body: { status: 'ready' } });
  });

  test('differ when nothing listens on the port of SSH', async () => {
    const port = await closedPort();
    const place = `127.0.0.1:${String(port)}`;
    expect(await readyAt(port)).toEqual({
      status: 503,
      body: { error: `the VM does not answer on ${place}: connection refused. It may still start.` },
    });
    expect((await terminal?.get('/health'))?.status).toBe(200);
  });

  test('differ when the server sends no banner', async () => {
    const port = await listening(() => undefined);
    const error = `the VM accepts connections on 127.0.0.1:${String(port)} but sends no SSH banner. SSH may still start; otherwise check sshd.`;
    expect(await readyAt(port)).toEqual({ status: 503, body: { error } });
  });

  test('differ when the server closes the connection', async () => {
    const { status, body } = await readyAt(await listening((socket) => socket.end()));
    expect({ status, body }).toEqual({
      status: 503,
      body: { error: expect.stringContaining('no SSH banner') as string },
    });
  });

  test('differ when the server speaks something else, without end as well', async () => {
    const web = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await readyAt(web)).body).toEqual({ error: expect.stringContaining('does not speak SSH') as string });
    await terminal?.stop();
    const endless = await listening((socket) => {
      const write = () => {
        while (!socket.destroyed && socket.write('x'.repeat(1024)));
      };
      socket.on('drain', write);
      write();
    });
    expect((await readyAt(endless)).body).toEqual({ error: expect.stringContaining('does not speak SSH') as string });
  });

  test('accept lines before the banner', async () => {
    const port = await listening((socket) => socket.write('Welcome\r\nSSH-2.0-test\r\n'));
    expect((await readyAt(port)).status).toBe(200);
  });

  test('share a probe', async () => {
    let connections = 0;
    const port = await listening((socket) => {
      connections++;
      socket.write('SSH-2.0-test\r\n');
    });
    const readiness = new Readiness({ host: '127.0.0.1', port }, () => undefined, { freshMs: 600_000 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => readiness.problem()));
    expect(new Set(answers)).toEqual(new Set([undefined]));
    expect(await readiness.problem()).toBeUndefined();
    expect(connections).toBe(1);
  });

  test('use the last result while a slow VM has not answered', async () => {
    const waiting: Socket[] = [];
    const port = await listening((socket) => {
      if (waiting.push(socket) === 1) socket.write('SSH-2.0-test\r\n');
    });
    const vm = { host: '127.0.0.1', port };
    const times = { freshMs: 0, waitMs: 1, probeMs: 600_000 };
    expect(await new Readiness(vm, () => undefined, { ...times, waitMs: 60_000 }).problem()).toBeUndefined();
    const slow = new Readiness(vm, () => undefined, { ...times, staleMs: 600_000 });
    expect(await slow.problem()).toMatchObject({ isDown: true });
    // The running probe has its answer now, and the next one waits again.
    (await eventually(() => waiting[1])).write('SSH-2.0-test\r\n');
    await eventually(async () => (await slow.problem()) === undefined);
    expect(await slow.problem()).toBeUndefined();
    expect(await eventually(() => waiting.length > 2)).toBe(true);
  });
});

test('/terminal/status shows the session, the VM, shells and viewers', async () => {
  terminal = await Terminal.start();
  await (await terminal.page()).message('shell');
  expect(await terminal.get('/terminal/status')).toEqual({
    status: 200,
    body: {
      sessionId: 'alice-001',
      vm: { host: '127.0.0.1', port: terminal.vm?.port },
      ready: true,
      shells: 1,
      viewers: 1,
    },
  });
});

test('/metrics has them for Prometheus', async () => {
  terminal = await Terminal.start();
  await (await terminal.page()).message('shell');
  const { headers, body } = await answerTo(terminal.port, '/metrics');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toContain('# TYPE dozlab_terminal_vm_ready gauge\ndozlab_terminal_vm_ready 1\n');
  expect(body).toMatch(/^dozlab_terminal_shells 1\n(?:.*\n){2}dozlab_terminal_viewers 1$/m);
  expect(body).toMatch(/^process_resident_memory_bytes \d{8,}$/m);
  for (const line of body.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) )?[a-z_]+ \S/);
});

describe('the page', () => {
  test('loads only its own scripts, and the styles of this answer', async () => {
    terminal = await Terminal.at(1, { ALLOWED_ORIGINS: 'https://labs.example.com' });
    const first = await answerTo(terminal.port, '/');
    const second = await answerTo(terminal.port, '/?readonly=1');
    const policies = [first, second].map(({ headers }) => String(headers['content-security-policy']));
    const nonces = policies.map((policy) => /'nonce-([\w+/=]+)'/.exec(policy)?.[1] ?? '');
    expect(nonces[0]).toHaveLength(24);
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(first.body).toContain(`<meta name="style-nonce" content="${nonces[0] ?? ''}" />`);
    const [policy = ''] = policies;
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(policy).toContain("frame-ancestors 'self' https://labs.example.com");
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe|\*|http:/);
    expect(first.body).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|https?:/);
  });

  test('has relative addresses, so that an ingress may strip a prefix', async () => {
    terminal = await Terminal.at(1);
    const { body } = await answerTo(terminal.port, '/');
    const addresses = Array.from(body.matchAll(/(?:href|src)="([^"]*)"/g), ([, address]) => address);
    expect(addresses).toEqual(['data:,', 'page.css', 'page.js']);
  });

  test('has scripts and styles that a browser may keep', async () => {
    terminal = await Terminal.at(1);
    for (const [path, type] of [
      ['/page.js', 'text/javascript; charset=utf-8'],
      ['/page.css', 'text/css; charset=utf-8'],
    ] as const) {
      const { status, headers, body } = await answerTo(terminal.port, path);
      expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type });
      expect(body.length).toBeGreaterThan(1000);
      const known = await answerTo(terminal.port, path, { headers: { 'If-None-Match': String(headers['etag']) } });
      expect(known).toMatchObject({ status: 304, body: '' });
    }
  });
});

describe('other requests', () => {
  test('read no other file', async () => {
    terminal = await Terminal.at(1);
    const paths = [
      '/server.js',
      '/../../package.json',
      '/%2e%2e/package.json',
      '/page.js/',
      '//page.js',
      '/index.html',
    ];
    for (const path of paths)
      expect(await answerTo(terminal.port, path)).toMatchObject({
        status: 404,
        body: '{"error":"there is no such path"}',
      });
  });

  test('are refused with another method, and without an upgrade', async () => {
    terminal = await Terminal.at(1);
    expect(await answerTo(terminal.port, '/health', { method: 'POST' })).toMatchObject({ status: 405 });
    expect(await answerTo(terminal.port, '/terminal/ws')).toMatchObject({ status: 426 });
  });

  test('below BASE_PATH get the same, and the path without a slash leads there', async () => {
    const basePath = '/sessions/alice-001/terminal';
    terminal = await Terminal.at(1, { BASE_PATH: basePath });
    const { port } = terminal;
    expect((await answerTo(port, `${basePath}/page.css`)).status).toBe(200);
    expect((await answerTo(port, `${basePath}/`)).body).toContain('<title>Lab terminal</title>');
    expect(await answerTo(port, basePath)).toMatchObject({ status: 308, headers: { location: 'terminal/' } });
    expect((await answerTo(port, '/health')).status).toBe(200);
    expect((await answerTo(port, '/page.css')).status).toBe(404);
    expect((await answerTo(port, `${basePath}s/page.css`)).status).toBe(404);
  });
});
