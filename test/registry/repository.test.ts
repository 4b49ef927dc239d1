import type { RegistryBlob } from '../../src/registry/artifact';
import { RegistryRepository } from '../../src/registry/repository';
import { TestServers } from '../support/http';

const LOGIN = { username: 'teacher', password: 'hunter2-hunter2' };
const BASIC = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;
const BLOB: RegistryBlob = { mediaType: 'text/plain', digest: 'sha256:1', content: Buffer.from('x') };

const servers = new TestServers();
const repositoryAt = (root: string): RegistryRepository =>
  new RegistryRepository({ host: new URL(root).host, root, repository: 'labs/one' }, () => LOGIN);

afterEach(() => {
  servers.stop();
});

test('a registry that uploads blobs to another host gets the login, the other host does not', async () => {
  const other = await servers.start((response) => response.writeHead(201).end());
  const root = await servers.start((response, { method, headers }) => {
    if (headers.authorization !== BASIC) return response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    if (method === 'HEAD') return response.writeHead(404).end();
    return response.writeHead(202, { location: `${other}/upload` }).end();
  });
  await repositoryAt(root).pushBlob(BLOB);
  expect(servers.received).toEqual([
    'HEAD /v2/labs/one/blobs/sha256:1',
    `HEAD /v2/labs/one/blobs/sha256:1 ${BASIC}`,
    `POST /v2/labs/one/blobs/uploads/ ${BASIC}`,
    'PUT /upload?digest=sha256%3A1',
  ]);
});

test.each([301, 302, 307, 308])('a redirect with status %d is an error and sends nothing', async (status) => {
  const other = await servers.start((response) => response.writeHead(200).end('{}'));
  const root = await servers.start((response) => response.writeHead(status, { location: `${other}/moved` }).end());
  await expect(repositoryAt(root).manifest('latest', 'text/plain')).rejects.toThrow(
    `refuses labs/one (${String(status)}); the repository has moved, and dozlab sends a login to no other host`,
  );
  expect(servers.received).toEqual(['GET /v2/labs/one/manifests/latest']);
});

test('a token service without TLS gets no login', async () => {
  const root = await servers.start((response) =>
    response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://registry.example.com/token"' }).end(),
  );
  await expect(repositoryAt(root).manifest('latest', 'text/plain')).rejects.toThrow(
    'dozlab sends no login over http://registry.example.com. Fix: use https',
  );
});
