import { structuredPatch } from 'diff';
import { toYaml } from '@dozlab/charts/yaml';
import { manifestsIn, objectText, parsed, type ManifestText } from './manifest-text';
import { masked } from './masked';

/** What changes in an object: lines that begin with `+`, `-` or a space, and `@@` between parts that are apart. */
export interface ObjectDiff {
  /** `Deployment lab-classroom/lab-session-alice-001`. */
  readonly object: string;
  readonly lines: readonly string[];
}

/** Unchanged lines around each change. */
const CONTEXT = 3;

/** What changes in the objects of a file. Nothing that may be secret is in it. */
export function manifestDiff(before: string, after: string): ObjectDiff[] {
  const [was, is] = [manifestsIn(before), manifestsIn(after)].map(
    (manifests) => new Map(manifests.map((manifest) => [objectText(manifest.object), manifest])),
  ) as [Map<string, ManifestText>, Map<string, ManifestText>];
  return Array.from(new Set([...was.keys(), ...is.keys()])).flatMap((object) => {
    const [old, young] = [was.get(object)?.text, is.get(object)?.text];
    if (old === young) return [];
    const lines = changedLines(old, young);
    return lines.length === 0 ? [] : [{ object, lines }];
  });
}

function changedLines(before: string | undefined, after: string | undefined): string[] {
  const [was, is] = masked(manifestOf(before), manifestOf(after)).map((manifest) =>
    manifest === undefined ? '' : toYaml([manifest]),
  ) as [string, string];
  const { hunks } = structuredPatch('', '', was, is, '', '', { context: CONTEXT });
  return hunks.flatMap(({ lines }, index) => [
    ...(index === 0 ? [] : ['@@']),
    ...lines.filter((line) => !line.startsWith('\\')),
  ]);
}

const manifestOf = (text: string | undefined) => (text === undefined ? undefined : parsed(text));
