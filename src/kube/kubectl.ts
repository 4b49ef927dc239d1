import { DozlabError } from '../core/errors';
import { keepSecret } from '../core/redact';
import { MADE_AT, secretLabels } from '../secrets/secret-ref';
import type { SecretPlace } from '../model/session';
import { hasProgram, runProgram } from '../core/exec';

/** A Secret in the cluster, without its values. */
export interface LiveSecret {
  readonly name: string;
  readonly keys: readonly string[];
  /** When the password was made, or else the Secret. */
  readonly madeAt: string;
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

/** Prints a Secret on a line: name, time of creation, time of the password, keys. Values do not leave kubectl. */
const LISTING = `{{range .items}}{{.metadata.name}}|{{.metadata.creationTimestamp}}|{{with .metadata.annotations}}{{with index . "${MADE_AT}"}}{{.}}{{end}}{{end}}|{{range $key, $_ := .data}}{{$key}} {{end}}{{"\\n"}}{{end}}`;

/** Secrets in the cluster that kubectl reaches: its rights decide. */
export class Kubectl {
  /** @param context the context of its configuration; the current one when it is not given */
  constructor(private readonly context?: string) {}

  static isThere(): boolean {
    return hasProgram('kubectl');
  }

  /** Makes a Secret with a password, or gives it another one. */
  write(password: string, place: SecretPlace, madeAt: Date): void {
    // One that was given another name may be that of several sessions.
    const isOwn = place.name === `lab-session-${place.session}-secrets`;
    this.apply({ metadata: isOwn ? { labels: secretLabels(place) } : {}, type: 'Opaque' }, password, place, madeAt);
  }

  /**
   * Gives a Secret that is there another password, and leaves the rest to whoever owns it.
   * @throws DozlabError with code `invalid-secret` when it is not there
   */
  change(password: string, place: SecretPlace, madeAt: Date): void {
    if (this.list(place.namespace).every(({ name }) => name !== place.name))
      throw new DozlabError(
        'invalid-secret',
        `there is no Secret ${place.name} in the namespace ${place.namespace}: Helm makes it, with a password, when it installs the session`,
      );
    this.apply({}, password, place, madeAt);
  }

  private apply(
    base: { readonly metadata?: object; readonly type?: string },
    password: string,
    { name, namespace, key }: SecretPlace,
    madeAt: Date,
  ): void {
    const metadata = { ...base.metadata, name, namespace, annotations: { [MADE_AT]: madeAt.toISOString() } };
    const manifest = { apiVersion: 'v1', kind: 'Secret', ...base, metadata, data: { [key]: encoded(password) } };
    const args = ['apply', '--server-side', '--force-conflicts', '--field-manager=dozlab', '-f', '-'];
    this.run('to write a Secret', args, JSON.stringify(manifest));
  }

  /** The Secrets of a namespace. */
  list(namespace: string): LiveSecret[] {
    const listed = this.run('to look at Secrets', ['get', 'secrets', '-n', namespace, '-o', `go-template=${LISTING}`]);
    return listed.split('\n').flatMap((line) => {
      const [name = '', created = '', madeAt = '', keys = ''] = line.split('|');
      return name === ''
        ? []
        : [{ name, madeAt: madeAt === '' ? created : madeAt, keys: keys.split(' ').filter(Boolean) }];
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

  /** The password in a Secret. */
  read({ name, namespace, key }: SecretPlace): string {
    const template = `go-template={{with index .data "${key}"}}{{.}}{{end}}`;
    const found = this.run('to read a Secret', ['get', 'secret', name, '-n', namespace, '-o', template]);
    if (found === '')
      throw new DozlabError('invalid-secret', `the Secret ${name} in the namespace ${namespace} has no key ${key}`);
    return keepSecret(Buffer.from(found, 'base64').toString('utf8'));
  }

  private run(why: string, args: readonly string[], input?: string): string {
    const context = this.context === undefined ? [] : [`--context=${this.context}`];
    return runProgram('kubectl', why, {
      args: [...context, '--request-timeout=30s', ...args],
      ...(input === undefined ? {} : { input }),
    });
  }
}

const encoded = (password: string): string => keepSecret(Buffer.from(password).toString('base64'));

const mappingOf = (printed = ''): unknown => JSON.parse(printed === '' ? '{}' : printed) as unknown;

/** Items with a comma behind each, as kubectl prints them. */
const listOf = (printed = ''): unknown[] =>
  JSON.parse(`[${printed.replaceAll('"resources":}', '"resources":{}}').replace(/,$/, '')}]`) as unknown[];
