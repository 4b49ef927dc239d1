import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { REPOSITORY } from '../support/cli';
import { contentsOf } from '../support/folder';
import { VARIABLES, git } from '../support/git';
import { session, temporaryFolder, type Files } from '../support/project';
import { commit, committed, published, registry, runPublish } from '../support/published';
import { Random } from '../support/random';
import type { Fault } from '../support/registry';

/** How many moments of each kind are tried: few in CI, many in the long run. */
const MOMENTS = Number(process.env['FAULT_MOMENTS'] ?? 2);
const TIME_LIMIT = 60_000 + MOMENTS * 20_000;
const SEED = Number(process.env['FAULT_SEED'] ?? 7);

/** How many requests a publication of two changed cohorts takes: the manifest, two blobs in three each, the manifest. */
const REQUESTS = 2 * 8;

const sessions = (memory: number): Files =>
  Object.fromEntries(
    ['one', 'two'].flatMap((cohort) =>
      Array.from({ length: 10 }, (_, index) => `${cohort}-${String(index)}`).map((id) => [
        `sessions/${cohort}/${id}.yaml`,
        session(id, { values: { firecracker: { vm: { memory } } } }),
      ]),
    ),
  );

/** A project of which the registry has an older version, and what Flux gets of each cohort by either. */
interface Fixture {
  readonly folder: string;
  readonly older: ReadonlyMap<string, Map<string, string>>;
  readonly newer: ReadonlyMap<string, Map<string, string>>;
  /** Has the registry hold the older version, and nothing else. */
  readonly setBack: () => void;
}

let fixture: Fixture;

const NAMES = ['labs/one:latest', 'labs/two:latest'];

beforeAll(async () => {
  const folder = committed(sessions(1024));
  const outputs = () =>
    new Map(
      ['sessions/one', 'releases/two'].map((path, index) => [
        NAMES[index] ?? '',
        contentsOf(join(folder, 'dist', path)),
      ]),
    );
  const older = outputs();
  await published(folder);
  const [blobs, manifests] = [new Map(registry.blobs), new Map(registry.manifests)];
  commit(folder, sessions(2048));
  const setBack = (): void => {
    registry.reset();
    // It does not watch over what is pushed: the order of what we send has to.
    registry.isCareless = true;
    for (const [digest, content] of blobs) registry.blobs.set(digest, content);
    for (const [name, manifest] of manifests) registry.manifests.set(name, manifest);
  };
  fixture = { folder, older, newer: outputs(), setBack };
});

beforeEach(() => {
  fixture.setBack();
});

/** Which version the registry has of each cohort. Throws when it is neither, or a mix. */
const versions = (): Promise<string[]> =>
  Promise.all(
    NAMES.map(async (name) => {
      const files = await registry.filesOf(name);
      for (const version of ['older', 'newer'] as const) {
        const wanted = fixture[version].get(name) ?? new Map<string, string>();
        if (files.size === wanted.size && Array.from(wanted).every(([path, text]) => files.get(path) === text))
          return version;
      }
      throw new Error(`${name} is a mix: ${Array.from(files.keys()).join(', ')}`);
    }),
  );

/** The next run makes good what is not, and the one after has nothing to do. */
async function expectRepaired(): Promise<void> {
  const states = (await versions()).map((version) => (version === 'newer' ? 'unchanged' : 'pushed'));
  registry.before = () => undefined;
  expect(Object.values(await published(fixture.folder))).toEqual(states);
  expect(await versions()).toEqual(['newer', 'newer']);
  expect(await published(fixture.folder)).toEqual({ one: 'unchanged', two: 'unchanged' });
}

const moments = (random: Random, count = MOMENTS): number[] =>
  random.shuffled(Array.from({ length: REQUESTS }, (_, index) => index)).slice(0, count);

/** Has something happen at one request, and from then on. */
function from(moment: number, what: (isFirst: boolean) => Fault | undefined): void {
  let seen = -1;
  registry.before = () => {
    seen += 1;
    return seen < moment ? undefined : what(seen === moment);
  };
}

/** Waits for an answer for a moment alone, where people would wait for minutes. A busy machine may take longer for any answer. */
async function withoutPatience<T>(run: () => Promise<T>): Promise<T> {
  const wait = AbortSignal.timeout.bind(AbortSignal);
  const limit = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => wait(100));
  try {
    return await run();
  } finally {
    limit.mockRestore();
  }
}

/** Starts the program, and kills it after a time or when it is told to. */
function start(folder: string, milliseconds?: number) {
  const child = spawn(process.execPath, [join(REPOSITORY, 'bin', 'dozlab'), 'publish'], {
    cwd: folder,
    env: VARIABLES,
    stdio: 'ignore',
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const timer = milliseconds === undefined ? undefined : setTimeout(kill, milliseconds);
  const ended = once(child, 'exit').then(() => {
    clearTimeout(timer);
  });
  return { kill, ended };
}

test('without a fault it takes as many requests as the moments are chosen from', async () => {
  registry.asked.length = 0;
  await published(fixture.folder);
  expect(registry.asked).toHaveLength(REQUESTS);
});

test(
  'a program killed at any moment leaves each cohort old or new',
  async () => {
    const random = new Random(SEED);
    const caught = new Set<string>();
    const anyTime = Array.from({ length: Math.ceil(MOMENTS / 2) }, () => undefined);
    for (const moment of [...moments(random, 2 * MOMENTS), ...anyTime]) {
      fixture.setBack();
      const run = start(fixture.folder, moment === undefined ? random.whole(20, 900) : undefined);
      // What the request carries may be there as a whole, in part, or not at all.
      if (moment !== undefined)
        from(moment, (isFirst) => {
          if (isFirst) run.kill();
          return random.chance(0.5) ? 'reset' : undefined;
        });
      await run.ended;
      caught.add((await versions()).join());
      await expectRepaired();
    }
    expect(caught).toContain('older,older');
  },
  TIME_LIMIT,
);

// A response to HEAD has no text, so the message is optional.
describe.each<[string, Fault, RegExp]>([
  ['asks for a login', 401, /asks for a login/],
  ['revokes the permission', 403, /\(403\)(: it is broken)?; the login lacks the permission/],
  ['fails', 500, /\(500\)(: it is broken)?$/m],
  ['ends the connection', 'reset', /does not answer \(/],
  ['does not answer', 'silence', /does not answer \(no answer in 120 s\)/],
])('a registry that %s', (_, fault, message) => {
  test(
    'during publish leaves each cohort old or new, and is reported',
    async () => {
      for (const moment of moments(new Random(SEED))) {
        fixture.setBack();
        from(moment, () => fault);
        const run = () => runPublish(fixture.folder);
        const { status, stderr } = await (fault === 'silence' ? withoutPatience(run) : run());
        const before = await versions();
        expect({ moment, status }).toEqual({ moment, status: 1 });
        expect(stderr).toMatch(message);
        expect(stderr).toMatch(/[12] cohorts? failed and did not change. Fix: run dozlab publish again/);
        expect(before).toContain('older');
        await expectRepaired();
      }
    },
    TIME_LIMIT,
  );
});

test(
  'a registry that goes away, and comes back',
  async () => {
    for (const moment of moments(new Random(SEED))) {
      fixture.setBack();
      let stopped: Promise<void> | undefined;
      from(moment, () => {
        stopped ??= registry.stop();
        return 'reset';
      });
      const { status, stderr } = await runPublish(fixture.folder);
      await stopped;
      await registry.start();
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('does not answer (') as string });
      await expectRepaired();
    }
  },
  TIME_LIMIT,
);

test('a registry that is not there', async () => {
  await registry.stop();
  const { status, stderr } = await runPublish(fixture.folder);
  await registry.start();
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining('does not answer (ECONNREFUSED)') as string,
  });
});

test.each([
  ['the same version', 'HEAD', ['newer,newer']],
  ['two versions', 'HEAD~1', ['newer,newer', 'newer,older', 'older,newer', 'older,older']],
])('two at once, of %s, leave each cohort whole', async (_, commitOfOther, accepted) => {
  const other = join(temporaryFolder(), 'other');
  git(fixture.folder, 'clone', '--quiet', fixture.folder, other);
  git(other, 'checkout', '--quiet', commitOfOther);
  const runs = [start(fixture.folder), start(other)];
  await Promise.all(runs.map(({ ended }) => ended));
  expect(accepted).toContain((await versions()).join());
  await expectRepaired();
});
