import { parseArgs } from 'node:util';
import { DozlabError } from '../src/core/errors';

export interface Options {
  readonly quick: boolean;
  readonly sessions: readonly number[];
  readonly rounds: number;
  readonly minutes: number;
  readonly json: boolean;
  readonly out?: string;
  readonly from?: string;
  readonly docs: boolean;
}

export const HELP = `npm run bench -- [OPTIONS]

Compares dozlab with other ways to make the manifests of many sessions, each a whole process.

  --quick             fewer runs, and slow ways at small numbers only: about a minute
  --sessions N,N,...  numbers of sessions to measure at (100,1000,10000)
  --rounds N          rounds, in each of which all ways take turns (5; quick: 3)
  --minutes N         after how many minutes no further round begins (5; quick: 1)
  --json              print JSON in place of tables
  --out FILE          write the JSON to a file too
  --docs              write docs/bench.json, docs/bench.svg and docs/bench.md
  --from FILE         take results from a JSON file in place of measuring
`;

export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      sessions: { type: 'string', default: '100,1000,10000' },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      from: { type: 'string' },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const sessions = values.sessions.split(',').map((text) => natural('--sessions', text));
  return {
    quick: values.quick,
    sessions: [...new Set(sessions)].sort((one, other) => one - other),
    rounds: natural('--rounds', values.rounds ?? (values.quick ? '3' : '5')),
    minutes: natural('--minutes', values.minutes ?? (values.quick ? '1' : '5')),
    json: values.json,
    docs: values.docs,
    ...(values.out === undefined ? {} : { out: values.out }),
    ...(values.from === undefined ? {} : { from: values.from }),
  };
}

function natural(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new DozlabError(
    'invalid-usage',
    `${option} has ${JSON.stringify(text)}; accepted: whole numbers from 1 to 999999`,
  );
}
