import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from './machine';
import type { Options } from './options';
import { makePlace } from './place';
import { planOf, type Planned } from './plan';
import type { Results } from './results';
import { inRounds, type Turn } from './rounds';
import { STARTERS } from './runners/dozlab';
import { RUNNERS } from './runners/runners';
import { measurements, timing } from './summary';
import { otherTools } from './tools';
import { START_NAMES, type StartName } from './way';

export async function measure(options: Options, say: (text: string) => void): Promise<Results> {
  const tools = otherTools();
  const plan = planOf(options, { helm: tools.helm !== undefined, kustomize: tools.kustomize !== undefined });
  const place = makePlace(options.sessions.reduce((sum, sessions) => sum + sessions, 0));
  const found = machine(place, tools);
  const turns: Turn<Planned | StartName>[] = START_NAMES.map((what) => ({
    what,
    runner: STARTERS[what](),
    runs: options.rounds,
  }));
  say(`making projects, ${place.storage === 'tmpfs' ? 'in memory' : 'on disk'}`);
  for (const what of plan.filter(({ runs }) => runs > 0)) {
    const folder = join(place.folder, String(what.sessions));
    mkdirSync(folder, { recursive: true });
    const runner = await RUNNERS[what.way]({ ...what, folder, tools });
    turns.push({ what, runner, runs: what.runs });
  }
  const done = await inRounds(turns, options.minutes, say);
  return {
    machine: found,
    quick: options.quick,
    sessions: options.sessions,
    starts: START_NAMES.map((start) => ({ start, ...timing(done.get(start) ?? []) })),
    measurements: measurements(new Map(plan.map((planned) => [planned, done.get(planned) ?? []]))),
  };
}
