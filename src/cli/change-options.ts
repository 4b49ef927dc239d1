import type { Options } from 'yargs';
import { DozlabError } from '../core/errors';
import type { SubmitOptions } from '../git/submit-change';
import { dateTime, fileName, labelName } from '../api/values/fields';
import { sessionId, userId } from '../api/values/schema';
import { shownValue } from '../core/redact';
import { cohortName } from '../api/cohort';
import { RESERVED_ID } from '../edit/session-file';
import { SPAN_FORM, timeSpan, type EndOptions } from '../api/duration';
import type { z } from 'zod';
import { outputOption, projectOption, type ProjectOptions } from './command';

export interface ChangeOptions extends ProjectOptions, SubmitOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly output?: 'text' | 'json';
}

const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const satisfies Options;
const flag = (describe: string) => ({ type: 'boolean', describe }) as const satisfies Options;

export const changeOptions = {
  ...projectOption,
  'dry-run': flag('Write nothing; show what would change'),
  yes: flag('Do not ask before sessions lose data'),
  commit: flag('Run synth and commit all changes'),
  branch: text('Commit to a new branch of this name'),
  push: flag('Commit and push the branch'),
  open: flag('Push and open a pull or merge request'),
  ...outputOption,
} as const satisfies Record<string, Options>;

export const cohortOption = {
  cohort: text('Cohort of the session'),
} as const satisfies Record<string, Options>;

export const nowOption = {
  now: text('Time to use as now, such as 2027-01-31T18:00:00Z'),
} as const satisfies Record<string, Options>;

export const endOptions = {
  ttl: { ...text('Duration, such as 90m, 1h30m or 14d'), conflicts: 'until' },
  until: text('End, such as 2027-01-31T18:00:00Z'),
} as const satisfies Record<string, Options>;

export const userOption = { user: text('User of the session: any text on one line') } as const;
export const labOption = { lab: text('Lab of the session: a file name in labs/') } as const;

export const setOption = {
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'Set a value, as path=value; can be repeated',
  },
} as const satisfies Record<string, Options>;

export interface TimeOptions extends EndOptions {
  readonly now?: string;
}

/** @throws DozlabError with code `invalid-usage` if the schema rejects the value */
function checked<T>(option: string, schema: z.ZodType<T>, given: string): T {
  const { data, error } = schema.safeParse(given);
  if (error === undefined) return data;
  throw new DozlabError(
    'invalid-usage',
    `${option} is ${shownValue([option], given)}; accepted: ${error.issues[0]?.message ?? ''}`,
  );
}

const optional = <T>(option: string, schema: z.ZodType<T>, given: string | undefined): T | undefined =>
  given === undefined ? undefined : checked(option, schema, given);

export const givenNow = ({ now }: TimeOptions): Date => {
  const time = optional('--now', dateTime(), now);
  return time === undefined ? new Date() : new Date(time);
};

export function givenEnd({ ttl, until }: EndOptions): EndOptions {
  const span = optional('--ttl', timeSpan(), ttl);
  if (span?.startsWith('0') === true)
    throw new DozlabError('invalid-usage', `--ttl is ${span}; accepted: ${SPAN_FORM}`);
  return { ttl: span, until: optional('--until', dateTime(), until) };
}

/** @throws DozlabError with code `invalid-usage` without `--ttl` and `--until` */
export function requiredEnd(options: EndOptions): EndOptions {
  const end = givenEnd(options);
  if (end.ttl === undefined && end.until === undefined)
    throw new DozlabError('invalid-usage', 'extend needs --ttl or --until');
  return end;
}

export const givenUser = (given: string | undefined): string | undefined => optional('--user', userId(), given);
export const givenCohort = (given: string, option = 'the name of the cohort'): string =>
  checked(option, cohortName(), given);
export const givenLab = (given: string | undefined): string | undefined => optional('--lab', labelName(), given);

export function givenId(given: string): string {
  if (given === RESERVED_ID)
    throw new DozlabError('invalid-usage', `the id ${given} is reserved: ${given}.yaml is the file of the cohort`);
  return checked('the id', fileName(sessionId()), given);
}
