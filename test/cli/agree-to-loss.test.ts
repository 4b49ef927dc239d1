import { read } from 'read';
import { agreesToLoss } from '../../src/cli/agree-to-loss';
import { NO_EFFECT } from '../../src/report/edit-effect';

jest.mock('read', () => ({ read: jest.fn() }));

const prompt = jest.mocked(read);
const LOSS = { ...NO_EFFECT, restart: ['a/b'], loseData: ['a/b'], lost: ['workspace'] };

const streams = [process.stdin, process.stderr];
const were = streams.map((stream) => stream.isTTY);
const useTerminal = (isTTY: boolean): void => {
  for (const stream of streams) stream.isTTY = isTTY;
};

beforeEach(() => prompt.mockReset());
afterAll(() => {
  streams.forEach((stream, index) => (stream.isTTY = were[index] ?? false));
});

test.each([true, false])('--yes and a change without loss need no answer (terminal: %s)', async (isTTY) => {
  useTerminal(isTTY);
  expect(await agreesToLoss(LOSS, { yes: true })).toBe(true);
  expect(await agreesToLoss({ ...NO_EFFECT, restart: ['a/b'] }, {})).toBe(true);
  expect(prompt).not.toHaveBeenCalled();
});

test('a loss is refused without a terminal', async () => {
  useTerminal(false);
  await expect(agreesToLoss(LOSS, {})).rejects.toMatchObject({
    code: 'invalid-usage',
    message:
      '1 session restarts; 1 session loses data: workspace; nothing was written. Fix: add --yes if this is intended; --dry-run shows what would change',
  });
});

test.each([
  ['y', true],
  ['Yes ', true],
  ['', false],
  ['n', false],
  ['yesterday', false],
])('a loss needs the answer yes on a terminal, not %j', async (answer, expected) => {
  useTerminal(true);
  prompt.mockResolvedValueOnce(answer);
  expect(await agreesToLoss(LOSS, {})).toBe(expected);
});

test('Ctrl-C is no agreement', async () => {
  useTerminal(true);
  prompt.mockRejectedValueOnce(new Error('canceled'));
  expect(await agreesToLoss(LOSS, {})).toBe(false);
});
