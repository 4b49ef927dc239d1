import type { Manifest } from '@dozlab/charts/yaml';
import { PRUNE_ANNOTATION } from '../../core/consumers/metadata';
import { annotationsOf } from '../changes/manifest-text';

/** Annotations with which Flux, Helm or Argo CD leave an object alone. */
const UNMANAGED: readonly (readonly [key: string, value: RegExp, what: string])[] = [
  [PRUNE_ANNOTATION, /^disabled$/i, 'stays after its removal'],
  ['kustomize.toolkit.fluxcd.io/reconcile', /^disabled$/i, 'is no longer updated'],
  ['kustomize.toolkit.fluxcd.io/ssa', /^(ignore|ifnotpresent|merge)$/i, 'is no longer updated as a whole'],
  ['helm.sh/resource-policy', /keep/i, 'stays after its removal'],
  ['argocd.argoproj.io/sync-options', /(Prune|Delete)=false/i, 'stays after its removal'],
];

export function unmanaged(before: Manifest, after: Manifest): string[] {
  const [was, is] = [annotationsOf(before), annotationsOf(after)];
  return UNMANAGED.flatMap(([key, value, what]) =>
    value.test(is[key] ?? '') && !value.test(was[key] ?? '') ? [what] : [],
  );
}
