import type { MappingNode, Node } from './decode';
import { hasAnyEntry, hasAnyItem, hasConditionalLoop, isNotEmpty } from './presence';

/** Leaves empty mappings and lists out of `metadata`, as cdk8s does. */
export function withPrunedMetadata(manifest: MappingNode): MappingNode {
  return {
    ...manifest,
    entries: manifest.entries.map((entry) =>
      entry.key === 'metadata' && entry.node.kind === 'mapping' ? { ...entry, node: prunedMapping(entry.node) } : entry,
    ),
  };
}

const prunedMapping = (node: MappingNode): MappingNode => ({
  ...node,
  entries: node.entries.flatMap((entry) => {
    const child = pruned(entry.node);
    return child === undefined ? [] : [{ ...entry, node: child }];
  }),
});

/** Undefined when the node is always empty. */
function pruned(node: Node): Node | undefined {
  switch (node.kind) {
    case 'when': {
      const inner = pruned(node.node);
      return inner === undefined ? undefined : { ...node, node: inner };
    }
    case 'named': {
      const inner = pruned(node.node);
      if (inner === undefined) return undefined;
      return inner.kind === 'when' ? { ...inner, node: { ...node, node: inner.node } } : { ...node, node: inner };
    }
    case 'passed':
      return ['list', 'map'].includes(node.expression.type)
        ? { kind: 'when', condition: isNotEmpty(node.expression), node }
        : node;
    case 'sequence': {
      if (node.items.length === 0) return undefined;
      if (hasConditionalLoop(node))
        throw new Error(
          'a list in metadata whose items are all on conditions, in a loop: cdk8s leaves it out when it is empty, and a template cannot find that out. Fix: add an item without a condition',
        );
      const condition = hasAnyItem(node);
      return condition === undefined ? node : { kind: 'when', condition, node };
    }
    case 'mapping': {
      const inner = prunedMapping(node);
      if (inner.entries.length === 0 && inner.maps.length === 0) return undefined;
      // Here a copied map is left out too when it is empty.
      if (inner.maps.length > 0) return { ...inner, maps: inner.maps.map((map) => ({ ...map, isCopied: false })) };
      const condition = hasAnyEntry(inner);
      return condition === undefined ? inner : { kind: 'when', condition, node: inner };
    }
    default:
      return node;
  }
}
