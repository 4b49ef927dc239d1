import type { Mapping } from '@dozlab/charts/schema';
import { problemsWith } from '../../support/values';

describe('parts of the Kubernetes API', () => {
  const path = (over: Mapping): string[] =>
    problemsWith(over)
      .filter(({ severity }) => severity === 'error')
      .map((problem) => problem.path.join('.'));
  const nodes = (requirement: Mapping): Mapping => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] },
      },
    },
  });
  const expression =
    'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0';
  const egress = (peer: Mapping, port: Mapping = {}): Mapping => ({
    networkPolicy: { extraEgress: [{ to: [peer], ports: [port] }] },
  });
  const filter = (over: Mapping): Mapping => ({ httpRoute: { vscode: { filters: [over] } } });

  it.each<[string, Mapping, string[]]>([
    ['In with a value', nodes({ key: 'a', operator: 'In', values: ['b'] }), []],
    ['In without values', nodes({ key: 'a', operator: 'In', values: [] }), [`${expression}.values`]],
    ['Exists', nodes({ key: 'a', operator: 'Exists' }), []],
    ['Exists with a value', nodes({ key: 'a', operator: 'Exists', values: ['b'] }), [`${expression}.values`]],
    ['Gt with two values', nodes({ key: 'a', operator: 'Gt', values: ['1', '2'] }), [`${expression}.values`]],
    ['toleration of all', { tolerations: [{ operator: 'Exists' }] }, []],
    ['toleration without key', { tolerations: [{ value: 'a' }] }, ['tolerations.0.operator']],
    ['Exists with value', { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }, ['tolerations.0.value']],
    ['seconds without NoExecute', { tolerations: [{ key: 'a', tolerationSeconds: 1 }] }, ['tolerations.0.effect']],
    ['a range with a part left out', egress({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }), []],
    [
      'a range with something outside left out',
      egress({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }),
      ['networkPolicy.extraEgress.0.to.0.ipBlock.except.0'],
    ],
    [
      'a range with all of it left out',
      egress({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }),
      ['networkPolicy.extraEgress.0.to.0.ipBlock.except.0'],
    ],
    ['all pods', egress({ podSelector: {} }), []],
    ['no peer', egress({}), ['networkPolicy.extraEgress.0.to.0']],
    [
      'two peers in one',
      egress({ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }),
      ['networkPolicy.extraEgress.0.to.0'],
    ],
    ['a range of ports', egress({ podSelector: {} }, { port: 1, endPort: 2 }), []],
    [
      'a range of ports upside down',
      egress({ podSelector: {} }, { port: 2, endPort: 1 }),
      ['networkPolicy.extraEgress.0.ports.0.endPort'],
    ],
    ['one value of a variable', { terminal: { extraEnv: [{ name: 'A', value: '' }] } }, []],
    [
      'two values of a variable',
      { terminal: { extraEnv: [{ name: 'A', value: '', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] } },
      ['terminal.extraEnv.0.valueFrom'],
    ],
    [
      'a variable from nowhere',
      { terminal: { extraEnv: [{ name: 'A', valueFrom: {} }] } },
      ['terminal.extraEnv.0.valueFrom'],
    ],
    ['a variable twice', { terminal: { extraEnv: [{ name: 'A' }, { name: 'A' }] } }, ['terminal.extraEnv.1.name']],
    ['a variable named 1A', { terminal: { extraEnv: [{ name: '1A' }] } }, ['terminal.extraEnv.0.name']],
    [
      'a field that there is not',
      { terminal: { extraEnv: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }] } },
      ['terminal.extraEnv.0.valueFrom.fieldRef.fieldPath'],
    ],
    ['a filter with its key', filter({ type: 'URLRewrite', urlRewrite: { hostname: 'a.b' } }), []],
    ['a filter without its key', filter({ type: 'URLRewrite' }), ['httpRoute.vscode.filters.0']],
    [
      'a filter with the key of another',
      filter({ type: 'URLRewrite', requestHeaderModifier: {} }),
      ['httpRoute.vscode.filters.0'],
    ],
    [
      'a filter twice',
      {
        httpRoute: {
          vscode: {
            filters: [
              { type: 'RequestHeaderModifier', requestHeaderModifier: {} },
              { type: 'RequestHeaderModifier', requestHeaderModifier: {} },
            ],
          },
        },
      },
      ['httpRoute.vscode.filters.1.type'],
    ],
    [
      'spread over the same twice',
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' },
          { maxSkew: 2, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' },
        ],
      },
      ['topologySpreadConstraints.1.topologyKey'],
    ],
    [
      'minDomains without DoNotSchedule',
      {
        topologySpreadConstraints: [
          { maxSkew: 1, minDomains: 1, topologyKey: 'a', whenUnsatisfiable: 'ScheduleAnyway' },
        ],
      },
      ['topologySpreadConstraints.0.whenUnsatisfiable'],
    ],
  ])('%s', (_, over, paths) => {
    expect(path(over)).toEqual(paths);
  });
});
