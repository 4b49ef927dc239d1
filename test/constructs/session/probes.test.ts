import type { Mapping } from '@dozlab/charts/schema';
import { container, labSession } from '../../support/manifests';

const probesOf = (name: string, over: Mapping) => {
  const { startupProbe = {}, livenessProbe = {}, readinessProbe = {} } = container(labSession(over), name);
  return { startupProbe, livenessProbe, readinessProbe };
};

/** The time in seconds until the kubelet restarts a container that never answers. */
const patience = ({ initialDelaySeconds = 0, periodSeconds = 0, failureThreshold = 0 }): number =>
  initialDelaySeconds + periodSeconds * failureThreshold;

/** Defaults of version 0.2.0, which older files rely on. */
const OLDER = {
  firecracker: { initialDelaySeconds: 30, periodSeconds: 10, failureThreshold: 3 },
  terminal: { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 3 },
  codeServer: { initialDelaySeconds: 30, periodSeconds: 10, failureThreshold: 3 },
};

const NAMES = { firecracker: 'firecracker-vm', terminal: 'terminal-sidecar', codeServer: 'code-server' };

describe.each(Object.keys(NAMES) as (keyof typeof NAMES)[])('the probes of %s', (key) => {
  const name = NAMES[key];

  it.each<[string, Mapping]>([
    ['nothing', {}],
    ['a delay', { initialDelaySeconds: 7 }],
    ['no delay', { initialDelaySeconds: 0 }],
    ['a delay of an hour', { initialDelaySeconds: 3600 }],
    ['rare probes', { periodSeconds: 300 }],
    ['many failures', { failureThreshold: 100 }],
    ['few failures', { periodSeconds: 1, failureThreshold: 1 }],
    ['everything', { initialDelaySeconds: 601, periodSeconds: 77, failureThreshold: 13 }],
  ])('restart a container no earlier than version 0.2.0 did with %s of the liveness probe', (_, liveness) => {
    const before = patience({ ...OLDER[key], ...liveness });
    for (const startupProbe of [{}, { periodSeconds: 7 }] as Mapping[]) {
      const after = probesOf(name, { [key]: { livenessProbe: liveness, startupProbe } });
      expect(patience(after.startupProbe)).toBeGreaterThanOrEqual(Math.max(before, key === 'codeServer' ? 300 : 600));
      expect(after.livenessProbe).toMatchObject(liveness);
    }
  });

  it('keep a delay on the probe that has it, and give none to the others', () => {
    const { startupProbe, livenessProbe, readinessProbe } = probesOf(name, {
      [key]: { readinessProbe: { initialDelaySeconds: 20 } },
    });
    expect(readinessProbe).toMatchObject({ initialDelaySeconds: 20 });
    for (const probe of [startupProbe, livenessProbe]) expect(probe).not.toHaveProperty('initialDelaySeconds');
  });

  it('take the startup probe as it is given', () => {
    const given = { initialDelaySeconds: 2, periodSeconds: 3, timeoutSeconds: 4, failureThreshold: 5 };
    const livenessProbe = { initialDelaySeconds: 900, timeoutSeconds: 9 };
    expect(probesOf(name, { [key]: { startupProbe: given, livenessProbe } }).startupProbe).toMatchObject(given);
  });
});

it.each([
  ['terminal', 'readiness', { readinessProbe: { path: '/asked', timeoutSeconds: 9 } }],
  ['codeServer', 'liveness', { livenessProbe: { path: '/asked', timeoutSeconds: 9 } }],
] as const)('the startup probe of %s asks as its %s probe does, unless it is told otherwise', (key, _, asked) => {
  const startup = (startupProbe: Mapping) => probesOf(NAMES[key], { [key]: { ...asked, startupProbe } }).startupProbe;
  expect(startup({})).toMatchObject({ httpGet: { path: '/asked' }, timeoutSeconds: 9 });
  expect(startup({ path: '/up', timeoutSeconds: 2 })).toMatchObject({ httpGet: { path: '/up' }, timeoutSeconds: 2 });
});
