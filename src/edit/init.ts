import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DozlabError } from '../core/errors';
import { dnsLabel } from '../api/values/names';
import type { OutputFile } from '@dozlab/charts';
import { SCHEMA_NAMES, schemaText } from '../source/schemas';

/**
 * Overwrites nothing.
 * @throws DozlabError with code `project-exists` or `write-failed`
 */
export function createProject(folder: string, packageFolder: string): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    const files = projectFiles(dnsLabel(basename(realpathSync(folder)) || 'labs'), packageFolder);
    const taken = files.filter(({ path }) => existsSync(join(folder, path))).map(({ path }) => path);
    if (taken.length > 0)
      throw new DozlabError('project-exists', `${folder} has ${taken.join(', ')} already; nothing was written`);
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { flag: 'wx' });
    }
    return files.map(({ path }) => path);
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error', path = folder } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `the project cannot be created: ${path} (${code})`, { cause: error });
  }
}

const projectFiles = (name: string, packageFolder: string): OutputFile[] => [
  { path: 'dozlab.yaml', content: projectFile(name) },
  { path: 'cdk8s.yaml', content: CDK8S_FILE },
  {
    path: '.gitattributes',
    // With other line ends, the output would be stale in a checkout on Windows.
    content:
      '* text=auto eol=lf\ndist/** linguist-generated\nfluxcd/*.yaml linguist-generated\nschemas/** linguist-generated\n',
  },
  ...readdirSync(join(packageFolder, 'labs'))
    .sort()
    .map((file) => ({ path: `labs/${file}`, content: readFileSync(join(packageFolder, 'labs', file), 'utf8') })),
  { path: 'sessions/default/cohort.yaml', content: COHORT_FILE },
  { path: 'sessions/default/example.yaml', content: SESSION_FILE },
  ...SCHEMA_NAMES.map((schema) => ({ path: `schemas/${schema}.json`, content: schemaText(schema) })),
];

const projectFile = (name: string): string => `# yaml-language-server: $schema=schemas/project.json
apiVersion: dozlab.io/v1alpha1
kind: Project
metadata:
  name: ${JSON.stringify(name)}
spec:
  delivery: kustomize
  # For Flux: where it reads this project from.
  # flux:
  #   source:
  #     url: https://git.example.com/labs/my-labs
  # Values of all sessions; a lab, a cohort and a session may set them otherwise. "dozlab explain" lists them.
  values: {}
`;

const CDK8S_FILE = `language: typescript
app: dozlab app
output: dist
`;

const COHORT_FILE = `# yaml-language-server: $schema=../../schemas/cohort.json
apiVersion: dozlab.io/v1alpha1
kind: Cohort
metadata:
  name: default
spec:
  description: Sessions that belong to no course
`;

const SESSION_FILE = `# yaml-language-server: $schema=../../schemas/session.json
apiVersion: dozlab.io/v1alpha1
kind: LabSession
metadata:
  name: example
spec:
  userId: example@example.com
  lab: vm
`;
