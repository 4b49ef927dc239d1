import { resolveProject } from '../../src/resolve/resolve';
import { loadProject } from '../../src/source/load-project';
import { placeOf } from '../support/problems';
import { SEALED, SECRET_FILE, sealedText, secretProject, sops } from '../support/secret-project';
import { secretRun } from '../support/secret-runs';
import { AGE_FAULTS, CANNOT_OPEN, OPENS, OPENS_TOO, SOPS_FAULTS, SOPS_TEXT } from '../support/sops-secret';

const BOTH = sops(OPENS.recipient, OPENS_TOO.recipient);

/** Problems of the file of the session alice, with their messages. */
function problemsOf(text: string, secrets: object = BOTH): (readonly [place: string, message: string])[] {
  const { problems } = resolveProject(loadProject(secretProject(secrets, { [SECRET_FILE]: text })));
  const found = problems.filter(({ file }) => file === SECRET_FILE);
  expect(JSON.stringify(found)).not.toMatch(/hunter2|ENC\[|AAAA|BEGIN AGE/);
  return found.map((problem) => [placeOf(problem).replace(/^\S+:\d+:\d+ /, ''), problem.message]);
}

const placesOf = (text: string, secrets?: object): string[] => problemsOf(text, secrets).map(([place]) => place);

function changed(text: string, change: (text: string) => string): string {
  const other = change(text);
  expect(other).not.toBe(text);
  return other;
}

describe('a file of SOPS', () => {
  test('has no problem as secret set writes it', () => {
    expect(placesOf(SOPS_TEXT)).toEqual([]);
  });

  test.each(SOPS_FAULTS)('is refused with %s', (_, change, place) => {
    expect(placesOf(changed(SOPS_TEXT, change))).toEqual([place]);
  });

  test.each(AGE_FAULTS)('is refused with an age block %s', (_, change) => {
    expect(placesOf(changed(SOPS_TEXT, change))).toEqual(['sops.age[0] [wrong-value]']);
  });

  test('is accepted with another rule that covers the password alone', () => {
    for (const rule of ['unencrypted_regex: "^(apiVersion|kind|metadata|type)$"', 'encrypted_regex: "^stringData$"'])
      expect(placesOf(SOPS_TEXT.replace('encrypted_regex: "^(data|stringData)$"', rule))).toEqual([]);
  });

  test('says that another rule makes the encrypted text the password', () => {
    const text = SOPS_TEXT.replace('^(data|stringData)$', '^(foo)$');
    expect(problemsOf(text).map(([, message]) => message)).toEqual([
      'leaves stringData.vscode-password as it is: the cluster would get the encrypted text as the password. Fix: run dozlab secret rotate',
    ]);
  });

  test.each([
    ['another type', (text: string) => text.replace('"Opaque"', 'kubernetes.io/service-account-token'), 'type [wrong-value]'],
    ['immutable', (text: string) => `immutable: true\n${text}`, 'immutable [wrong-value]'],
    ['a finalizer', (text: string) => text.replace('metadata:\n', 'metadata:\n  finalizers: [example.com/x]\n'), 'metadata.finalizers [unknown-key]'],
  ])('is refused as a Secret with %s', (_, change, place) => {
    expect(placesOf(changed(SOPS_TEXT, change))).toEqual([place]);
  }); // prettier-ignore
});

describe('recipients that differ from the settings', () => {
  const warned = (secrets: object) => problemsOf(SOPS_TEXT, secrets);
  const place = 'sops.age [not-for-recipients]';
  const fix = 'Fix: run dozlab secret rotate';

  test('that are missing in the file warn', () => {
    expect(warned(sops(OPENS.recipient, OPENS_TOO.recipient, CANNOT_OPEN.recipient))).toEqual([
      [place, `is not encrypted for ${CANNOT_OPEN.recipient} of spec.secrets.sops.age: Flux cannot decrypt it with that key. ${fix}`],
    ]); // prettier-ignore
  });

  test('that only the file has warn', () => {
    expect(warned(sops(OPENS.recipient))).toEqual([
      [place, `is encrypted for ${OPENS_TOO.recipient} too, which spec.secrets.sops.age does not name: the owner of that key can read the password. ${fix}`],
    ]); // prettier-ignore
  });

  test('that are all others warn of both', () => {
    expect(warned(sops(CANNOT_OPEN.recipient)).map(([each]) => each)).toEqual([place, place]);
  });

  test('do not matter when the rules of .sops.yaml decide', () => {
    expect(warned(sops())).toEqual([]);
  });

  test('are listed by secret status', () => {
    const folder = secretProject(sops(CANNOT_OPEN.recipient, OPENS.recipient), { [SECRET_FILE]: SOPS_TEXT });
    const args = ['secret', 'status', '--project', folder];
    const { status, stdout } = secretRun([...args, '-o', 'json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        state: 'present',
        openedBy: `${OPENS.recipient}, ${OPENS_TOO.recipient}`,
        notFor: [CANNOT_OPEN.recipient],
        alsoFor: [OPENS_TOO.recipient],
      },
    ]);
    expect(secretRun(args).stdout).toContain(
      `; not ${CANNOT_OPEN.recipient}; against the settings: ${OPENS_TOO.recipient}`,
    );
    const same = secretProject(BOTH, { [SECRET_FILE]: SOPS_TEXT });
    expect(secretRun(['secret', 'status', '--project', same, '-o', 'json']).stdout).not.toMatch(/notFor|alsoFor/);
  });
});

describe('a SealedSecret', () => {
  const text = sealedText('hunter2-hunter2');

  test.each([
    ['another type', (of: string) => of.replace(/type: "?Opaque"?/, 'type: kubernetes.io/service-account-token'), 'spec.template.type [wrong-value]'],
    ['immutable', (of: string) => of.replace('  template:\n', '  template:\n    immutable: true\n'), 'spec.template.immutable [wrong-value]'],
    ['an owner', (of: string) => of.replace('metadata:\n', 'metadata:\n  ownerReferences: []\n'), 'metadata.ownerReferences [unknown-key]'],
    ['a value that is cut off', (of: string) => of.replace(/(vscode-password: "?[A-Za-z0-9+/]{340})[A-Za-z0-9+/=]*/, '$1'), 'spec.encryptedData.vscode-password [wrong-value]'],
    ['a value that is no sealed one', (of: string) => of.replace(/(vscode-password: "?)[A-Za-z0-9+/=]*/, `$1${'A'.repeat(600)}`), 'spec.encryptedData.vscode-password [wrong-value]'],
  ])('is refused with %s', (_, change, place) => {
    expect(placesOf(changed(text, change), SEALED)).toEqual([place]);
  }); // prettier-ignore

  test('with another scope than the settings warns', () => {
    expect(placesOf(text, SEALED)).toEqual([]);
    const wide = sealedText('hunter2-hunter2', {}, 'cluster-wide');
    expect(problemsOf(wide, SEALED)).toEqual([
      ['metadata.annotations [wrong-value]', 'is sealed cluster-wide, but spec.secrets.sealedSecrets.scope is strict. Fix: run dozlab secret rotate'], // prettier-ignore
    ]);
  });
});
