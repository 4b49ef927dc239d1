import { join } from 'node:path';
import ts from 'typescript';
import { REPOSITORY } from '../../../../test/support/cli';

/** What constructs must not do with a view, one a line. Each is to be a compile error. */
const MISUSES = [
  'if (view.networkPolicy.enabled) use();',
  'use(view.networkPolicy.enabled ? 1 : 2);',
  'use(!view.networkPolicy.enabled);',
  'use(view.networkPolicy.enabled && view);',
  'use(view.networkPolicy.enabled || view);',
  'use(view.networkPolicy.enabled === true);',
  'while (view.networkPolicy.enabled) use();',
  'use(view.session.id.toUpperCase());',
  'use(view.session.id.slice(1));',
  'use([...view.session.id]);',
  'use(view.session.id.replaceAll("a", "b"));',
  'if (view.suspended) use();',
  'text_ = view.session.expiresAt;',
  'text_ = view.session.expiresAt ?? "never";',
  'text_ = `${view.session.id}`.concat(view.session.expiresAt);',
  'record_ = view.labels;',
  'list_ = view.networkPolicy.ingressNamespaces;',
  'list_ = [...view.networkPolicy.ingressNamespaces];',
  'use(Object.keys(view.labels).map((key) => view.labels[key]));',
  'use(view.labels["a"]);',
  'use([...view.tolerations]);',
  'for (const toleration of view.tolerations) use(toleration);',
  'use(view.tolerations.map((toleration) => toleration));',
  'use(view.service.type === "ClusterIP");',
  'text_ = view.service.type;',
  'text_ = view.firecracker.vm.memory;',
  'use(view.firecracker.vm.memory + 1);',
  'use(when(view.session.id, 1));',
  'use(when(view.suspended, 1));',
  'use(not(view.labels));',
  'view.session.id = "other";',
] as const;

/** What constructs are to do instead. None is to be an error. */
const USES = [
  'use(when(view.networkPolicy.enabled, 1));',
  'use(choose(view.networkPolicy.enabled, 1, 2));',
  'use(not(and(view.networkPolicy.enabled, isSet(view.suspended))));',
  'use([1, ...when.item(view.networkPolicy.enabled, 2)]);',
  'text_ = view.session.id;',
  'text_ = `lab-session-${view.session.id}`;',
  'text_ = orElse(view.session.expiresAt, "never");',
  'use(when(isSet(view.session.expiresAt), present(view.session.expiresAt)));',
  'use(merge(view.labels, { a: "b" }));',
  'use(map(view.labels));',
  'use(list(view.tolerations));',
  'use([...spread(view.tolerations)]);',
  'use(each(view.networkPolicy.ingressNamespaces, (name) => ({ name })));',
  'use(is(view.service.type, "ClusterIP"));',
  'text_ = text(view.service.type);',
  'text_ = text(view.firecracker.vm.memory);',
  'use(asBoolean(view.codeServer.workspaceReadOnly));',
  'number_ = view.service.ports.ssh + 1;',
] as const;

const HEAD = `
import { and, asBoolean, choose, each, is, isSet, list, map, merge, not, orElse, present, spread, text, when } from '../../src/view/combinators';
import type { View } from '../../src/view/view';
import type { SessionValues } from '../../../../src/api/values/schema';
declare const view: View<SessionValues>;
declare const use: (...values: unknown[]) => void;
let text_: string;
let number_: number;
let record_: Record<string, string>;
let list_: string[];
export const used = () => [and, asBoolean, choose, each, is, isSet, list, map, merge, not, orElse, present, spread, text, when];
`.trimStart();

/** The errors of a program, by the text of the line they are at. */
function errorsOf(lines: readonly string[]): Map<string, string[]> {
  const file = join(REPOSITORY, 'packages', 'charts', 'test', 'view', 'view-types.program.ts');
  const source = HEAD + lines.join('\n');
  const { config } = ts.readConfigFile(join(REPOSITORY, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY, {
    noEmit: true,
    noUnusedLocals: false,
  });
  const host = ts.createCompilerHost(options);
  const real = ts.createCompilerHost(options);
  host.fileExists = (path) => path === file || real.fileExists(path);
  host.readFile = (path) => (path === file ? source : real.readFile(path));
  host.getSourceFile = (path, language) =>
    path === file ? ts.createSourceFile(path, source, language) : real.getSourceFile(path, language);
  const program = ts.createProgram([file], options, host);
  const found = new Map<string, string[]>();
  for (const { start = 0, messageText } of ts.getPreEmitDiagnostics(program, program.getSourceFile(file))) {
    const line = source.slice(0, start).split('\n').length - 1;
    const text = source.split('\n')[line] ?? '';
    found.set(text, [...(found.get(text) ?? []), ts.flattenDiagnosticMessageText(messageText, '\n')]);
  }
  return found;
}

it('every misuse of a view is a compile error, and nothing else is', () => {
  expect(Array.from(errorsOf(MISUSES).keys())).toEqual([...MISUSES]);
});

it('the combinators compile', () => {
  expect(Object.fromEntries(errorsOf(USES))).toEqual({});
});
