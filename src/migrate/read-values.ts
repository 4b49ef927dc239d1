import type { Diagnostics } from '../core/diagnostics';
import { shownValue } from '../core/redact';
import { at, isMapping, type Mapping, mergeTreesKeepingNulls, type Path } from '@dozlab/charts/schema';
import { objectName } from '../api/values/fields';
import type { Item, Form, Original } from './original';
import { OLDER_DEFAULTS, olderObjects } from './older-session';

export const isValuesFile = (item: Item): boolean =>
  item.get('kind') === undefined &&
  item.get('apiVersion') === undefined &&
  (isMapping(item.get('session')) || isMapping(item.get('rootfs')));

export const isRelease = ({ kind }: Item): boolean => kind === 'HelmRelease';

export const originalOfValues = (item: Item, diagnostics: Diagnostics): Original | undefined =>
  readValues(item, 'values', [], diagnostics);

const RELEASE_FIELDS = ['values', 'targetNamespace', 'releaseName'];

/** Reports a HelmRelease without a session. @returns undefined for it */
export function readRelease(item: Item, diagnostics: Diagnostics): Original | undefined {
  const values = item.get('spec', 'values');
  if (!isMapping(values) || (values['session'] === undefined && values['rootfs'] === undefined)) {
    diagnostics.add([
      item.notCarried([], 'the HelmRelease has no inline values of a lab session (spec.values.session)'),
    ]);
    return undefined;
  }
  const spec = item.get('spec');
  for (const field of Object.keys(isMapping(spec) ? spec : {})) {
    if (RELEASE_FIELDS.includes(field)) continue;
    const why =
      field === 'valuesFrom' ? 'values in other objects are not read' : 'dozlab.yaml sets how Flux applies sessions';
    diagnostics.add([item.notCarried(['spec', field], why)]);
  }
  for (const map of ['labels', 'annotations']) {
    const entries = item.get('metadata', map);
    for (const name of Object.keys(isMapping(entries) ? entries : {}))
      diagnostics.add([item.notCarried(['metadata', map, name], 'it belongs to the HelmRelease, not to the session')]);
  }
  const namespace = item.text('spec', 'targetNamespace') ?? item.namespace;
  const name = item.text('metadata', 'name');
  // The printed commands contain the release, so only a valid name is safe.
  const release = objectName().safeParse(name).data;
  return readValues(item, 'release', ['spec', 'values'], diagnostics, namespace, release);
}

/** Keys outside the values of a session's file, and Helm's own. */
const OUTSIDE = ['session', 'suspended', 'enabled', 'global'];

function readValues(
  item: Item,
  form: Form,
  from: Path,
  diagnostics: Diagnostics,
  namespace?: string,
  release?: string,
): Original | undefined {
  const given = item.get(...from) as Mapping;
  const id = item.text(...from, 'session', 'id');
  const userId = item.text(...from, 'session', 'userId');
  for (const [key, value] of Object.entries({ id, userId })) {
    if (value !== undefined) continue;
    const path = [...from, 'session', key];
    const there = item.get(...path);
    const what = there === undefined || there === null ? 'missing' : shownValue(path, there);
    diagnostics.add([item.problem('error', 'missing', path, `is ${what}; accepted: text`)]);
  }
  if (id === undefined || userId === undefined) return undefined;
  const session = at(given, ['session']);
  for (const key of Object.keys(isMapping(session) ? session : {}))
    if (!['id', 'userId', 'expiresAt'].includes(key))
      diagnostics.add([item.notCarried([...from, 'session', key], 'a session has no such value')]);
  const password = at(given, ['codeServer', 'password']);
  const values = withPodLabels(withoutOutside(given));
  const expiresAt = item.text(...from, 'session', 'expiresAt');
  const suspended = at(given, ['suspended']);
  if (!['boolean', 'undefined'].includes(typeof suspended)) {
    const message = `is ${shownValue(['suspended'], suspended)}; accepted: true or false`;
    diagnostics.add([item.problem('error', 'wrong-type', [...from, 'suspended'], message)]);
  }
  return {
    form,
    place: item.place,
    id,
    userId,
    ...(namespace === undefined ? {} : { namespace }),
    ...(release === undefined ? {} : { release }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(typeof suspended === 'boolean' ? { suspended } : {}),
    values: mergeTreesKeepingNulls(OLDER_DEFAULTS, values),
    objects: () => olderObjects({ ...withoutOutside(given), session: { id, userId } }),
    hasPassword: password !== undefined,
    at: (severity, code, path, message) => item.problem(severity, code, [...from, ...path], message),
  };
}

/** Removes `OUTSIDE` and the password. */
function withoutOutside(given: Mapping): Mapping {
  const entries = Object.entries(given).filter(([key]) => !OUTSIDE.includes(key));
  const values = Object.fromEntries(entries);
  const { codeServer } = values;
  if (!isMapping(codeServer)) return values;
  const { password: _password, ...rest } = codeServer;
  return { ...values, codeServer: rest };
}

/** The older chart set its labels on the pod too. */
function withPodLabels(values: Mapping): Mapping {
  const { labels, podLabels } = values;
  if (!isMapping(labels)) return values;
  return { ...values, podLabels: { ...labels, ...(isMapping(podLabels) ? podLabels : {}) } };
}
