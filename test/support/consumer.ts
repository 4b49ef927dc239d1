import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './cli';

const BODY = `
const app = new App();
const chart = new Chart(app, 'labs', { namespace: 'lab-sessions' });
new LabSession(chart, 'alice', {
  session: { id: 'alice-001', userId: 'alice@example.com' },
  rootfs: { imageUrl: 'https://example.com/rootfs.ext4' },
});
const web = defineChart({
  name: 'web',
  schema: z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  constructs: (scope, view) => {
    new k8s.KubeConfigMap(scope, 'config', { metadata: { name: \`web-\${view.name}\`, labels: map(view.labels) } });
  },
});
process.stdout.write(JSON.stringify({
  objects: Testing.synth(chart),
  web: web.objects(web.values({ name: 'shop', labels: { a: 'b' } })),
}));
`;

const IMPORTS = `
import { App, Chart, Testing } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { defineChart, LabSession, map } from 'dozlab';
import { z } from 'zod';
`;

const TYPES = `
import type { SessionValuesInput } from 'dozlab';
export const values: SessionValuesInput = { session: { id: 'a', userId: 'b' }, rootfs: { imageUrl: 'https://example.com/r' } };
// @ts-expect-error an id is text
export const wrong: SessionValuesInput = { session: { id: 1, userId: 'b' }, rootfs: { imageUrl: 'https://example.com/r' } };
`;

export interface ConsumerOutput {
  readonly objects: readonly unknown[];
  readonly web: readonly unknown[];
}

const write = (folder: string, name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const outputOf = (file: string): ConsumerOutput =>
  JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' })) as ConsumerOutput;

export const runModule = (folder: string): ConsumerOutput => outputOf(write(folder, 'app.mjs', IMPORTS + BODY));

export const runCommonJs = (folder: string): ConsumerOutput =>
  outputOf(write(folder, 'app.cjs', IMPORTS.replace(/import (.*) from (.*);/g, 'const $1 = require($2);') + BODY));

export function compile(folder: string, resolution: 'node16' | 'bundler'): { status: number | null; stdout: string } {
  const text = `${IMPORTS}${TYPES}${BODY}`;
  const files = resolution === 'node16' ? ['app.mts', 'app.cts'] : ['app.ts'];
  for (const name of files) write(folder, name, text);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    module: resolution === 'node16' ? 'node16' : 'ESNext',
    moduleResolution: resolution,
    skipLibCheck: resolution === 'bundler', // once is enough
    types: ['node'],
    typeRoots: [join(REPOSITORY, 'node_modules', '@types')],
  };
  const config = write(folder, `tsconfig.${resolution}.json`, JSON.stringify({ compilerOptions, files }));
  const { status, stdout } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', config], {
    encoding: 'utf8',
  });
  return { status, stdout };
}

export const installedVersion = (folder: string, name: string): string =>
  (JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
