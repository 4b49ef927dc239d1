/** images/init with the real curl, e2fsck and resize2fs, and a server that fails in the ways of servers. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const SCRIPT = join(__dirname, '../../images/init/init.sh');
const MIB = 1024 ** 2;

const folder = mkdtempSync(join(tmpdir(), 'init-image-'));
let image: Buffer;
let server: Server;
let origin: string;
const asked: { range: string | undefined; ifRange: string | undefined }[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

function makeImage(name: string): Buffer {
  const [content, file] = [join(folder, `${name}-content`), join(folder, name)];
  mkdirSync(content);
  writeFileSync(join(content, 'random'), randomBytes(3 * MIB));
  const { status, stderr } = spawnSync('mke2fs', ['-q', '-t', 'ext4', '-d', content, file, '8M'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mke2fs: ${stderr}`);
  return readFileSync(file);
}

beforeAll(async () => {
  image = makeImage('image');
  server = createServer((request, response) => {
    asked.push({ range: request.headers.range, ifRange: request.headers['if-range'] as string | undefined });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

let volume: string;
let path: string;

beforeEach(() => {
  asked.length = 0;
  volume = mkdtempSync(join(folder, 'volume-'));
  path = join(volume, 'kernels', 'rootfs.ext4');
});

interface Sent {
  readonly content: Buffer;
  readonly etag?: string;
  /** Breaks the connection after so many bytes of a response. */
  readonly breakAfter?: number;
  readonly ranges?: boolean;
  readonly ignoresIfRange?: boolean;
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { content, etag, breakAfter, ranges = true, ignoresIfRange = false }: Sent,
): void {
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const isRest = ranges && start !== undefined && (ignoresIfRange || request.headers['if-range'] === etag);
  const from = isRest ? Number(start) : 0;
  const rest = content.subarray(from);
  response.writeHead(isRest ? 206 : 200, {
    'content-length': rest.length,
    ...(etag === undefined ? {} : { etag }),
    ...(isRest
      ? { 'content-range': `bytes ${String(from)}-${String(content.length - 1)}/${String(content.length)}` }
      : {}),
  });
  if (breakAfter === undefined || breakAfter >= rest.length) response.end(rest);
  else response.write(rest.subarray(0, breakAfter), () => response.socket?.destroySoon());
}

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly termination: string;
}

/** @param detached as the leader of a group of processes */
const running = (env: Record<string, string>, prefix: readonly string[] = [], detached = false) => {
  writeFileSync(join(volume, 'termination-log'), '');
  return spawn('env', [...prefix, 'sh', SCRIPT], {
    detached,
    env: {
      PATH: process.env['PATH'],
      IMAGE_DOWNLOAD_URL: `${origin}/rootfs.ext4`,
      IMAGE_SIZE: '16M',
      IMAGE_PATH: path,
      DOWNLOAD_PAUSE: '0.01',
      TERMINATION_LOG: join(volume, 'termination-log'),
      ...env,
    },
  });
};

async function prepare(env: Record<string, string> = {}, prefix: readonly string[] = []): Promise<Result> {
  const child = running(env, prefix);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr, termination: readFileSync(join(volume, 'termination-log'), 'utf8') };
}

/** The error is the last line of stderr, and the whole termination message. */
function expectFailure({ status, stderr, termination }: Result, code: string, wanted: number): void {
  expect([status, termination]).toEqual([
    wanted,
    expect.stringMatching(new RegExp(`^init-rootfs: ${code}: .+\\. Fix: .+\n$`)),
  ]);
  expect(stderr.endsWith(termination)).toBe(true);
  expect(existsSync(path)).toBe(false);
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** The file system has its content, the wanted size, and no error; nothing else is on the volume. */
function expectReady(size = 16 * MIB): void {
  expect(statSync(path).size).toBe(size);
  expect(spawnSync('e2fsck', ['-f', '-n', path]).status).toBe(0);
  const { stdout } = spawnSync('debugfs', ['-R', 'stat /random', path], { encoding: 'utf8' });
  expect(stdout).toContain(`Size: ${String(3 * MIB)}`);
  expect(spawnSync('ls', [join(volume, 'kernels')], { encoding: 'utf8' }).stdout).toBe(
    'rootfs.ext4\nrootfs.ext4.source\n',
  );
}

describe('a download', () => {
  test('is checked and grown', async () => {
    answer = (request, response) => send(request, response, { content: image });
    expect((await prepare({ IMAGE_SHA256: sha256(image).toUpperCase() })).status).toBe(0);
    expectReady();
    const { stdout } = spawnSync('dumpe2fs', ['-h', path], { encoding: 'utf8' });
    const [count, size] = ['Block count', 'Block size'].map((name) =>
      Number(new RegExp(`${name}: +(\\d+)`).exec(stdout)?.[1]),
    );
    expect(Number(count) * Number(size)).toBe(16 * MIB);
  });

  test('needs no capability on a volume of the fsGroup', async () => {
    answer = (request, response) => send(request, response, { content: image });
    chownSync(volume, 0, 1000);
    chmodSync(volume, 0o2777);
    const { status, stderr } = await prepare({}, [
      'setpriv',
      '--bounding-set=-all',
      '--inh-caps=-all',
      '--no-new-privs',
    ]);
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    expectReady();
    const { gid, mode } = statSync(path);
    expect([gid, mode & 0o777]).toEqual([1000, 0o660]);
  });

  test('keeps its size when the image is larger than wanted', async () => {
    answer = (request, response) => send(request, response, { content: image });
    const { status, stdout } = await prepare({ IMAGE_SIZE: '4M' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('more than IMAGE_SIZE 4M; it keeps its size')]);
    expectReady(8 * MIB);
  });

  test('is unpacked from gzip', async () => {
    const content = gzipSync(image);
    answer = (request, response) => send(request, response, { content });
    expect((await prepare({ IMAGE_SHA256: sha256(content) })).status).toBe(0);
    expectReady();
  });

  test('goes on where the connection broke, as long as it is the same file', async () => {
    answer = (request, response) => send(request, response, { content: image, etag: '"one"', breakAfter: 3 * MIB });
    expect((await prepare({ IMAGE_SHA256: sha256(image), DOWNLOAD_ATTEMPTS: '2' })).status).toBe(0);
    expectReady();
    expect(asked).toHaveLength(3);
    expect(asked[0]).toEqual({ range: undefined, ifRange: undefined });
    for (const { range, ifRange } of asked.slice(1))
      expect([range, ifRange]).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/), '"one"']);
  });

  test('starts again when the file changed meanwhile', async () => {
    const other = makeImage('other');
    answer = (request, response) => {
      if (asked.length === 1) send(request, response, { content: image, etag: '"one"', breakAfter: 3 * MIB });
      else send(request, response, { content: other, etag: '"two"' });
    };
    expect((await prepare({ IMAGE_SHA256: sha256(other) })).status).toBe(0);
    expectReady();
  });

  test('starts again when the server sends the rest of another file', async () => {
    const other = makeImage('third');
    answer = (request, response) => {
      if (asked.length === 1) send(request, response, { content: image, etag: '"one"', breakAfter: 3 * MIB });
      else send(request, response, { content: other, etag: '"two"', ignoresIfRange: true });
    };
    expect((await prepare()).status).toBe(0);
    expectReady();
    expect(asked.map(({ range }) => range === undefined)).toEqual([true, false, true]);
  });

  test.each([
    ['knows no ranges', { etag: '"one"', ranges: false }],
    ['has a weak ETag', { etag: 'W/"one"' }],
    ['has no ETag', {}],
  ])('starts again when the server %s', async (_, sent) => {
    answer = (request, response) =>
      send(request, response, { content: image, ...sent, ...(asked.length === 1 ? { breakAfter: 3 * MIB } : {}) });
    expect((await prepare({ IMAGE_SHA256: sha256(image) })).status).toBe(0);
    expectReady();
  });

  test.each([
    ['goes on', 'the same file', '"one"'],
    ['starts again', 'another file', '"two"'],
  ])('%s after the container was killed, when the server has %s', async (_, _file, etag) => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': image.length, etag: '"one"' });
      response.write(image.subarray(0, 3 * MIB));
    };
    const killed = running({}, [], true);
    const ended = new Promise((resolve) => killed.on('close', resolve));
    while (!existsSync(`${path}.part`) || statSync(`${path}.part`).size < 3 * MIB) await sleep(20);
    // With all that it has started, as the end of a container does.
    process.kill(-(killed.pid ?? 0), 'SIGKILL');
    await ended;
    const content = etag === '"one"' ? image : makeImage('another');
    answer = (request, response) => send(request, response, { content, etag });
    expect((await prepare({ IMAGE_SHA256: sha256(content) })).status).toBe(0);
    expectReady();
    expect(asked[1]).toEqual({ range: `bytes=${String(3 * MIB)}-`, ifRange: '"one"' });
  });

  test('starts again for another address', async () => {
    answer = (request, response) =>
      send(request, response, {
        content: image,
        etag: '"one"',
        ...(asked.length === 1 ? { breakAfter: 3 * MIB } : {}),
      });
    await prepare({ DOWNLOAD_ATTEMPTS: '1' });
    expect((await prepare({ IMAGE_DOWNLOAD_URL: `${origin}/other` })).status).toBe(0);
    expect(asked[1]).toEqual({ range: undefined, ifRange: undefined });
  });

  test('follows a redirect, and resumes at its target', async () => {
    answer = (request, response) => {
      if (request.url === '/rootfs.ext4')
        response.writeHead(302, { location: '/there?key=secret', etag: '"door"' }).end();
      else
        send(request, response, {
          content: image,
          etag: '"one"',
          ...(asked.length === 2 ? { breakAfter: 3 * MIB } : {}),
        });
    };
    expect((await prepare({ IMAGE_SHA256: sha256(image) })).status).toBe(0);
    expectReady();
    expect(asked.at(-1)?.ifRange).toBe('"one"');
  });

  test('waits for a server that answers 503', async () => {
    answer = (request, response) => {
      if (asked.length < 3) response.writeHead(503, { 'content-length': 4, etag: '"error"' }).end('busy');
      else send(request, response, { content: image });
    };
    expect((await prepare()).status).toBe(0);
    expectReady();
  });

  test('survives a 503 between two parts', async () => {
    answer = (request, response) => {
      if (asked.length === 2) response.writeHead(503, { 'content-length': 4 }).end('busy');
      else
        send(request, response, {
          content: image,
          etag: '"one"',
          ...(asked.length === 1 ? { breakAfter: 3 * MIB } : {}),
        });
    };
    expect((await prepare({ IMAGE_SHA256: sha256(image) })).status).toBe(0);
    expectReady();
    expect(asked.map(({ ifRange }) => ifRange)).toEqual([undefined, '"one"', '"one"']);
  });

  test('stops at once on SIGTERM', async () => {
    const started = new Promise<void>((resolve) => {
      answer = (_, response) => {
        response.writeHead(200, { 'content-length': image.length });
        response.write(image.subarray(0, MIB), () => resolve());
      };
    });
    const child = running({});
    const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
    await started;
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
  });
});

describe('a failure', () => {
  test.each([403, 404, 410])(
    'names status %i and the address without its secrets, and is not tried again',
    async (status) => {
      answer = (_, response) => response.writeHead(status).end('no');
      const url = `${origin.replace('//', '//user:geheim@')}/rootfs.ext4?signature=geheim#geheim`;
      const result = await prepare({ IMAGE_DOWNLOAD_URL: url });
      expectFailure(result, 'download-failed', 20);
      expect(result.termination).toContain(`${origin}/rootfs.ext4 answers ${String(status)}`);
      expect(result.stdout + result.stderr).not.toContain('geheim');
      expect(asked).toHaveLength(1);
    },
  );

  test('comes after the attempts when the connection always breaks at the same place', async () => {
    answer = (request, response) => send(request, response, { content: image, breakAfter: MIB });
    expectFailure(await prepare({ DOWNLOAD_ATTEMPTS: '3' }), 'download-failed', 20);
    expect(asked).toHaveLength(3);
  });

  test('comes of a server that sends nothing more', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': image.length });
      response.write(image.subarray(0, 1000));
    };
    const result = await prepare({ DOWNLOAD_ATTEMPTS: '1', DOWNLOAD_STALL: '1' });
    expectFailure(result, 'download-failed', 20);
    expect(result.termination).toContain('nothing arrived for 1 s');
  });

  test('comes of a host that is not known, and of a port where nobody listens', async () => {
    const unknown = await prepare({ IMAGE_DOWNLOAD_URL: 'http://nowhere.invalid/a', DOWNLOAD_ATTEMPTS: '1' });
    expectFailure(unknown, 'download-failed', 20);
    const refused = await prepare({ IMAGE_DOWNLOAD_URL: 'http://127.0.0.1:1/a', DOWNLOAD_ATTEMPTS: '1' });
    expect([unknown, refused].map(({ termination }) => termination)).toEqual([
      expect.stringContaining('the host name is not known'),
      expect.stringContaining('no connection'),
    ]);
  });

  test('comes of another checksum, and the file is not used again', async () => {
    answer = (request, response) => send(request, response, { content: image, etag: '"one"' });
    const result = await prepare({ IMAGE_SHA256: '0'.repeat(64) });
    expectFailure(result, 'checksum-mismatch', 22);
    expect(result.termination).toContain(sha256(image));
    expect((await prepare({ IMAGE_SHA256: sha256(image) })).status).toBe(0);
    expect(asked.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  test.each([
    ['<!doctype html>', 'a page of HTML or XML'],
    ['\x28\xb5\x2f\xfd\x00\x00', 'a zstd file'],
    ['\xfd7zXZ\x00', 'an xz file'],
    ['', 'something else'],
  ])('names the content %j, which is no ext4', async (text, name) => {
    answer = (request, response) => send(request, response, { content: Buffer.from(text, 'latin1') });
    const result = await prepare();
    expectFailure(result, 'not-ext4', 30);
    expect(result.termination).toContain(`is ${name}, not an ext4 file system`);
  });

  test('comes of a file system that ends too early or has lost its tables', async () => {
    const torn = Buffer.from(image);
    torn.fill(0xff, 2048, 64 * 1024);
    for (const content of [image.subarray(0, 2 * MIB), torn]) {
      answer = (request, response) => send(request, response, { content });
      expectFailure(await prepare({ IMAGE_SIZE: '1M' }), 'corrupt-filesystem', 31);
    }
  });

  test('comes of a gzip file that ends too early', async () => {
    const content = gzipSync(image).subarray(0, 10_000);
    answer = (request, response) => send(request, response, { content });
    expectFailure(await prepare(), 'corrupt-filesystem', 31);
  });

  test('comes of a volume without room', async () => {
    answer = (request, response) => send(request, response, { content: image });
    // dash counts in blocks of 512 bytes; without the signal a write fails as on a full disk.
    const result = await prepare({}, ['sh', '-c', 'trap "" XFSZ; ulimit -f 4096; exec "$@"', 'sh']);
    expectFailure(result, 'no-space', 21);
  });

  test.each([
    [{ IMAGE_DOWNLOAD_URL: '' }, 'invalid-url', 10],
    [{ IMAGE_DOWNLOAD_URL: 'file:///etc/passwd' }, 'invalid-url', 10],
    [{ IMAGE_DOWNLOAD_URL: 'http://user:geheim/@127.0.0.1/' }, 'invalid-url', 10],
    [{ IMAGE_DOWNLOAD_URL: 'http://user:geheim?@127.0.0.1/' }, 'invalid-url', 10],
    [{ IMAGE_DOWNLOAD_URL: 'https:///rootfs.ext4' }, 'invalid-url', 10],
    [{ IMAGE_DOWNLOAD_URL: 'http://127.0.0.1/\nurl = "file:///etc/passwd' }, 'invalid-url', 10],
    ...['', '4Gi', '0', '08G', '-1', 'G', '17T', '99999999999999999999'].map(
      (size) => [{ IMAGE_SIZE: size }, 'invalid-size', 11] as const,
    ),
    [{ IMAGE_SHA256: 'abc' }, 'invalid-checksum', 12],
    [{ IMAGE_PATH: '/proc/none/rootfs.ext4' }, 'not-writable', 13],
  ] as const)('comes of the settings %j', async (env, code, status) => {
    const result = await prepare({ ...env });
    expectFailure(result, code, status);
    expect(result.stdout + result.stderr).not.toContain('geheim');
    expect(asked).toEqual([]);
  });
});

describe('an image that is there', () => {
  beforeEach(async () => {
    answer = (request, response) => send(request, response, { content: image });
    await prepare();
    asked.length = 0;
    // The work of a student.
    spawnSync('debugfs', ['-w', '-R', `write ${__filename} work`, path]);
  });

  const work = (): string => spawnSync('debugfs', ['-R', 'cat /work', path], { encoding: 'utf8' }).stdout;

  test('is kept at a restart, and grown to a new size', async () => {
    const { status, stdout } = await prepare({ IMAGE_SIZE: '24M' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('is there already and is kept')]);
    expectReady(24 * MIB);
    expect([work(), asked]).toEqual([readFileSync(__filename, 'utf8'), []]);
  });

  test('is kept although the address is another, which is said', async () => {
    const { status, stdout } = await prepare({ IMAGE_DOWNLOAD_URL: `${origin}/new.ext4?key=geheim` });
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining(`warning: it came from ${origin}/rootfs.ext4; for ${origin}/new.ext4 delete`),
    ]);
    expect(work()).toBe(readFileSync(__filename, 'utf8'));
  });

  test('is kept although the checksum is another, which is said', async () => {
    expect((await prepare({ IMAGE_SHA256: 'a'.repeat(64) })).stdout).not.toContain('warning');
    rmSync(path);
    await prepare({ IMAGE_SHA256: sha256(image) });
    const { status, stdout } = await prepare({ IMAGE_SHA256: 'a'.repeat(64) });
    expect([status, stdout]).toEqual([0, expect.stringContaining(`warning: its SHA-256 was ${sha256(image)}`)]);
  });

  test('is never replaced, not even when it is beyond repair', async () => {
    truncateSync(path, 3 * MIB);
    const { status, termination } = await prepare();
    expect([status, termination]).toEqual([
      31,
      expect.stringContaining('init-rootfs: corrupt-filesystem: e2fsck cannot repair'),
    ]);
    expect(termination).toContain('loses the work in it');
    expect([statSync(path).size, asked]).toEqual([3 * MIB, []]);
  });
});
