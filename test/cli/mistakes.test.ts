import type { Problem } from '../../src/core/diagnostics';
import { dozlabRun } from '../support/cli-runs';
import { LAB_MISTAKES, SCHEMA_MISTAKES, VALUE_MISTAKES, projectWithMistakes } from '../support/mistakes';
import { projectWith } from '../support/project';

const KINDS = Object.keys({ ...SCHEMA_MISTAKES, ...VALUE_MISTAKES, ...LAB_MISTAKES });
const SHARE = 100;

test('all mistakes of 1,000 sessions are found, each at its place, and nothing else', () => {
  const { files, planted } = projectWithMistakes(20_260, 1000, SHARE);
  expect(planted).toHaveLength(KINDS.length * SHARE);
  const { stdout, stderr, status } = dozlabRun(['validate', '-o', 'json', '--project', projectWith(files)]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });

  const told = (JSON.parse(stdout) as Problem[]).filter(({ severity }) => severity !== 'info');
  const placeOf = ({ file, line, column, path }: Pick<Problem, 'file' | 'line' | 'column' | 'path'>) =>
    `${file}:${String(line)}:${String(column)} ${path}`;
  expect(told.map(placeOf).sort()).toEqual(planted.map(placeOf).sort());

  const problems = new Map(told.map((problem) => [placeOf(problem), problem]));
  const wrong = planted.flatMap((mistake) => {
    const { code, message = '' } = problems.get(placeOf(mistake)) ?? {};
    const isRight = message.includes(mistake.says) && (mistake.code ?? code) === code;
    return isRight ? [] : [{ place: placeOf(mistake), code, message }];
  });
  expect(wrong).toEqual([]);
});
