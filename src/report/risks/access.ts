import { at, isMapping, listAt } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { hasAuthentication } from '../../api/values/names';
import { manifestsIn, parseManifest, textAt } from '../changes/manifest-text';
import { normalize, normalizeChange, MemoByKey, replaceName } from '../changes/normalize';
import { haveSameManifests, manifestsOf, type Snapshot } from '../changes/snapshot';
import { containersOf, podOf } from '../changes/session-parts';
import { Reached, type Reach } from '../changes/reach';

export interface AccessRisk {
  /** What is reachable without a login. */
  readonly app: string;
  /** Hosts with paths, or the type of the Service. */
  readonly places: readonly string[];
  readonly reach: Reach;
}

interface Door {
  readonly app: string;
  readonly place: string;
}

/** Doors that a changed session did not have, and all doors of a new one. */
export function accessRisks(before: Snapshot, after: Snapshot): AccessRisk[] {
  const once = new MemoByKey<readonly Door[]>();
  const risks = new Map<string, { places: Set<string>; reached: Reached }>();
  for (const [key, is] of after.sessions) {
    const was = before.sessions.get(key);
    if (was === is || (was !== undefined && haveSameManifests(before, after, is))) continue;
    const young = manifestsOf(after, is);
    const old = was === undefined ? '' : manifestsOf(before, was);
    if (old === young) continue;
    const common = was === undefined ? normalize(young, is.id) : normalizeChange(old, young, is);
    const doors = once.of(common, () =>
      newDoors(replaceName(old, is.id, PLACEHOLDER), replaceName(young, is.id, PLACEHOLDER)),
    );
    for (const { app, place } of doors) {
      const risk = risks.get(app) ?? { places: new Set(), reached: new Reached() };
      risks.set(app, risk);
      risk.places.add(place.replaceAll(PLACEHOLDER, is.id));
      risk.reached.add(is);
    }
  }
  return Array.from(risks, ([app, { places, reached }]) => ({
    app,
    places: Array.from(places),
    reach: reached.reach,
  }));
}

const PLACEHOLDER = 'ID';

function newDoors(before: string, after: string): Door[] {
  const old = doorsOf(before).map(({ app, place }) => `${app} ${place}`);
  return doorsOf(after).filter(({ app, place }) => !old.includes(`${app} ${place}`));
}

/** The terminal and SSH have no login of their own; VS Code has one unless its command says otherwise. */
function doorsOf(manifests: string): Door[] {
  const objects = manifestsIn(manifests)
    .filter(({ object: { kind } }) => ROUTES.includes(kind) || kind === 'Service')
    .flatMap(({ text }) => parseManifest(text) ?? []);
  const service = objects.find(({ kind }) => kind === 'Service');
  const isOpen = { terminal: true, vscode: hasNoPassword(manifests) };
  const portName = (port: unknown): string =>
    typeof port === 'number'
      ? textAt(
          listAt(service, ['spec', 'ports']).find((each) => at(each, ['port']) === port),
          ['name'],
        )
      : String(port);
  const ofRoutes = objects
    .filter(({ kind }) => ROUTES.includes(kind))
    .flatMap((route) => doorsOfRoute(route, portName));
  const type = textAt(service, ['spec', 'type']);
  const ofService = PUBLIC.includes(type)
    ? listAt(service, ['spec', 'ports']).map((port) => ({ port: textAt(port, ['name']), place: `Service ${type}` }))
    : [];
  return [...ofRoutes, ...ofService].flatMap(({ port, place }) =>
    port === 'ssh'
      ? [{ app: 'SSH of the microVM', place }]
      : port === 'terminal' || (port === 'vscode' && isOpen.vscode)
        ? [{ app: port === 'terminal' ? 'terminal' : 'VS Code', place }]
        : [],
  );
}

const ROUTES = ['Ingress', 'HTTPRoute'];
const PUBLIC = ['NodePort', 'LoadBalancer'];

interface Opening {
  readonly port: string;
  readonly place: string;
}

/** Without those that ask for a login. */
function doorsOfRoute(route: Manifest, portName: (port: unknown) => string): Opening[] {
  if (route.kind === 'Ingress') {
    const annotations = at(route, ['metadata', 'annotations']);
    if (isMapping(annotations) && hasAuthentication(annotations as Record<string, string>)) return [];
    return listAt(route, ['spec', 'rules']).flatMap((rule) =>
      listAt(rule, ['http', 'paths']).map((path) => ({
        port: portName(
          at(path, ['backend', 'service', 'port', 'name']) ?? at(path, ['backend', 'service', 'port', 'number']),
        ),
        place: placeOf(textAt(rule, ['host']), textAt(path, ['path'])),
      })),
    );
  }
  const hosts = listAt(route, ['spec', 'hostnames']).map(String);
  return listAt(route, ['spec', 'rules'])
    .filter((rule) => !listAt(rule, ['filters']).some((filter) => at(filter, ['type']) === 'ExtensionRef'))
    .flatMap((rule) =>
      listAt(rule, ['backendRefs']).flatMap((backend) =>
        hosts.map((host) => ({
          port: portName(at(backend, ['port'])),
          place: placeOf(host, textAt(listAt(rule, ['matches'])[0], ['path', 'value'])),
        })),
      ),
    );
}

const placeOf = (host: string, path: string): string => `${host}${path === '/' ? '' : path}`;

/** code-server, `--auth`: `password` is the default, `none` turns it off. */
function hasNoPassword(manifests: string): boolean {
  const server = containersOf(podOf(manifests)?.spec).find(
    (container) => textAt(container, ['name']) === 'code-server',
  );
  const command = [...listAt(server, ['command']), ...listAt(server, ['args'])].map(String);
  return command.some((word, index) => word === '--auth=none' || (word === '--auth' && command[index + 1] === 'none'));
}
