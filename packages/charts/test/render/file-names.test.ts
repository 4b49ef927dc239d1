import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { z } from 'zod';
import { defineChart, text } from '../../src';

const pathsOf = (constructs: (scope: Construct) => void): string[] =>
  defineChart({ name: 'c', schema: z.strictObject({}), constructs })
    .templates()
    .map(({ path }) => path);

const object = (scope: Construct, id: string, kind: string): ApiObject =>
  new ApiObject(scope, id, { apiVersion: 'v1', kind, metadata: { name: id } });

it.each<[string, (scope: Construct) => void, string[]]>([
  ['the only one of its kind', (scope) => object(scope, 'a', 'ConfigMap'), ['configmap']],
  [
    'one of several, by its id',
    (scope) => {
      object(scope, 'a', 'Secret');
      object(scope, 'b/c', 'Secret');
    },
    ['secret-a', 'secret-b--c'],
  ],
  [
    'one of several with the same id, by its path',
    (scope) => {
      object(new Construct(scope, 'web'), 'main', 'Secret');
      object(new Construct(scope, 'db'), 'main', 'Secret');
    },
    ['secret-web-main', 'secret-db-main'],
  ],
  [
    'one whose name is taken, with a number',
    (scope) => {
      object(new Construct(scope, 'a-b'), 'c', 'Secret');
      object(new Construct(scope, 'a'), 'b-c', 'Secret');
      object(new Construct(scope, 'x'), 'c', 'Secret');
      object(new Construct(scope, 'x2'), 'b-c', 'Secret');
    },
    ['secret-a-b-c', 'secret-a-b-c-2', 'secret-x-c', 'secret-x2-b-c'],
  ],
])('a template is named after %s', (_, constructs, names) => {
  expect(pathsOf(constructs)).toEqual(['templates/_helpers.tpl', ...names.map((name) => `templates/${name}.yaml`)]);
});

it('a template of a kind that depends on values is an object', () => {
  const chart = defineChart({
    name: 'c',
    schema: z.strictObject({ kind: z.enum(['A', 'B']) }),
    constructs: (scope, view) => {
      object(scope, 'a', text(view.kind));
    },
  });
  expect(chart.templates().map(({ path }) => path)).toEqual(['templates/_helpers.tpl', 'templates/object.yaml']);
});
