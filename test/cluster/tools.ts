import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { moduleOf } from './go';
import type { Keeper } from './keeper';
import { buildPlace, builtFrom } from './tool-sources';

/** Programs that are built from one Go module below tools/: their dependencies disagree, so each tool has a module of its own. */
export interface Tool {
  readonly name: string;

  /** The programs, as they are called here, by the name that Go gives them. */
  readonly programs: Readonly<Record<string, string>>;

  /**
   * A module whose program is built from a copy of its sources, over which the folder `edited` of the tool's is laid.
   * @default what go.mod names as tools is built
   */
  readonly edited?: string;

  /**
   * Build tags of a program that links C libraries of this machine.
   * @default a static program without C
   */
  readonly cgoTags?: string;
}

const named = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, name]));

export const TOOLS: readonly Tool[] = [
  { name: 'etcd', programs: { server: 'etcd' } },
  { name: 'kube', programs: named('kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl') },
  { name: 'kwok', programs: named('kwok') },
  { name: 'helm', programs: named('helm') },
  { name: 'helm3', programs: { helm: 'helm3' } },
  { name: 'registry', programs: named('crane') },
  { name: 'sealed-secrets', programs: { controller: 'sealed-secrets-controller', kubeseal: 'kubeseal' } },
  { name: 'sops', programs: named('sops', 'age-keygen') },
  { name: 'source-controller', programs: named('source-controller') },
  { name: 'kustomize-controller', programs: named('kustomize-controller') },
  { name: 'helm-controller', programs: named('helm-controller') },
  { name: 'argocd', programs: { controller: 'argocd' } },
  {
    name: 'external-secrets-controller',
    programs: { 'external-secrets': 'external-secrets-controller' },
    edited: 'github.com/external-secrets/external-secrets',
  },
];

/** The folder of the built programs: $CLUSTER_BIN, or one in the user's cache. */
export function binFolder({ CLUSTER_BIN, XDG_CACHE_HOME }: NodeJS.ProcessEnv = process.env): string {
  const isGiven = (path: string | undefined): path is string => path !== undefined && path !== '';
  if (isGiven(CLUSTER_BIN)) return CLUSTER_BIN;
  return join(isGiven(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'dozlab-cluster', 'bin');
}

/** Builds the tools that are not there yet, or that were built from other sources. */
export async function buildTools(keeper: Keeper, bin: string, tools = TOOLS): Promise<void> {
  mkdirSync(bin, { recursive: true });
  for (const tool of tools) if (!isBuilt(tool, bin)) await build(tool, bin, keeper);
}

/** A copy of what the tool in a folder was built from. */
const stamp = (tool: Tool, bin: string): string => join(bin, `.${tool.name}.sum`);

export const isBuilt = (tool: Tool, bin: string): boolean =>
  [stamp(tool, bin), ...Object.values(tool.programs).map((program) => join(bin, program))].every(existsSync) &&
  readFileSync(stamp(tool, bin)).equals(builtFrom(tool));

async function build(tool: Tool, bin: string, keeper: Keeper): Promise<void> {
  process.stderr.write(`building ${tool.name}, which is kept in ${bin}\n`);
  const sources = join(keeper.folder, `${tool.name}.sum`);
  writeFileSync(sources, builtFrom(tool));
  const stage = mkdtempSync(join(keeper.folder, `build-${tool.name}-`));
  const { cwd, what } = buildPlace(tool, stage);
  await keeper.run({
    name: `build-${tool.name}`,
    command: 'nice',
    args: [
      ...['go', 'build', '-trimpath', '-ldflags', linkerFlags(tool)],
      ...(tool.cgoTags === undefined ? [] : ['-tags', tool.cgoTags]),
      ...['-o', join(stage, 'bin/'), what],
    ],
    cwd,
    // Go's temporary files are in the keeper's folder, which is removed even when the build is killed.
    // The compiler spends a third of its time on its own garbage otherwise.
    env: { CGO_ENABLED: tool.cgoTags === undefined ? '0' : '1', GOTMPDIR: stage, GOGC: '400' },
  });
  for (const [built, kept] of Object.entries(tool.programs)) place(join(stage, 'bin', built), join(bin, kept));
  // The last to be placed, so that a tool with it is whole.
  place(sources, stamp(tool, bin));
  rmSync(stage, { recursive: true, force: true });
}

/** Copies a file to where another run may be reading it. */
function place(from: string, to: string): void {
  const whole = `${to}.${String(process.pid)}`;
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, whole);
  renameSync(whole, to);
}

/** What reports the version that it was linked with: the variables of Go that hold its parts, and the module that has the version. */
const LINKED_VERSIONS: Readonly<
  Record<string, { readonly module: string; readonly prefix: string; readonly parts: readonly string[] }>
> = {
  // Helm's kubeVersion check reads these three.
  kube: {
    module: 'k8s.io/kubernetes',
    prefix: 'k8s.io/component-base/version.git',
    parts: ['Version', 'Major', 'Minor'],
  },
  kubelet: {
    module: 'k8s.io/kubernetes',
    prefix: 'k8s.io/component-base/version.git',
    parts: ['Version', 'Major', 'Minor'],
  },
  containerd: {
    module: 'github.com/containerd/containerd/v2',
    prefix: 'github.com/containerd/containerd/v2/version.',
    parts: ['Version'],
  },
};

function linkerFlags({ name }: Tool): string {
  const linked = LINKED_VERSIONS[name];
  if (linked === undefined) return '-s -w';
  const [version, major, minor] =
    new RegExp(`\\s${linked.module} (v(\\d+)\\.(\\d+)\\.\\S+)`)
      .exec(readFileSync(join(moduleOf(name), 'go.mod'), 'utf8'))
      ?.slice(1) ?? [];
  if (version === undefined) throw new Error(`${moduleOf(name)}/go.mod does not name ${linked.module}`);
  const values = [version, major, minor];
  return ['-s -w', ...linked.parts.map((part, at) => `-X ${linked.prefix}${part}=${values[at] ?? ''}`)].join(' ');
}
