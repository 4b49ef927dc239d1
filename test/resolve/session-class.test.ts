import fc from 'fast-check';
import { AlikeValues } from '../../src/resolve/session-class';
import { layer } from '../../src/resolve/value-layers';
import { type LoadedProject, loadFiles } from '../../src/source/load-project';
import { inOrder } from '../../src/core/diagnostics';
import { ProjectTree } from '../../src/source/commit-source';
import { type CheckedSession, type SessionFiles, valuesAlone } from '../../src/resolve/session-values';
import { type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { arbitraryValues } from '../support/arbitrary-values';
import { cohort, type Files, lab, project, ROOTFS, session } from '../support/project';
import { expectProperty } from '../support/property';

/** What is found of a session by what it shares with others is what is found of it alone. */

function loaded(files: Files): LoadedProject {
  const entries = Object.entries(files).map(
    ([path, content]) => [path, { content: JSON.stringify(content), isLink: false }] as const,
  );
  return loadFiles(new ProjectTree(new Map(entries)));
}

/** What one file may set. */
const layered = (): fc.Arbitrary<Mapping> =>
  fc.tuple(arbitraryValues(), fc.infiniteStream(fc.nat(5))).map(([values, chances]) => {
    const { session: _session, suspended: _suspended, codeServer, ...rest } = values;
    const { password: _password, ...others } = (codeServer ?? {}) as Mapping;
    // Most parts are left to other files; some are taken back.
    return Object.fromEntries(
      Object.entries({ ...rest, codeServer: others }).flatMap(([name, part]): [string, typeof part | null][] => {
        const chance = (chances.next().value as number | undefined) ?? 0;
        if (chance > 1) return [];
        return [[name, chance === 0 && name !== 'rootfs' ? null : part]];
      }),
    );
  });

/** A microVM that would be killed, whatever else is set. */
const WRONG: Mapping = { firecracker: { vm: { memory: 2048 }, resources: { limits: { memory: '64Mi' } } } };

const OWN: readonly object[] = [{}, { suspended: true }, { suspended: false }, { expiresAt: '2030-01-31T18:00:00Z' }];

interface Case {
  readonly ofProject: Mapping;
  readonly ofLab: Mapping;
  readonly ofCohort: Mapping;
  readonly own: readonly Mapping[];
}

const cases = fc.record<Case>({
  ofProject: layered(),
  ofLab: layered(),
  ofCohort: layered(),
  own: fc.array(layered(), { minLength: 1, maxLength: 2 }),
});

/** The sessions of a class, each with the files that it is made of. */
function sessionsOf({ ofProject, ofLab, ofCohort, own }: Case): SessionFiles[] {
  const sessions = [undefined, ...own, ...own, WRONG].map((values, index) => {
    const name = `s${String(index)}`;
    const spec = { userId: `user ${String(index)}`, ...OWN[index % OWN.length], ...(values && { values }) };
    return [`sessions/class/${name}.yaml`, session(name, spec)];
  });
  const files: Files = {
    'dozlab.yaml': project({ values: ofProject }),
    'labs/vm.yaml': lab('vm', { values: mergeTrees({ rootfs: ROOTFS }, ofLab), diskSize: { min: '2G', max: '8G' } }),
    'sessions/class/cohort.yaml': cohort('class', { values: ofCohort }),
    ...(Object.fromEntries(sessions) as Files),
  };
  const whole = loaded(files);
  const [vm] = whole.labs;
  return whole.cohorts.flatMap((each) =>
    each.sessions.flatMap((one): SessionFiles[] =>
      one.document === undefined || one.isFlawed === true
        ? []
        : [
            {
              loaded: whole,
              project: layer(whole.project),
              lab: vm,
              cohort: each,
              session: one,
              document: one.document,
            },
          ],
    ),
  );
}

const data = (value: object): unknown => JSON.parse(JSON.stringify(value));

const plain = ({ values, given, problems }: CheckedSession) => ({
  values: values && data(values),
  given: data(given),
  problems: inOrder(problems),
});

test('values by what sessions share are those of each alone', () => {
  let alike = 0;
  let alone = 0;
  expectProperty(cases, (given) => {
    const sessions = sessionsOf(given);
    const [first] = sessions;
    if (
      first?.lab?.document === undefined ||
      [first.project.source, first.lab, first.cohort].some(({ isFlawed }) => isFlawed)
    )
      return;
    const shared = new AlikeValues(first, first.lab);
    const found = sessions.flatMap((files) => {
      const one = shared.of(files);
      if (one === undefined) alone += 1;
      return one === undefined ? [] : [{ one, files }];
    });
    alike += found.length;
    expect(found.map(({ one }) => plain(one))).toEqual(found.map(({ files }) => plain(valuesAlone(files))));
  });
  expect(alike).toBeGreaterThan(200);
  expect(alone).toBeGreaterThan(20);
});
