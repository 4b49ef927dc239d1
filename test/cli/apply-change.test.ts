import { printWork } from '../../src/cli/apply-change';

/** Enough files to need some time. */
const many = Array<number>(1000).fill(0);

test.each([
  ['a terminal', true, many, ['checking and writing 1000 files …\n']],
  ['a terminal with little work', true, [1], []],
  ['a pipe', false, many, []],
])('printWork prints only long work, and only to a terminal: %s', (_, isTTY, files, expected) => {
  const written: unknown[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(text) > 0);
  const was = process.stderr.isTTY;
  process.stderr.isTTY = isTTY;
  printWork(files);
  process.stderr.isTTY = was;
  write.mockRestore();
  expect(written).toEqual(expected);
});
