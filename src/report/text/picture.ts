import { block } from './markdown-text';
import type { PodEffect } from '../changes/pod-effect';
import type { Report } from '../changes/report';

const MOST_SESSIONS = 12;
const MOST_COHORTS = 12;

/** Users do not notice the change. */
const isQuiet = ({ kind, lost }: PodEffect): boolean => kind === 'runs on' && lost.length === 0;

/** A Mermaid flowchart; empty without changes, or with too many cohorts. */
export function picture({ cohorts, sessions }: Report): string[] {
  const touched = [
    ...sessions.added.map(({ cohort, id }) => ({ cohort, id, what: 'added' })),
    ...sessions.changed.flatMap(({ sessions: all, effect }) =>
      all.map(({ cohort, id }) => ({ cohort, id, what: isQuiet(effect) ? 'changed' : 'restarted' })),
    ),
    ...sessions.ended.map(({ cohort, id }) => ({ cohort, id, what: 'ended' })),
  ];
  const shown = cohorts.filter(
    ({ cohort, change }) => change !== 'same' || touched.some((session) => session.cohort === cohort),
  );
  if (shown.length === 0 || shown.length > MOST_COHORTS || touched.length === 0) return [];
  const lines = shown.flatMap(({ cohort, before, after, change }, index) => {
    const own = touched.filter((session) => session.cohort === cohort);
    const name = `c${String(index)}`;
    const title = `${cohort}<br/>${before === after ? String(after) : `${String(before)} → ${String(after)}`} ${before === 1 && after === 1 ? 'session' : 'sessions'}`;
    const kind = change === 'new' ? ':::added' : change === 'removed' ? ':::ended' : '';
    return [`  ${name}["${title}"]${kind}`, ...nodesOf(name, own, touched.length > MOST_SESSIONS)];
  });
  return block('mermaid', ['flowchart LR', ...lines, ...CLASSES]);
}

const CLASSES = [
  '  classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328',
  '  classDef changed fill:#ddf4ff,stroke:#0969da,color:#1f2328',
  '  classDef restarted fill:#fff8c5,stroke:#9a6700,color:#1f2328',
  '  classDef ended fill:#ffebe9,stroke:#cf222e,color:#1f2328',
];

const WORDS: Readonly<Record<string, string>> = {
  added: 'new',
  changed: 'changed',
  restarted: 'changed, pod affected',
  ended: 'ended',
};

interface Touched {
  readonly id: string;
  readonly what: string;
}

function nodesOf(cohort: string, sessions: readonly Touched[], isCounted: boolean): string[] {
  if (!isCounted)
    return sessions.map(({ id, what }, index) => `  ${cohort} --- ${cohort}s${String(index)}["${id}"]:::${what}`);
  return Object.keys(WORDS).flatMap((what) => {
    const count = sessions.filter((session) => session.what === what).length;
    return count === 0 ? [] : [`  ${cohort} --- ${cohort}${what}["${String(count)} ${WORDS[what] ?? what}"]:::${what}`];
  });
}
