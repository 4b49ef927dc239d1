import { goldenSession } from '../../support/golden';
import { container, environmentOf, labSession, ofKind, one } from '../../support/manifests';

describe('the password of VS Code', () => {
  it('comes from the given Secret and key', () => {
    const manifests = goldenSession('existing-secret', {
      codeServer: { existingSecret: 'class-passwords', existingSecretKey: 'alice', workspaceReadOnly: true },
    });

    expect(ofKind(manifests, 'Secret')).toEqual([]);
    expect(environmentOf(container(manifests, 'code-server'))[0]).toBe('PASSWORD=<class-passwords/alice>');
    expect(container(manifests, 'code-server').volumeMounts?.[1]).toEqual({
      name: 'vm-data',
      mountPath: '/workspace',
      readOnly: true,
    });
  });

  it('creates a Secret, unless the values name one', () => {
    const secret = one(labSession({ codeServer: { password: 'pä$$w"rd 😀' } }), 'Secret');
    const data = secret['data'] as Record<string, string>;

    expect(secret.metadata.name).toBe('lab-session-alice-001-secrets');
    expect(Buffer.from(data['vscode-password'] ?? '', 'base64').toString()).toBe('pä$$w"rd 😀');
    expect(ofKind(labSession({ codeServer: { password: 'x', existingSecret: 'y' } }), 'Secret')).toEqual([]);
  });

  it('is in no other object', () => {
    const others = labSession({ codeServer: { password: 'hunter2-hunter2' } }).filter(({ kind }) => kind !== 'Secret');

    expect(JSON.stringify(others)).not.toContain('hunter2');
    expect(JSON.stringify(others)).not.toContain(Buffer.from('hunter2-hunter2').toString('base64'));
  });
});
