import type { CommandName } from './command';

/** Loads a command only when it is used: loading one takes longer than listing all. */
export interface NamedCommand extends CommandName {
  /** A `Command` or a `CommandGroup`. */
  load(): Promise<object>;
}

export const COMMANDS: readonly NamedCommand[] = [
  {
    command: 'init [dir]',
    describe: 'Create a project with four labs, a cohort and a session',
    load: async () => (await import('./commands/init.js')).init,
  },
  {
    command: 'migrate <files..>',
    describe: 'Convert manifests and values files to session files',
    load: async () => (await import('./commands/migrate.js')).migrate,
  },
  {
    command: 'session',
    describe: 'Create, edit, list and remove sessions',
    load: async () => (await import('./commands/session.js')).session,
  },
  {
    command: 'cohort',
    describe: 'Create, list, extend and remove cohorts of sessions',
    load: async () => (await import('./commands/cohort.js')).cohort,
  },
  {
    command: 'expire',
    describe: 'Remove expired sessions and list sessions near their end',
    load: async () => (await import('./commands/expire.js')).expire,
  },
  {
    command: 'synth',
    describe: 'Write manifests to dist/ and the entry of Flux to fluxcd/',
    load: async () => (await import('./commands/synth.js')).synth,
  },
  {
    command: 'validate',
    describe: 'Check all files and list what the cluster needs',
    load: async () => (await import('./commands/validate.js')).validate,
  },
  {
    command: 'render',
    describe: 'Print the manifests of a values file of the chart',
    load: async () => (await import('./commands/render.js')).render,
  },
  {
    command: 'chart [action] [target]',
    describe: 'Write, package or push the Helm chart of sessions',
    load: async () => (await import('./commands/chart.js')).chart,
  },
  {
    command: 'publish [cohorts..]',
    describe: 'Push changed cohorts to a registry, for Flux',
    load: async () => (await import('./commands/publish.js')).publish,
  },
  {
    command: 'rootfs',
    describe: 'Build, check and push root file systems of microVMs',
    load: async () => (await import('./commands/rootfs.js')).rootfs,
  },
  {
    command: 'report',
    describe: 'Show what a change does to the cluster',
    load: async () => (await import('./commands/report.js')).report,
  },
  {
    command: 'comment',
    describe: 'Post or update a report on a pull or merge request',
    load: async () => (await import('./commands/comment.js')).comment,
  },
  {
    command: 'capacity',
    describe: 'Show requests and whether they fit quotas and nodes',
    load: async () => (await import('./commands/capacity.js')).capacity,
  },
  {
    command: 'status [session]',
    describe: 'Show the state of sessions in the cluster',
    load: async () => (await import('./commands/status.js')).status,
  },
  {
    command: 'secret <action> [session]',
    describe: 'Set, rotate, list or show passwords of sessions',
    load: async () => (await import('./commands/secret.js')).secret,
  },
  {
    command: 'explain [path]',
    describe: 'Show type, default, unit and meaning of a value',
    load: async () => (await import('./commands/explain.js')).explain,
  },
  {
    command: 'schema <name>',
    describe: 'Print the JSON Schema of a kind of file',
    load: async () => (await import('./commands/schema.js')).schema,
  },
  {
    command: 'app',
    describe: 'Run the cdk8s app, as `cdk8s synth` does',
    load: async () => (await import('./commands/app.js')).app,
  },
];
