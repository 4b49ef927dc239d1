import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRounds } from '../../bench/rounds';
import { oneByOne, runProgram } from '../../bench/run';
import { temporaryFolder } from '../support/project';

const node = (program: string, output?: string) => runProgram(process.execPath, ['-e', program], output);

describe('a program that is run', () => {
  test('is timed from its start to its end, and what it prints is kept', async () => {
    const output = join(temporaryFolder(), 'output');
    const { seconds } = await node('setTimeout(() => console.log("done"), 300)', output);
    expect(seconds).toBeGreaterThan(0.3);
    expect(readFileSync(output, 'utf8')).toBe('done\n');
  });

  test('that fails is an error with what it said', async () => {
    await expect(node('console.error("no room"); process.exitCode = 3')).rejects.toThrow(/ended with 3: no room/);
    await expect(runProgram('/does/not/exist', [])).rejects.toThrow('ENOENT');
  });

  test('several count as one: their times together, and the most memory', async () => {
    const runs = [
      { seconds: 1, megabytes: 10 },
      { seconds: 2, megabytes: 30 },
      { seconds: 4, megabytes: 20 },
    ];
    expect(await oneByOne(runs.map((run) => () => Promise.resolve(run)))).toEqual({ seconds: 7, megabytes: 30 });
  });
});

describe('rounds', () => {
  const turns = (calls: string[]) =>
    [
      { what: 'fast', runs: 3 },
      { what: 'slow', runs: 1 },
    ].map(({ what, runs }) => ({
      what,
      runs,
      runner: {
        reset: (round: number) => void calls.push(`reset ${what} ${String(round)}`),
        run: () => {
          calls.push(`run ${what}`);
          return Promise.resolve({ seconds: 1, megabytes: null });
        },
      },
    }));

  test('let all take turns, until each has had its runs', async () => {
    const calls: string[] = [];
    const done = await inRounds(turns(calls), 60, () => undefined);
    expect(calls.filter((call) => call.startsWith('run'))).toEqual(['run fast', 'run slow', 'run fast', 'run fast']);
    expect(calls.slice(0, 3)).toEqual(['reset fast 0', 'run fast', 'reset slow 0']);
    expect(Array.from(done.values(), (runs) => runs.length)).toEqual([3, 1]);
  });

  test('end when their time is over, but not before all have had a turn', async () => {
    const done = await inRounds(turns([]), 0, () => undefined);
    expect(Array.from(done.values(), (runs) => runs.length)).toEqual([1, 1]);
  });
});
