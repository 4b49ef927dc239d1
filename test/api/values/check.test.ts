import { DozlabError } from '../../../src/core/errors';
import { checkValues, parseValues } from '../../../src/api/values/check';
import { at } from '@dozlab/charts/schema';
import { valuesWith } from '../../support/values';

describe('checking', () => {
  it('does not change its input, and gives all errors at once in the order of the keys', () => {
    const input = valuesWith({ restartPolicy: 'x', labels: { 'a b': '' }, rootfs: { diskSize: '1' } });
    const before = structuredClone(input);

    expect(checkValues(input).problems.map(({ path }) => path.join('.'))).toEqual([
      'labels.a b',
      'rootfs.diskSize',
      'restartPolicy',
    ]);
    expect({ ...input }).toEqual(before);
  });

  it.each([[null], ['text'], [[]], [7], [undefined]])('refuses %j as values', (input) => {
    const { values, problems } = checkValues(input);

    expect(values).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toEqual([]);
  });

  it('gives values with warnings, and none with errors', () => {
    expect(checkValues(valuesWith()).problems.map(({ severity }) => severity)).toContain('warning');
    expect(checkValues(valuesWith()).values).toBeDefined();
    expect(checkValues(valuesWith({ service: { ports: { ssh: 8080 } } })).values).toBeUndefined();
  });

  it('fails with one line for each error, and with none of the warnings', () => {
    const attempt = (): unknown => parseValues(valuesWith({ restartPolicy: 'x', service: { type: 'y' } }));

    expect(attempt).toThrow(DozlabError);
    expect(attempt).toThrow(
      [
        'the values of the session are not valid:',
        '  service.type is "y"; accepted: one of ClusterIP, NodePort, LoadBalancer',
        '  restartPolicy is "x"; accepted: one of Always, OnFailure, Never',
      ].join('\n'),
    );
  });

  it('takes a default back by null', () => {
    expect(at(parseValues(valuesWith({})), ['terminal', 'resources', 'limits'])).toEqual({
      cpu: '250m',
      memory: '256Mi',
    });
    expect(
      at(parseValues({ ...valuesWith(), terminal: { resources: { limits: { cpu: null } } } }), [
        'terminal',
        'resources',
        'limits',
      ]),
    ).toEqual({ memory: '256Mi' });
  });
});
