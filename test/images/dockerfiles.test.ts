import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { REPOSITORY } from '../support/cli';

const IMAGES = join(REPOSITORY, 'images');

const read = (...names: string[]): string => readFileSync(join(REPOSITORY, ...names), 'utf8');

interface PodTemplate {
  readonly kind: string;
  readonly spec: {
    readonly template: { readonly spec: { readonly initContainers: { name: string; command?: string[] }[] } };
  };
}

test('the image of network-setup does what the manifests do', () => {
  const manifests = parseAllDocuments(read('dist/sessions/classroom/alice-001.yaml')).map(
    (each) => each.toJS() as PodTemplate,
  );
  const containers = manifests.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.initContainers;
  const [, , program] = containers?.find(({ name }) => name === 'network-setup')?.command ?? [];
  const script = read('images/network/setup.sh').replace(/^#.*\n/gm, '');
  expect(script.trimEnd()).toBe(program);
});

const dockerfiles = readdirSync(IMAGES, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('Dockerfile'),
);

test.each(dockerfiles)('images/%s copies files that are in the repository', (path) => {
  const sources = Array.from(read('images', path).matchAll(/^COPY (?!--from)(.+) \S+$/gm), ([, names = '']) =>
    names.split(' '),
  ).flat();
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((source) => !existsSync(join(REPOSITORY, source)))).toEqual([]);
});
