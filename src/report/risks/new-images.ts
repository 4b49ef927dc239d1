import { isMapping } from '@dozlab/charts/schema';
import type { Session } from '../../model/session';
import { manifestsIn, parseManifest, textAt } from '../changes/manifest-text';
import { outputPlace, type OutputChange } from '../changes/output-changes';
import { imagesAt } from '../changes/value-changes';
import type { Snapshot } from '../changes/snapshot';
import { defaultNamespace, NAMESPACES } from '../changes/usual-namespaces';
import { Reached, type Reach } from '../changes/reach';
import { expressionsAt, LIST } from './weaker';

export interface ImageRisk {
  /** Image, address of a root file system, or source of a chart. */
  readonly image: string;
  /** How much of it is new: the registry or host, the repository, or only the version. */
  readonly novelty: 'registry' | 'repository' | 'version';
  /** A namespace admits it, and no session has it yet. */
  readonly isAdmittedOnly: boolean;
  readonly reach: Reach;
}

/** Nothing in the project had them before. */
export function imageRisks(before: Snapshot, after: Snapshot, files: readonly OutputChange[]): ImageRisk[] {
  const known = new Known(before);
  const risks = new Map<string, { isAdmittedOnly: boolean; reached: Reached }>();
  const reachedBy = (image: string, isAdmittedOnly: boolean): Reached => {
    const risk = risks.get(image) ?? { isAdmittedOnly, reached: new Reached() };
    risks.set(image, risk);
    return risk.reached;
  };
  for (const [key, session] of after.sessions) {
    if (before.sessions.get(key) === session) continue;
    for (const image of sessionImages(session)) if (!known.has(image)) reachedBy(image, false).add(session);
  }
  for (const { path, after: text } of files)
    for (const image of OF_SESSIONS.test(path) ? [] : imagesIn(text)) if (!known.has(image)) reachedBy(image, false);
  for (const { path, before: was, after: is } of files.filter(({ path }) => path.startsWith(NAMESPACES))) {
    const old = admittedIn(was);
    const cohorts = after.resolved.cohorts.filter(({ namespace }) => namespace === outputPlace(path).name);
    for (const image of admittedIn(is))
      if (!old.includes(image) && !known.has(image) && risks.get(image)?.isAdmittedOnly !== false)
        for (const { name } of cohorts) reachedBy(image, true).addCohort(name);
  }
  return Array.from(risks, ([image, { isAdmittedOnly, reached }]) => ({
    image,
    novelty: known.noveltyOf(image),
    isAdmittedOnly,
    reach: reached.reach,
  }));
}

const OF_SESSIONS = /^dist\/(sessions|releases)\//;
const CHART = 'dist/charts/';

/** Built when the first image is looked up. */
class Known {
  private images: ReadonlySet<string> | undefined;
  private parts: ReadonlySet<string> | undefined;

  constructor(private readonly before: Snapshot) {}

  has(image: string): boolean {
    this.images ??= this.all();
    return this.images.has(image);
  }

  noveltyOf(image: string): ImageRisk['novelty'] {
    this.parts ??= new Set(Array.from(this.images ?? this.all()).flatMap((each) => Object.values(partsOf(each))));
    const { registry, repository } = partsOf(image);
    return this.parts.has(repository) ? 'version' : this.parts.has(registry) ? 'repository' : 'registry';
  }

  private all(): ReadonlySet<string> {
    const { sessions, output } = this.before;
    const others = Array.from(output).filter(
      ([path]) => path.endsWith('.yaml') && !path.startsWith(CHART) && !OF_SESSIONS.test(path),
    );
    return new Set([
      ...Array.from(sessions.values()).flatMap(sessionImages),
      ...others.flatMap(([path, { content }]) => [
        ...imagesIn(content),
        ...(path.startsWith(NAMESPACES) ? admittedIn(content) : []),
      ]),
      ...admittedIn(defaultNamespace()),
    ]);
  }
}

/** Docker Hub has no name in a reference. */
const HUB = 'docker.io';

function partsOf(image: string): { readonly registry: string; readonly repository: string } {
  const [, scheme = '', rest = ''] = /^(\w+:\/\/)?(.*)$/s.exec(image) ?? [];
  const path = scheme === '' ? rest.replace(/@.*$|:[^/]*$|\*$/g, '') : rest;
  const [first = '', ...more] = path.split('/');
  const hasHost = scheme !== '' || (more.length > 0 && /[.:]|^localhost$/.test(first));
  const registry = hasHost ? first : HUB;
  const folder = scheme === '' ? path : more.slice(0, -1).join('/');
  return { registry: `${registry}/`, repository: `${registry}/ ${folder}` };
}

const sessionImages = (session: Session): string[] => imagesAt(session).map(({ image }) => image);

/** Kinds whose address decides what runs. */
const SOURCES = ['GitRepository', 'OCIRepository', 'HelmRepository', 'Bucket', 'Application'];

function imagesIn(manifests: string): string[] {
  return manifestsIn(manifests)
    .filter(({ object: { kind }, text }) => SOURCES.includes(kind) || /\bimage\b|\bimageVolume\b/.test(text))
    .flatMap(({ text }) => {
      const manifest = parseManifest(text);
      return [
        ...imagesBelow(manifest),
        ...(SOURCES.includes(textAt(manifest, ['kind'])) ? [sourceOf(manifest)].filter(Boolean) : []),
      ];
    });
}

const sourceOf = (source: unknown): string =>
  [['url'], ['endpoint'], ['source', 'repoURL']].map((path) => textAt(source, ['spec', ...path])).find(Boolean) ?? '';

function imagesBelow(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(imagesBelow);
  if (!isMapping(tree)) return [];
  return Object.entries(tree).flatMap(([key, child]) =>
    key === 'image'
      ? [typeof child === 'string' ? child : textAt(child, ['reference'])].filter(Boolean)
      : imagesBelow(child),
  );
}

/** `*` at the end matches any rest. */
const admittedIn = (manifests: string): string[] =>
  manifestsIn(manifests)
    .filter(({ object: { kind } }) => kind === 'ValidatingAdmissionPolicy')
    .flatMap(({ text }) => {
      const policy = parseManifest(text);
      const images =
        policy === undefined ? [] : expressionsAt(policy, 'variables').filter((each) => each.includes('c.?image'));
      return images.flatMap((each) =>
        Array.from(each.matchAll(LIST)).flatMap(([, list = '', isPrefix]) =>
          (JSON.parse(list.replace(/,\s*\]$/, ']')) as string[]).map((image) =>
            isPrefix === undefined ? image : `${image}*`,
          ),
        ),
      );
    });
