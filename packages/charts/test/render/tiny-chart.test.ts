import { k8s } from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { defineChart } from '../../src/render/chart';
import { tinyChart, tinySchema } from '../support/tiny-chart';

const objectsOf = (text: string): unknown[] => parseAllDocuments(text).map((document) => document.toJS() as unknown);

it.each([
  { name: 'shop' },
  { name: 'shop', host: 'shop.example.com', debug: true, labels: { 'a.b/c': '0o17', z: '' }, memory: 5e8, port: 1 },
  { name: '"{{ .Values }}"\\ 🙂' },
])('constructs and the compiled program give the same objects for %j', (given) => {
  const values = tinySchema.parse(given);
  expect(objectsOf(tinyChart.text(values))).toEqual(tinyChart.objects(values));
  expect(objectsOf(tinyChart.text(values, 'a-namespace'))).toEqual(tinyChart.objects(values, 'a-namespace'));
});

it('a chart has a readable template for each resource', () => {
  const templates = Object.fromEntries(tinyChart.templates().map(({ path, content }) => [path, content]));
  expect(Object.keys(templates)).toEqual([
    'templates/_helpers.tpl',
    'templates/deployment.yaml',
    'templates/ingress.yaml',
  ]);
  expect(templates['templates/ingress.yaml']).toBe(`{{- if not (kindIs "invalid" .Values.host) }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .Values.name | quote }}
spec:
  rules:
  - host: {{ .Values.host | quote }}
{{- end }}
`);
});

it('a value that reaches no object is an error with its construct', () => {
  const lossy = defineChart({
    name: 'lossy',
    schema: tinySchema,
    constructs: (scope, view) => {
      // The generated class drops a key that it does not have.
      new k8s.KubeService(scope, 'service', {
        metadata: { name: view.name },
        spec: { unknown: view.port } as k8s.ServiceSpec,
      });
    },
  });
  expect(() => lossy.templates()).toThrow('v.port in lossy/service');
});
