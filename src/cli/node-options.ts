import type { Options } from 'yargs';
import { readLiveNodes } from '../capacity/live-nodes';
import { readNodes, type ReadNodes } from '../capacity/node-file';
import type { ProjectState } from '../capacity/project-state';
import { Kubectl } from '../kube/kubectl';
import { readText } from './read-file';

export interface NodeOptions {
  readonly nodes?: string;
  readonly cluster?: boolean;
  readonly context?: string;
}

export const nodeOptions = {
  nodes: {
    type: 'string',
    requiresArg: true,
    conflicts: 'cluster',
    describe: 'File of nodes, - for standard input',
  },
  cluster: {
    type: 'boolean',
    describe: 'Use the nodes of the cluster, less other pods',
  },
  context: {
    type: 'string',
    requiresArg: true,
    implies: 'cluster',
    describe: 'Context of the kubectl configuration',
  },
} as const satisfies Record<string, Options>;

const MOST_MEBIBYTES = 256;

/** @throws DozlabError with code `invalid-values`, `missing-tool`, `failed-tool` or `unsupported` */
export function givenNodes(
  { nodes, cluster = false, context }: NodeOptions,
  state: ProjectState,
): ReadNodes | undefined {
  if (nodes !== undefined) return readNodes(nodes, readText(nodes, MOST_MEBIBYTES));
  return cluster ? readLiveNodes(new Kubectl(context), state) : undefined;
}
