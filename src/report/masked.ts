import type { Manifest } from '../render/yaml';
import { isHidden } from '../schema/shown';
import { isMapping, type Path } from '../schema/tree';

/** Variables that we set ourselves: nothing secret is in them. All others are somebody's own. */
const OWN_VARIABLES = new Set([
  'SESSION_ID',
  'ROOTFS_PATH',
  'KERNEL_PATH',
  'CPU_COUNT',
  'MEMORY',
  'GATEWAY_IP',
  'VM_IP',
  'VM_SSH_PORT',
  'TAP_DEVICE_NAME',
  'TAP_DEVICE',
  'DOCKER_HOST',
  'IMAGE_DOWNLOAD_URL',
  'IMAGE_SIZE',
  'IMAGE_PATH',
]);

/** Programs and expressions of our own, in which signs stand that addresses with credentials have too. */
const OWN_PROGRAMS = ['command', 'expression', 'messageExpression', 'readyExpr'];

/** Kinds of which only the names are shown. */
const SECRET_KINDS = ['Secret', 'SealedSecret'];

const IS_SECRET = /pass(word|wd|phrase)?$|secret|token|credential|api-?key|private-?key|authorization/i;

/** Keys that name where a secret is. */
const IS_REFERENCE =
  /^(tlsSecretName|secretName|existingSecret|existingSecretKey|imagePullSecrets|secretKeyRef|secretRef|decryptionSecret|secretStoreRef|name|key|kind|namespace)$/;

/** Whether the text at a path is not to be shown to reviewers: it stands where secrets are, or looks like one. */
export function isSecretText(path: Path, value: unknown): boolean {
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  if (OWN_PROGRAMS.includes(key)) return false;
  return (IS_SECRET.test(key) && !IS_REFERENCE.test(key)) || isHidden(path, value) || isCredential(value);
}

/** What an HTTP header with credentials looks like. */
const isCredential = (value: unknown): boolean =>
  typeof value === 'string' && /\b(authorization|bearer|basic)\b\s*[:"' ]\s*\S/i.test(value);

const NOT_SHOWN = '(not shown)';
const NOT_SHOWN_EITHER = '(not shown, another one)';

/**
 * An object before and after a change, without what may be secret; what differs is told apart.
 * Of Secrets nothing is left but what they are called.
 */
export function masked(
  before: Manifest | undefined,
  after: Manifest | undefined,
): readonly [Manifest | undefined, Manifest | undefined] {
  const hidden = new Set<string>();
  const first = before === undefined ? undefined : mask(before, (value) => (hidden.add(value), NOT_SHOWN));
  const isNew = (value: string): boolean => before !== undefined && !hidden.has(value);
  const second =
    after === undefined ? undefined : mask(after, (value) => (isNew(value) ? NOT_SHOWN_EITHER : NOT_SHOWN));
  return [first, second];
}

function mask(manifest: Manifest, stand: (value: string) => string): Manifest {
  if (SECRET_KINDS.includes(manifest.kind)) {
    const { apiVersion, kind, metadata } = manifest;
    const { name, namespace } = metadata;
    const content = stand(JSON.stringify(manifest));
    return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, content };
  }
  return maskTree(manifest, [], stand) as Manifest;
}

function maskTree(tree: unknown, path: Path, stand: (value: string) => string): unknown {
  if (Array.isArray(tree)) return tree.map((item, index) => maskTree(item, [...path, index], stand));
  if (isMapping(tree)) {
    const { name, value } = tree;
    const isForeign =
      isVariable(path) && typeof value === 'string' && !(typeof name === 'string' && OWN_VARIABLES.has(name));
    return Object.fromEntries(
      Object.entries(tree).map(([key, child]) => [
        key,
        isForeign && key === 'value' ? stand(value) : maskTree(child, [...path, key], stand),
      ]),
    );
  }
  if (typeof tree !== 'string') return tree;
  return isSecretText(path, tree) ? stand(tree) : tree;
}

/** Whether a path is that of an item of a container's environment. */
const isVariable = (path: Path): boolean => path.at(-2) === 'env' && typeof path.at(-1) === 'number';
