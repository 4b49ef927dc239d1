import { secretForm } from '../../core/secret-forms';
import { and, checkEach, equals, matches, not, orElse, refuse } from '@dozlab/charts';
import { repeatedName } from '../values/template-functions';
import { type ChartRule, type Rule, type ValuesView, warning } from './rule';
import type { SessionValues } from '../values/schema';

export const CONTAINERS = [
  ['initContainers', 'rootfs'],
  ['initContainers', 'network'],
  ['firecracker'],
  ['terminal'],
  ['codeServer'],
] as const;

export type ContainerPath = (typeof CONTAINERS)[number];

export const containerOf = (values: SessionValues, path: ContainerPath) =>
  path[0] === 'initContainers' ? values.initContainers[path[1]] : values[path[0]];

/** The images expect these variables. */
export const CONTRACT: Readonly<Record<string, readonly string[]>> = {
  'initContainers.rootfs': ['IMAGE_DOWNLOAD_URL', 'IMAGE_SIZE', 'IMAGE_PATH', 'IMAGE_SHA256'],
  'initContainers.network': ['GATEWAY_IP', 'VM_IP', 'POD_IP', 'TAP_DEVICE'],
  firecracker: [
    'SESSION_ID',
    'ROOTFS_PATH',
    'KERNEL_PATH',
    'CPU_COUNT',
    'MEMORY',
    'GATEWAY_IP',
    'VM_IP',
    'TAP_DEVICE_NAME',
  ],
  terminal: ['SESSION_ID', 'VM_IP', 'VM_SSH_PORT'],
  codeServer: ['PASSWORD', 'SESSION_ID', 'DOCKER_HOST'],
};

export const settingsOf = (view: ValuesView, path: ContainerPath) =>
  path[0] === 'initContainers' ? view.initContainers[path[1]] : view[path[0]];

const oneOf = (names: readonly string[]): RegExp => new RegExp(`^(${names.join('|')})$`);

export const contractIsKept: ChartRule = (view) =>
  CONTAINERS.flatMap((path) =>
    checkEach(settingsOf(view, path).extraEnv, ({ name }, index) =>
      refuse(
        matches(name, oneOf(CONTRACT[path.join('.')] ?? [])),
        [...path, 'extraEnv', index, 'name'],
        `is ${name}, which the session sets itself; accepted: another name`,
      ),
    ),
  );

/** The schema checks it here, but Helm's schema cannot. */
export const variablesDiffer: ChartRule = (view) =>
  CONTAINERS.flatMap((path) => {
    const name = repeatedName(settingsOf(view, path).extraEnv);
    return refuse(not(equals(name, '')), [...path, 'extraEnv'], `has ${name} twice; accepted: each name once`);
  });

/** code-server uses it instead of PASSWORD, so the Secret of the session would have no effect. */
const OTHER_LOGIN = 'HASHED_PASSWORD';

/** Passwords of the container's own user. */
const LOGINS = /^SUDO_PASSWORD(_HASH)?$/;

const IS_SECRET =
  'is a secret by its name or form. Git and the pod show it to all who may read them. Fix: put it into a Secret of the cluster, and refer to it by valueFrom.secretKeyRef';

export const loginsAreSecret: ChartRule = ({ codeServer }) =>
  checkEach(codeServer.extraEnv, ({ name, value }, index) => [
    ...refuse(
      equals(name, OTHER_LOGIN),
      ['codeServer', 'extraEnv', index, 'name'],
      `is ${OTHER_LOGIN}, which replaces the password of the session, so that its Secret has no effect. Fix: remove it, then run dozlab secret set`,
    ),
    ...refuse(
      and(matches(name, LOGINS), not(matches(orElse(value, ''), IS_PLAIN))),
      ['codeServer', 'extraEnv', index, 'value'],
      IS_SECRET,
      'secret-in-file',
    ),
  ]);

const HOLDS_PASSWORD =
  /(PASSWORD|PASSWD|PASSPHRASE|SSHPASS|(^|[_.-])(PASS|PWD|SECRET|TOKEN|(API|ACCESS|PRIVATE|SECRET)[_.-]?KEY|CREDENTIALS?))(_?HASH(ED)?)?([_.-]?\d+)?$/i;

/** The working directory. */
const NO_PASSWORDS = ['PWD', 'OLDPWD'];

/** Switches such as ALLOW_EMPTY_PASSWORD=yes, and references to other variables. */
const IS_PLAIN = /^(|true|false|yes|no|on|off|none|null|[01]|\$\([^)]*\))$/i;

/** The names that `loginsAreSecret` refuses. */
const isLogin = (path: ContainerPath, name: string): boolean =>
  path[0] === 'codeServer' && (name === OTHER_LOGIN || LOGINS.test(name));

export const variablesHoldNoPasswords: Rule = (values) =>
  CONTAINERS.flatMap((path) =>
    containerOf(values, path).extraEnv.flatMap(({ name, value = '' }, index) => {
      const isNamed = HOLDS_PASSWORD.test(name) && !NO_PASSWORDS.includes(name) && !IS_PLAIN.test(value);
      if (isLogin(path, name) || (!isNamed && secretForm(value) === undefined && !hasPassword(value))) return [];
      return [warning([...path, 'extraEnv', index, 'value'], IS_SECRET, 'secret-in-file')];
    }),
  );

/** `postgres://user:password@host` */
const hasPassword = (value: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*:[^\s/?#@]+@/i.test(value);

export const imagesAreFixed: Rule = (values) =>
  CONTAINERS.flatMap((path) => {
    const { image, tag, digest } = containerOf(values, path);
    const own = /@|:[^/]*$/.exec(image)?.[0];
    if (own !== undefined && (digest !== undefined || tag !== 'latest')) {
      const key = digest !== undefined ? 'digest' : 'tag';
      return [warning([...path, key], `has no effect: ${image} says itself which image it is`, 'has-no-effect')];
    }
    if (own === ':latest' || (own === undefined && digest === undefined && tag === 'latest')) {
      return [
        warning(
          [...path, own === undefined ? 'tag' : 'image'],
          'is latest, which may be another image tomorrow; better a version or a digest',
          'moving-image',
        ),
      ];
    }
    return [];
  });

export const tcpProbesHaveNoPath: Rule = ({ firecracker }) =>
  (['livenessProbe', 'readinessProbe'] as const).flatMap((name) =>
    firecracker[name].path === undefined
      ? []
      : [warning(['firecracker', name, 'path'], 'has no effect: this probe opens a TCP connection', 'has-no-effect')],
  );
