import { print, printNote } from '../../src/cli/output';
import { showProgress } from '../../src/cli/progress-line';
import { progress } from '../../src/core/progress';

const CLEAR = '\r\u001b[2K';

/** What a terminal of a kind gets of a command. */
function shown(run: () => void, terminal = { isTTY: true, TERM: 'xterm' }): string {
  const written: string[] = [];
  const write = (text: unknown): boolean => written.push(String(text)) > 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(write);
  jest.spyOn(process.stderr, 'write').mockImplementation(write);
  jest.useFakeTimers({ now: 0 });
  jest.replaceProperty(process, 'env', { ...process.env, TERM: terminal.TERM });
  const end = showProgress({ isTTY: terminal.isTTY, write });
  try {
    run();
  } finally {
    end();
    jest.useRealTimers();
    jest.restoreAllMocks();
  }
  return written.join('');
}

/** Comes to a step at a time in milliseconds. */
function at(time: number, done: number): void {
  jest.setSystemTime(time);
  progress('reading', done, 10);
}

test('a command that takes no second shows none', () => {
  const run = (): void => {
    at(0, 1);
    at(999, 9);
    printNote('done');
  };
  expect(shown(run)).toBe('done\n');
});

test('one that takes longer shows it in place, and now and then', () => {
  const run = (): void => {
    at(1000, 5);
    at(1050, 6);
    at(1100, 7);
  };
  expect(shown(run)).toBe(`${CLEAR}reading: 5 of 10${CLEAR}reading: 7 of 10${CLEAR}`);
});

test('what is printed has its lines for itself', () => {
  const run = (): void => {
    at(1000, 5);
    printNote('a warning');
    print('a result');
    at(1100, 7);
    print('another');
  };
  expect(shown(run)).toBe(
    `${CLEAR}reading: 5 of 10${CLEAR}a warning\na result\n${CLEAR}reading: 7 of 10${CLEAR}another\n`,
  );
});

test('what is no terminal gets none', () => {
  const run = (): void => {
    at(2000, 5);
    print('a result');
  };
  expect(shown(run, { isTTY: false, TERM: 'xterm' })).toBe('a result\n');
});

test('a terminal that knows no control sequences gets none', () => {
  const run = (): void => {
    at(2000, 5);
  };
  expect(shown(run, { isTTY: true, TERM: 'dumb' })).toBe('');
});
