import { planMigration } from '../../migrate/plan';
import { migrationData, migrationLines } from '../../migrate/report';
import { isError } from '../../core/diagnostics';
import { writeChanges } from '../../edit/write-changes';
import { givenCohort } from '../change-options';
import { projectOption, type Command, type ProjectOptions } from '../command';
import { plural } from '../../core/text';
import { print, printNote, printProblems, problemCounts } from '../output';

interface MigrateOptions extends ProjectOptions {
  readonly files: readonly string[];
  readonly envFile?: string;
  readonly cohort?: string;
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

export const migrate: Command<MigrateOptions> = {
  builder: (options) =>
    options
      .positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Files to read, - for standard input',
      })
      .option('project', projectOption.project)
      .option('env-file', {
        type: 'string',
        requiresArg: true,
        describe: 'NAME=value lines for variables such as ${SESSION_ID}',
      })
      .option('cohort', {
        type: 'string',
        requiresArg: true,
        describe: 'Cohort of all sessions; by default one for each namespace',
      })
      .option('dry-run', { type: 'boolean', describe: 'Write nothing; show what would be written' })
      .option('output', {
        alias: 'o',
        choices: ['text', 'json'] as const,
        default: 'text' as const,
        requiresArg: true,
        describe: 'Output format',
      })
      .epilogue(
        'Detects older manifests, values files, HelmReleases and output of kubectl. Sessions without a namespace get the cohort migrated.',
      ),
  run({ project, files, envFile, cohort, dryRun = false, output }) {
    const name = cohort === undefined ? undefined : givenCohort(cohort, '--cohort');
    const migration = planMigration(project, { files, envFile, cohort: name });
    const { problems, sessions } = migration;
    const hasErrors = problems.some(isError);
    if (!hasErrors && !dryRun) writeChanges(project, migration.files);
    printProblems(problems);
    if (output === 'json') print(JSON.stringify(migrationData(migration), null, 2));
    else if (!hasErrors) for (const line of migrationLines(migration)) print(line);
    if (hasErrors) {
      printNote(`${problemCounts(problems)}: nothing was written`);
      return 1;
    }
    const done = dryRun ? 'would write' : 'wrote';
    printNote(
      `${done} ${plural(migration.files.length, 'file')} for ${plural(sessions.length, 'session')}, ${String(migration.unchanged.length)} unchanged (${problemCounts(problems)})`,
    );
    return 0;
  },
};
