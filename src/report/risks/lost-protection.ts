import { manifestsIn, objectText, parseManifest, type ManifestText } from '../changes/manifest-text';
import { replaceName } from '../changes/normalize';
import type { Found } from './found-risks';
import { addsTraffic } from './network-rules';
import { PROTECTIONS, weakerIn } from './weaker';

/** By kind, namespace and name. */
export type Objects = ReadonlyMap<string, ManifestText>;

/** Cannot be the name of a namespace. */
export const PLACEHOLDER = 'NAMESPACE';

export const objectsIn = (content: string): Objects =>
  new Map(manifestsIn(content).map((manifest) => [objectText(manifest.object), manifest]));

/** Protection that objects had before. */
export function lost(before: Objects, after: Objects): Found[] {
  const changed = Array.from(before).flatMap(([object, was]): Found[] => {
    const is = after.get(object);
    const { kind } = was.object;
    if (is === undefined)
      return PROTECTIONS.includes(kind) && !isRenamed(was, before, after) ? [{ change: 'removed', kind, object }] : [];
    return weakened(was, is).map((detail) => ({ change: 'weaker', kind, object: `${object}: ${detail}` }));
  });
  return [...changed, ...added(before, after)];
}

function added(before: Objects, after: Objects): Found[] {
  const policies = (objects: Objects): (readonly [string, ManifestText])[] =>
    Array.from(objects).filter(([, { object }]) => object.kind === 'NetworkPolicy');
  const young = policies(after).filter(([object, is]) => !before.has(object) && !isRenamed(is, after, before));
  if (young.length === 0) return [];
  const old = policies(before).map(([, { text }]) => parseManifest(text));
  return young
    .filter(([, { text }]) => addsTraffic(old, parseManifest(text)))
    .map(([object]) => ({ change: 'weaker', kind: 'NetworkPolicy', object: `${object}: allows more` }));
}

/** The same object with another name, as after an upgrade of Dozlab. */
function isRenamed(was: ManifestText, before: Objects, after: Objects): boolean {
  const withoutName = ({ object, text }: ManifestText): string => replaceName(text, object.name, PLACEHOLDER);
  return Array.from(after).some(
    ([object, is]) => !before.has(object) && is.object.kind === was.object.kind && withoutName(is) === withoutName(was),
  );
}

function weakened(was: ManifestText, is: ManifestText): string[] {
  if (was.text === is.text) return [];
  const [old, young] = [parseManifest(was.text), parseManifest(is.text)];
  return old === undefined || young === undefined ? [] : weakerIn(old, young);
}

/** Limits of a new namespace are its own. */
const COMPARED = ['Namespace', 'NetworkPolicy', 'ValidatingAdmissionPolicyBinding'];

/** What all others have, and what is stricter in all others. */
export function lacking(usual: readonly Objects[], is: Objects, compared = COMPARED): Found[] {
  const [first = new Map<string, ManifestText>(), ...others] = usual;
  return Array.from(first).flatMap(
    ([
      object,
      {
        object: { kind },
      },
    ]): Found[] => {
      if (!others.every((each) => each.has(object))) return [];
      const own = is.get(object);
      if (own === undefined) return PROTECTIONS.includes(kind) ? [{ change: 'missing', kind, object }] : [];
      if (!compared.includes(kind)) return [];
      const details = usual.map((each) => weakened(each.get(object) ?? own, own));
      return details.every((each) => each.length > 0)
        ? (details[0] ?? []).map((detail) => ({ change: 'weaker', kind, object: `${object}: ${detail}` }))
        : [];
    },
  );
}
