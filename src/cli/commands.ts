import type { CommandName } from './command';

/** A command by its name, with what it is made of left where it is until it is meant: each takes longer to read than all names. */
export interface NamedCommand extends CommandName {
  /** Gives a `Command` or a `CommandGroup`. */
  load(): Promise<object>;
}

/** All commands, in the order in which help tells of them. */
export const COMMANDS: readonly NamedCommand[] = [
  {
    command: 'init [dir]',
    describe: 'Make a new project with four labs, a cohort and a session',
    load: async () => (await import('./commands/init.js')).init,
  },
  {
    command: 'migrate <files..>',
    describe: 'Make session files of older manifests, values files, HelmReleases and objects that kubectl prints',
    load: async () => (await import('./commands/migrate.js')).migrate,
  },
  {
    command: 'session',
    describe: 'Write, change, list and remove the files of sessions',
    load: async () => (await import('./commands/session.js')).session,
  },
  {
    command: 'cohort',
    describe: 'Write, change, list and remove the sessions of a whole class',
    load: async () => (await import('./commands/cohort.js')).cohort,
  },
  {
    command: 'expire',
    describe: 'Remove the files of sessions that are past their end, and tell who is to be warned',
    load: async () => (await import('./commands/expire.js')).expire,
  },
  {
    command: 'synth',
    describe: 'Write the manifests of all sessions to dist/, and what Flux reads first to fluxcd/',
    load: async () => (await import('./commands/synth.js')).synth,
  },
  {
    command: 'validate',
    describe: 'Tell every problem of every file, and what the cluster must have beforehand',
    load: async () => (await import('./commands/validate.js')).validate,
  },
  {
    command: 'render',
    describe: 'Print the manifests of one session for a values file of the chart',
    load: async () => (await import('./commands/render.js')).render,
  },
  {
    command: 'chart [action] [target]',
    describe: 'Write the Helm chart of lab sessions, package it, or push it to a registry',
    load: async () => (await import('./commands/chart.js')).chart,
  },
  {
    command: 'publish [cohorts..]',
    describe: 'Push the sessions of each changed cohort to a registry, as an artifact that Flux reads',
    load: async () => (await import('./commands/publish.js')).publish,
  },
  {
    command: 'report',
    describe: 'Tell what a change does to the cluster, for whoever reviews it',
    load: async () => (await import('./commands/report.js')).report,
  },
  {
    command: 'comment',
    describe: 'Write a report as a comment on a pull or merge request, in place of the one that is there',
    load: async () => (await import('./commands/comment.js')).comment,
  },
  {
    command: 'capacity',
    describe: 'Tell what sessions ask for, and whether they fit into quotas and onto nodes',
    load: async () => (await import('./commands/capacity.js')).capacity,
  },
  {
    command: 'status [session]',
    describe: 'Tell how sessions are in the cluster, and why one does not run',
    load: async () => (await import('./commands/status.js')).status,
  },
  {
    command: 'secret <action> [session]',
    describe:
      'Give sessions their passwords, change them, tell of them, or show one; nothing is ever written in the clear',
    load: async () => (await import('./commands/secret.js')).secret,
  },
  {
    command: 'explain [path]',
    describe: 'Tell what a value is: its type, default, unit and meaning',
    load: async () => (await import('./commands/explain.js')).explain,
  },
  {
    command: 'schema <name>',
    describe: 'Print the JSON Schema of a kind of file',
    load: async () => (await import('./commands/schema.js')).schema,
  },
  {
    command: 'app',
    describe: 'The cdk8s app: what `cdk8s synth` runs by the app line of cdk8s.yaml',
    load: async () => (await import('./commands/app.js')).app,
  },
];
