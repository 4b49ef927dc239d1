import { Document, Scalar, visit } from 'yaml';
import { byRank, isUsual, type ManyLines, yamlText } from './emitter';
import { escaped, isPlain } from './scalar';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [key: string]: unknown;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = value as Record<string, unknown>;
  return new Map(
    Object.keys(entries)
      .sort(byRank)
      .map((key) => [key, ordered(entries[key])]),
  );
}

/** Keeps the order. */
export const toYaml = (manifests: readonly Manifest[], lines?: ManyLines): string =>
  manifests.map((manifest) => yamlOf(manifest, lines)).join('---\n');

/** Readers of YAML 1.1 and 1.2 agree on it. cdk8s leaves `0o17` bare, which YAML 1.2 reads as 15. */
export const yamlOf = (content: object, lines?: ManyLines): string =>
  isUsual(content) ? escaped(yamlText(content, lines)) : document(ordered(content));

function document(content: unknown): string {
  const node = new Document(content, { version: '1.2', aliasDuplicateObjects: false });
  visit(node, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string') {
        scalar.type = isPlain(scalar.value) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return escaped(node.toString({ lineWidth: 0, indentSeq: false, doubleQuotedAsJSON: true }));
}
