import { hasProgram, runProgram } from '../core/exec';

/** A Secret in the cluster, without its values. */
export interface SecretListing {
  readonly name: string;
  readonly keys: readonly string[];
  /** RFC 3339. */
  readonly created: string;
  /** Value of the annotation that was asked for; empty if the Secret has none. */
  readonly annotation: string;
}

/** A pod that has a node and has not ended, with as much of its spec as tells what it asks for. */
export interface RunningPod {
  readonly namespace: string;
  /** Its label session-id; empty without one. */
  readonly session: string;
  readonly node: string;
  readonly spec: unknown;
}

/** Prints a pod on a line, as JSON but for the commas behind the last items. The rest of it, which may hold secrets, does not leave kubectl. */
const CONTAINERS = (list: string): string =>
  `{range .spec.${list}[*]}{"{\\"restartPolicy\\":\\""}{.restartPolicy}{"\\",\\"resources\\":"}{.resources}{"},"}{end}`;

const POD_LISTING = [
  '{range .items[*]}{.spec.nodeName}{"|"}{.metadata.namespace}{"|"}{.metadata.labels.session-id}{"|"}',
  `${CONTAINERS('containers')}{"|"}${CONTAINERS('initContainers')}{"|"}{.spec.overhead}{"|"}{.spec.resources}{"\\n"}{end}`,
].join('');

/** Prints a Secret on a line: name, time of creation, an annotation, keys. Values do not leave kubectl. */
const secretListing = (annotation: string): string =>
  `{{range .items}}{{.metadata.name}}|{{.metadata.creationTimestamp}}|{{with .metadata.annotations}}{{with index . "${annotation}"}}{{.}}{{end}}{{end}}|{{range $key, $_ := .data}}{{$key}} {{end}}{{"\\n"}}{{end}}`;

/** Objects in the cluster that kubectl reaches: its rights decide. */
export class Kubectl {
  /** @param context the context of its configuration; the current one when it is not given */
  constructor(private readonly context?: string) {}

  static isThere(): boolean {
    return hasProgram('kubectl');
  }

  /** Makes an object, or changes the fields that are given, whoever owns them. */
  apply(why: string, manifest: object): void {
    const args = ['apply', '--server-side', '--force-conflicts', '--field-manager=dozlab', '-f', '-'];
    this.run(why, args, JSON.stringify(manifest));
  }

  /** The Secrets of a namespace, each with one annotation. */
  secrets(namespace: string, annotation: string): SecretListing[] {
    const template = `go-template=${secretListing(annotation)}`;
    const listed = this.run('to look at Secrets', ['get', 'secrets', '-n', namespace, '-o', template]);
    return listed.split('\n').flatMap((line) => {
      const [name = '', created = '', value = '', keys = ''] = line.split('|');
      return name === '' ? [] : [{ name, created, annotation: value, keys: keys.split(' ').filter(Boolean) }];
    });
  }

  /** Objects of a namespace, as the API server gives them. */
  objects(namespace: string, kinds: readonly string[], selector: string): unknown[] {
    const args = ['get', kinds.join(','), '-n', namespace, '-l', selector, '-o', 'json'];
    const { items } = JSON.parse(this.run('to look at sessions', args)) as { items: unknown[] };
    return items;
  }

  /** All nodes, as the API server gives them. */
  nodes(): string {
    return this.run('to look at nodes', ['get', 'nodes', '-o', 'json']);
  }

  /** All pods that have a node and have not ended. */
  runningPods(): RunningPod[] {
    const selector = '--field-selector=spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed';
    const listed = this.run('to look at pods', ['get', 'pods', '-A', selector, '-o', `jsonpath=${POD_LISTING}`]);
    return listed.split('\n').flatMap((line) => {
      const [node = '', namespace = '', session = '', containers, initContainers, overhead, resources] =
        line.split('|');
      return node === ''
        ? []
        : [
            {
              ...{ node, namespace, session },
              spec: {
                containers: listOf(containers),
                initContainers: listOf(initContainers),
                overhead: mappingOf(overhead),
                resources: mappingOf(resources),
              },
            },
          ];
    });
  }

  /** Text under a key of a Secret; undefined if the Secret has no such key. */
  secretValue(name: string, namespace: string, key: string): string | undefined {
    const template = `go-template={{with index .data "${key}"}}{{.}}{{end}}`;
    const found = this.run('to read a Secret', ['get', 'secret', name, '-n', namespace, '-o', template]);
    return found === '' ? undefined : Buffer.from(found, 'base64').toString('utf8');
  }

  private run(why: string, args: readonly string[], input?: string): string {
    const context = this.context === undefined ? [] : [`--context=${this.context}`];
    return runProgram('kubectl', why, {
      args: [...context, '--request-timeout=30s', ...args],
      ...(input === undefined ? {} : { input }),
    });
  }
}

const mappingOf = (printed = ''): unknown => JSON.parse(printed === '' ? '{}' : printed) as unknown;

/** Items with a comma behind each, as kubectl prints them. */
const listOf = (printed = ''): unknown[] =>
  JSON.parse(`[${printed.replaceAll('"resources":}', '"resources":{}}').replace(/,$/, '')}]`) as unknown[];
