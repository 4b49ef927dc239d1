import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, parseAllDocuments, visit } from 'yaml';
import type { OutputFile } from '@dozlab/charts';
import { chartFiles } from '../../src/manifests/chart/files';
import { labSessionChart } from '../../src/manifests/lab-session-chart';
import { parseValues } from '../../src/api/values/check';
import type { SessionValuesInput } from '../../src/api/values/schema';
import { temporaryFolder } from '../support/project';
import { readByGo } from './go-yaml';
import { objectsIn, sorted, template, writeFiles } from './helm';

/** Proves that the parity tests can fail: they catch printers with measured faults, by values that provoke them. */

const input: SessionValuesInput = {
  session: { id: '007', userId: '{{ "yes" }}: #\\ é', expiresAt: '2030-01-01T00:00:00Z' },
  labels: { course: '0o17', 'session-id': 'mine', empty: '' },
  annotations: { 'a.b/note': 'two\nlines\t\\ "', 'dozlab.io/user-id': 'mine' },
  rootfs: { imageUrl: 'https://example.com/rootfs.ext4' },
  progressDeadlineSeconds: 86400,
  codeServer: { password: '*not an alias', existingSecretKey: '1e3' },
  firecracker: { resources: { limits: { cpu: 4, memory: 3000000000 } }, extraEnv: [{ name: 'EMPTY', value: '' }] },
  volumes: { vmData: { sizeLimit: 12000000000 } },
  terminationGracePeriodSeconds: 0,
  suspended: false,
  ingress: {
    enabled: true,
    vscode: { host: '{id}.example.com', annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '' } },
  },
  networkPolicy: { ingressNamespaces: [], extraEgress: [{ ports: [{ port: 5432 }] }] },
};

const data = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const FAULTS: Readonly<Record<string, (template: string) => string>> = {
  'text without quotes': (text) => text.replaceAll(' | quote }}', ' }}'),
  'text by toString': (text) => text.replaceAll(' | quote }}', ' | toString }}'),
  'numbers without toJson': (text) => text.replaceAll(' | toJson }}', ' }}').replaceAll('(toJson ', '(toString '),
  'numbers quoted': (text) => text.replaceAll(' | toJson }}', ' | quote }}'),
  'open maps without quotes': (text) =>
    text.replaceAll('ternary (quote $value) (toJson $value) (kindIs "string" $value)', '$value'),
  'keys without quotes': (text) =>
    text
      .replaceAll('{{ quote $key }}', '{{ $key }}')
      .replaceAll('{{ .Values.codeServer.existingSecretKey | quote }}:', '{{ .Values.codeServer.existingSecretKey }}:'),
  'open maps without omit': (text) => text.replace(/:= omit (\S+)( "[^"]*")+/g, ':= $1'),
  'maps that do not hide each other': (text) =>
    text.replace(/\{\{- if not \([^\n]*hasKey[^\n]*\}\}/g, '{{- if true }}'),
  'set means not empty': (text) => text.replace(/not \(kindIs "invalid" (\S+)\)/g, '$1'),
  'lists that are never absent': (text) =>
    text.replace(/if not \(empty \.Values\.networkPolicy\.ingressNamespaces\)/g, 'if true'),
  'conditions turned around': (text) =>
    text.replaceAll('{{- if .Values.networkPolicy.enabled }}', '{{- if not .Values.networkPolicy.enabled }}'),
};

/** All differences that the parity tests find. */
async function differences(files: readonly OutputFile[]): Promise<string[]> {
  const values = parseValues(input);
  const folder = writeFiles(temporaryFolder(), files);
  const file = join(folder, 'given.json');
  writeFileSync(file, JSON.stringify(input));
  const expected = data(sorted(labSessionChart.objects(values)));
  try {
    const text = await template('helm', folder, file);
    const shown = objectsIn(text).filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined);
    const [byGo = []] = await readByGo([text]);
    return [
      ...(equal(data(sorted(shown)), expected) ? [] : ['objects']),
      ...(equal(data(sorted(byGo as never[])), data(sorted(objectsIn(text)))) ? [] : ['Go']),
      ...(hasExponent(text) ? ['numbers'] : []),
    ];
  } catch (error) {
    return [`error: ${(error as Error).message.slice(0, 200)}`];
  }
}

function equal(one: unknown, other: unknown): boolean {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
}

function hasExponent(text: string): boolean {
  let found = false;
  for (const document of parseAllDocuments(text)) {
    visit(document, {
      Scalar(_, node) {
        if (isScalar(node) && typeof node.value === 'number' && /[eE]/.test(node.source ?? '')) found = true;
      },
    });
  }
  return found;
}

it('finds no difference with the real printer', async () => {
  expect(await differences(chartFiles())).toEqual([]);
});

it.each(Object.keys(FAULTS))('catches %s', async (name) => {
  const spoil = FAULTS[name] ?? String;
  const files = chartFiles().map(({ path, content }) => ({
    path,
    content: path.startsWith('templates/') ? spoil(content) : content,
  }));
  expect(files).not.toEqual(chartFiles());
  expect(await differences(files)).not.toEqual([]);
});
