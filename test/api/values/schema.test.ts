import { inShort, problemsWith, valueAt } from '../../support/values';

describe('a label, annotation or other text', () => {
  it.each<[string, unknown]>([
    ['labels.x', 1],
    ['labels.x', true],
    ['annotations.x', 1000],
    ['annotations.x', false],
    ['session.userId', 7],
    ['session.id', 7],
    ['terminal.tag', 1.2],
    ['suspended', 'yes'],
    ['codeServer.workspaceReadOnly', 'true'],
    ['service.ports.ssh', '22'],
    ['labels', 'x'],
    ['labels', ['x']],
    ['tolerations', {}],
    ['volumes.vmData', '5Gi'],
  ])('%s is not taken from %j', (path, value) => {
    expect(problemsWith(valueAt(path, value)).map(inShort)).toContain(`error wrong-type ${path}`);
  });
});

describe.each<[string, readonly unknown[], readonly unknown[]]>([
  ['session.id', ['a', '0', 'a-b', 'a'.repeat(51)], ['', 'A', '-a', 'a-', 'a.b', 'a_b', 'a'.repeat(52), 'ä']],
  ['session.userId', ['a', ' ', 'x'.repeat(256)], ['', 'x'.repeat(257)]],
  [
    'session.expiresAt',
    ['2027-01-31T18:00:00Z', '2027-01-31T18:00:00+02:00'],
    ['2027-01-31', '2027-01-31T18:00:00', '2027-02-30T18:00:00Z', 'tomorrow'],
  ],
  [
    'rootfs.imageUrl',
    ['https://example.com/a.ext4', 'http://10.0.0.1:8080/a?b=c#d', 'https://[::1]/a'],
    [
      '',
      'ftp://example.com/a',
      'example.com/a',
      'https://a:b@example.com/',
      'https://example.com/a b',
      'https://example.com/$(X)',
      'https://',
      'https://example.com/"',
      'https://example.com/{{',
      'https://example.com/\\',
    ],
  ],
  ['rootfs.diskSize', ['1K', '4G', '2T'], ['4', '4Gi', '0G', '1.5G', '4 G', '-4G']],
  [
    'rootfs.sha256',
    ['', 'a1'.repeat(32), 'A1'.repeat(32)],
    ['a', 'g1'.repeat(32), `sha256:${'a1'.repeat(32)}`, 'a1'.repeat(33), 7],
  ],
  ['network.vmIp', ['172.16.0.254'], ['172.16.0', '172.16.0.256', '172.16.0.02', '::1', 'localhost']],
  ['network.tapDevice', ['tap0', 'a_b-c'], ['', 'a b', 'x'.repeat(16), 'a/b', '$(x)', 'tap0;reboot']],
  [
    'terminal.image',
    ['busybox', 'a/b/c', 'localhost:5000/a', 'a:b', `a@sha256:${'0'.repeat(64)}`],
    ['', 'A', 'a b', 'a@sha256:0', '/a', 'a/', 'a:'],
  ],
  ['terminal.tag', ['latest', '_', '1.2', 'x'.repeat(128)], ['', '.a', '-a', 'a b', 'x'.repeat(129), 'a/b']],
  [
    'terminal.digest',
    [`sha256:${'a'.repeat(64)}`],
    ['', 'sha256:a', `sha512:${'a'.repeat(64)}`, `sha256:${'A'.repeat(64)}`],
  ],
  ['terminal.livenessProbe.path', ['/', '/a?b=c'], ['', 'a', '/a b', '/ä']],
  ['terminal.livenessProbe.periodSeconds', [1, 86400], [0, 86401, 1.5, '10']],
  ['terminal.startupProbe.path', ['/'], ['', 'a']],
  ['terminal.startupProbe.failureThreshold', [1, 86400], [0, 86401, '10']],
  ['firecracker.startupProbe.timeoutSeconds', [1, 86400], [0, 86401]],
  [
    'firecracker.capabilities',
    [[], ['NET_ADMIN'], ['SYS_TTY_CONFIG', 'BPF']],
    [['CAP_NET_ADMIN'], ['net_admin'], ['ALL'], ['NET_ADMIN', 'NET_ADMIN'], ['NET_ADMIN '], [''], [1], 'NET_ADMIN'],
  ],
  ['codeServer.existingSecret', ['a', 'a.b', 'a'.repeat(253)], ['', 'A', 'a_b', '.a', 'a..b', 'a'.repeat(254)]],
  ['service.type', ['ClusterIP', 'NodePort', 'LoadBalancer'], ['ExternalName', 'clusterip', '']],
  ['service.ports.ssh', [1, 65535], [0, 65536, 2.5]],
  ['restartPolicy', ['Always', 'OnFailure', 'Never'], ['never', '']],
  ['workload.kind', ['Deployment', 'Pod'], ['StatefulSet']],
  ['imagePullPolicy', ['Always', 'IfNotPresent', 'Never'], ['', 'always']],
  ['volumes.vmData.sizeLimit', ['5Gi', 5368709120, '1e9', '1.5Gi'], ['', '5 Gi', '-5Gi', '5GB', -1, '5gi', true]],
  ['ingress.vscode.host', ['{id}.example.com', 'a'], ['', 'A.b', 'a b', '*.example.com', 'http://a']],
  ['ingress.vscode.path', ['/', '/{id}/x'], ['', 'a', '/a b', '/a?b']],
  ['httpRoute.requestTimeout', ['0s', '1h30m', '500ms'], ['', '1', '1d', '-1s', '1.5h']],
  [
    'networkPolicy.blockedRanges',
    [[], ['10.0.0.0/8'], ['203.0.113.7/32']],
    [['10.0.0.1/8'], ['10.0.0.0'], ['10.0.0.0/33'], ['::/0'], '10.0.0.0/8'],
  ],
  ['networkPolicy.ingressNamespaces', [[], ['a']], [['A'], ['a.b'], 'a']],
  ['terminationGracePeriodSeconds', [0, 86400], [-1, 86401]],
  ['nodeSelector', [{}, { 'a.b/c': '' }], [{ 'a b': 'c' }, { a: 'b c' }, { '/a': 'b' }, { 'a/': 'b' }]],
])('%s', (path, accepted, refused) => {
  const errors = (value: unknown): string[] =>
    problemsWith(valueAt(path, value))
      .filter(({ severity }) => severity === 'error')
      .map((problem) => problem.path.join('.'));

  it.each(accepted.map((value) => [value]))('takes %j', (value) => {
    expect(errors(value)).toEqual([]);
  });

  it.each(refused.map((value) => [value]))('does not take %j', (value) => {
    const places = errors(value).map((found) => found.slice(0, path.length));

    expect(Array.from(new Set(places))).toEqual([path]);
  });
});
