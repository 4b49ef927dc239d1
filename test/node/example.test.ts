import { kubectl, removeAtEnd, waitForServiceAccount } from '../cluster/cluster';
import { FluxProject } from '../cluster/flux-project';
import { COHORTS, exampleFiles, namespaceOf } from './example-files';
import { Internet } from './internet';
import { execIn, passwordSecret, podsWhenAvailable } from './sessions';

describe('the example project, by Flux: manifests for one cohort, releases of the chart for the other', () => {
  const internet = new Internet();
  let flux: FluxProject;

  beforeAll(async () => {
    await internet.start();
    flux = new FluxProject('example', {}, exampleFiles(internet));
    flux.bootstrap();
    flux.sync();
    for (const [cohort] of COHORTS) removeAtEnd('namespace', namespaceOf(cohort));
  });

  afterAll(() => {
    flux.end();
    internet.stop();
  });

  test.each(COHORTS)(
    '%s: each session becomes Ready, with SSH to its microVM and its editor',
    async (cohort, sessions) => {
      const namespace = namespaceOf(cohort);
      waitForServiceAccount(namespace);
      kubectl.apply(sessions.map((id) => passwordSecret(namespace, 'only-for-tests', id)));
      for (const id of sessions)
        kubectl.run(['wait', '--for=create', `deployment/lab-session-${id}`, '-n', namespace, '--timeout=120s']);
      const pods = podsWhenAvailable(namespace);
      expect(pods.map(({ metadata }) => metadata.labels?.['session-id']).sort()).toEqual(sessions);
      for (const { metadata, status } of pods) {
        expect(execIn(namespace, metadata.name, 'code-server', 'nc', '-w', '3', '172.16.0.2', '22')).toMatch(
          /^SSH-2\.0-dropbear/,
        );
        const { podIP } = status as { readonly podIP: string };
        expect(await (await fetch(`http://${podIP}:8080/login`)).text()).toBe('Please log in');
      }
    },
  );
});
