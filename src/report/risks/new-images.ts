import { isMapping } from '@dozlab/charts/schema';
import type { Session } from '../../model/session';
import { manifestsIn, parseManifest, textAt } from '../changes/manifest-text';
import { isOfSession, outputPlace, type OutputChange } from '../changes/output-changes';
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
  /** The tag is `latest` or missing: what runs may be another image tomorrow. */
  readonly isMoving: boolean;
  /** The image of before had a digest. */
  readonly isUnpinned: boolean;
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
  for (const { path, after: text } of files) {
    const cohort = cohortOf(path);
    const sessions = after.resolved.sessions.filter((session) => session.cohort === cohort);
    for (const image of isOfSession(path) ? [] : imagesIn(text)) {
      if (known.has(image)) continue;
      const reached = reachedBy(image, false);
      if (sessions.length > 0) reached.addCohort(cohort, sessions);
    }
  }
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
    isMoving: isMoving(image),
    isUnpinned: known.wasPinned(image),
    isAdmittedOnly,
    reach: reached.reach,
  }));
}

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

  wasPinned(image: string): boolean {
    if (isAddress(image) || image.includes('@')) return false;
    const { repository } = partsOf(image);
    return Array.from(this.images ?? this.all()).some(
      (each) => each.includes('@') && partsOf(each).repository === repository,
    );
  }

  private all(): ReadonlySet<string> {
    const { sessions, output } = this.before;
    const others = Array.from(output).filter(
      ([path]) => path.endsWith('.yaml') && !path.startsWith(CHART) && !isOfSession(path),
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

const isAddress = (image: string): boolean => image.includes('://');

const isMoving = (image: string): boolean =>
  !isAddress(image) && !/[@*]/.test(image) && /(^|\/)[^/:]*(:latest)?$/.test(image);

/** Docker Hub has no name in a reference. */
const HUB = 'docker.io';

function partsOf(image: string): { readonly registry: string; readonly repository: string } {
  const [, scheme = '', rest = ''] = /^(\w+:\/\/)?(.*)$/s.exec(image) ?? [];
  const [address = '', revision] = rest.split(/ (?:at|in) /);
  if (revision !== undefined) return { registry: `${address.split('/', 1).join('')}/`, repository: address };
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

/** The address, with the branch, tag or folder: these too decide what runs. */
function sourceOf(source: unknown): string {
  const first = (...paths: readonly string[][]): string =>
    paths.map((path) => textAt(source, ['spec', ...path])).find(Boolean) ?? '';
  const address = first(['url'], ['endpoint'], ['source', 'repoURL']);
  const revision = first(...REVISIONS.map((key) => ['ref', key]), ['source', 'targetRevision']);
  const folder = first(['source', 'path']);
  if (address === '') return '';
  return [address, ...(revision === '' ? [] : ['at', revision]), ...(folder === '' ? [] : ['in', folder])].join(' ');
}

/** Of a GitRepository and an OCIRepository. */
const REVISIONS = ['commit', 'digest', 'name', 'semver', 'tag', 'branch'];

function imagesBelow(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(imagesBelow);
  if (!isMapping(tree)) return [];
  return Object.entries(tree).flatMap(([key, child]) =>
    key === 'image'
      ? [typeof child === 'string' ? child : textAt(child, ['reference'])].filter(Boolean)
      : imagesBelow(child),
  );
}

/** Of files that only its sessions use. */
const cohortOf = (path: string): string =>
  /^dist\/(?:releases|flux\/cohorts)\/([^/]+?)(?:\/|\.yaml$)/.exec(path)?.[1] ?? '';

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
