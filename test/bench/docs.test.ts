import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsFiles } from '../../bench/docs';
import type { Results } from '../../bench/results';
import { REPOSITORY } from '../support/cli';

const committed = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');

describe('what docs/ says of the speed', () => {
  const results = JSON.parse(committed('docs/bench.json')) as Results;

  test.each(docsFiles(results))(
    '$path is made of docs/bench.json: npm run bench -- --from docs/bench.json --docs',
    (file) => {
      expect(committed(file.path)).toBe(file.content);
    },
  );

  test('is of a whole run', () => {
    expect(results).toMatchObject({ quick: false, sessions: [100, 1000, 10_000] });
    expect(results.measurements.filter(({ basis }) => basis.kind === 'absent')).toEqual([]);
  });
});
