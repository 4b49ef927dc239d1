import { runTool } from '../core/exec';

export interface SecretListing {
  readonly name: string;
  readonly keys: readonly string[];
  /** RFC 3339. */
  readonly created: string;
  /** Empty if the Secret lacks it. */
  readonly annotation: string;
}

export interface RunningPod {
  readonly namespace: string;
  /** Empty if the pod lacks it. */
  readonly label: string;
  readonly node: string;
  readonly spec: unknown;
}

// The templates below print one object a line. The other fields can hold secrets, so they do not leave kubectl.

const containersTemplate = (list: string): string =>
  `{range .spec.${list}[*]}{"{\\"restartPolicy\\":\\""}{.restartPolicy}{"\\",\\"resources\\":"}{.resources}{"},"}{end}`;

const podTemplate = (label: string): string =>
  [
    `{range .items[*]}{.spec.nodeName}{"|"}{.metadata.namespace}{"|"}{.metadata.labels.${label}}{"|"}`,
    `${containersTemplate('containers')}{"|"}${containersTemplate('initContainers')}{"|"}{.spec.overhead}{"|"}{.spec.resources}{"\\n"}{end}`,
  ].join('');

const secretTemplate = (annotation: string): string =>
  `{{range .items}}{{.metadata.name}}|{{.metadata.creationTimestamp}}|{{with .metadata.annotations}}{{with index . "${annotation}"}}{{.}}{{end}}{{end}}|{{range $key, $_ := .data}}{{$key}} {{end}}{{"\\n"}}{{end}}`;

/** Methods throw DozlabError with code `missing-tool` or `failed-tool`. */
export class Kubectl {
  /** @default the current context */
  constructor(private readonly context?: string) {}

  /** Takes fields from other field managers. */
  apply(why: string, manifest: object): void {
    const args = ['apply', '--server-side', '--force-conflicts', '--field-manager=dozlab', '-f', '-'];
    this.run(why, args, JSON.stringify(manifest));
  }

  secrets(namespace: string, annotation: string): SecretListing[] {
    const template = `go-template=${secretTemplate(annotation)}`;
    const listed = this.run('to list Secrets', ['get', 'secrets', '-n', namespace, '-o', template]);
    return listed.split('\n').flatMap((line) => {
      const [name = '', created = '', value = '', keys = ''] = line.split('|');
      return name === '' ? [] : [{ name, created, annotation: value, keys: keys.split(' ').filter(Boolean) }];
    });
  }

  objects(namespace: string, kinds: readonly string[], selector: string): unknown[] {
    const args = ['get', kinds.join(','), '-n', namespace, '-l', selector, '-o', 'json'];
    const { items } = JSON.parse(this.run('to list sessions', args)) as { items: unknown[] };
    return items;
  }

  nodes(): string {
    return this.run('to list nodes', ['get', 'nodes', '-o', 'json']);
  }

  runningPods(label: string): RunningPod[] {
    const selector = '--field-selector=spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed';
    const listed = this.run('to list pods', ['get', 'pods', '-A', selector, '-o', `jsonpath=${podTemplate(label)}`]);
    return listed.split('\n').flatMap((line) => {
      const [node = '', namespace = '', value = '', containers, initContainers, overhead, resources] = line.split('|');
      return node === ''
        ? []
        : [
            {
              ...{ node, namespace, label: value },
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

  /** Undefined if the Secret lacks the key. */
  secretValue(name: string, namespace: string, key: string): string | undefined {
    const template = `go-template={{with index .data "${key}"}}{{.}}{{end}}`;
    const found = this.run('to read a Secret', ['get', 'secret', name, '-n', namespace, '-o', template]);
    return found === '' ? undefined : Buffer.from(found, 'base64').toString('utf8');
  }

  private run(why: string, args: readonly string[], input?: string): string {
    const context = this.context === undefined ? [] : [`--context=${this.context}`];
    return runTool('kubectl', why, {
      args: [...context, '--request-timeout=30s', ...args],
      ...(input === undefined ? {} : { input }),
    });
  }
}

const mappingOf = (printed = ''): unknown => JSON.parse(printed === '' ? '{}' : printed) as unknown;

const listOf = (printed = ''): unknown[] =>
  JSON.parse(`[${printed.replaceAll('"resources":}', '"resources":{}}').replace(/,$/, '')}]`) as unknown[];
