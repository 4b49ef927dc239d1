import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { z } from 'zod';
import { RestApi } from '../../../src/git/forge/api';
import { TestServers } from '../../support/http';

const TOKEN = 'token-that-nobody-sees-0123456789';
const JSON_TYPE = { 'content-type': 'application/json' };

const servers = new TestServers();
const { received } = servers;

const post = (root: string): Promise<unknown> =>
  new RestApi(root, TOKEN, 'application/json').send('POST', '/notes', { body: 'x' }, z.unknown());

/** The error of a request, with all that a log could print of it. */
async function failure(request: Promise<unknown>): Promise<string> {
  const error: unknown = await request.then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  return inspect(error, { depth: 9, showHidden: true });
}

afterEach(() => {
  jest.restoreAllMocks();
  servers.stop();
});

test.each([301, 302, 307, 308])('RestApi does not follow a redirect with status %d', async (status) => {
  const other = await servers.start((response) => response.writeHead(200, JSON_TYPE).end('{}'));
  const root = await servers.start((response) => response.writeHead(status, { location: `${other}/notes` }).end());
  const error = await failure(post(root));
  expect(error).toContain(`refuses (${String(status)}); the repository has moved. Fix: git remote set-url`);
  expect(error).not.toContain(TOKEN);
  expect(received).toEqual([`POST /notes Bearer ${TOKEN}`]);
});

test.each([429, 502, 503])('RestApi sends a POST once if the service answers %d', async (status) => {
  const root = await servers.start((response) => response.writeHead(status, JSON_TYPE).end('{"message":"busy"}'));
  expect(await failure(post(root))).toContain(`refuses (${String(status)}): busy`);
  expect(received).toHaveLength(1);
});

test.each<[name: string, answer: (response: ServerResponse) => void, message: string]>([
  ['no response', () => undefined, 'does not answer (no answer in 30 s)'],
  ['half a response', (response) => response.writeHead(200, JSON_TYPE).write('{"id":'), 'does not answer (no answer in 30 s)'], // prettier-ignore
  ['a response that is cut off', (response) => { response.writeHead(200, { ...JSON_TYPE, 'content-length': 9 }).write('{"id":'); setTimeout(() => response.destroy(), 50); }, 'does not answer (UND_ERR_SOCKET)'], // prettier-ignore
  ['a response that is not JSON', (response) => response.writeHead(200, JSON_TYPE).end(TOKEN), 'sent a response that its API does not document'], // prettier-ignore
  ['an error that repeats the token', (response) => response.writeHead(401, JSON_TYPE).end(JSON.stringify({ message: `bad ${TOKEN}` })), 'refuses (401): bad (not shown)'], // prettier-ignore
])('RestApi fails without showing the token after %s', async (_, answer, message) => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  // Only a server that never answers needs a short limit. A busy machine may take longer for any answer.
  const isSilent = message.includes('no answer');
  jest
    .spyOn(AbortSignal, 'timeout')
    .mockImplementation((milliseconds) => timeout(isSilent ? milliseconds / 60 : milliseconds));
  const root = await servers.start(answer);
  const error = await failure(post(root));
  expect(error).toContain(message);
  expect(error).not.toContain(TOKEN);
});

test('RestApi prints nothing about a deprecated path', async () => {
  const print = jest.spyOn(console, 'warn').mockImplementation();
  const root = await servers.start((response) =>
    response.writeHead(200, { ...JSON_TYPE, deprecation: 'true', sunset: 'now\u009b2J' }).end('{}'),
  );
  await post(root);
  expect(print).not.toHaveBeenCalled();
});
