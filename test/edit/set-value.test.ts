import { parseAssignment, parsedPath, valuesOf } from '../../src/edit/set-value';
import { withoutSecrets } from '../../src/core/redact';

test.each([
  ['firecracker.vm.memory=4096', ['firecracker', 'vm', 'memory'], 4096],
  ['values.firecracker.vm.memory=4096', ['firecracker', 'vm', 'memory'], 4096],
  ['firecracker.vm.memory="4096"', ['firecracker', 'vm', 'memory'], '4096'],
  ['labels.course=kubernetes-101', ['labels', 'course'], 'kubernetes-101'],
  ['labels.course=101', ['labels', 'course'], '101'],
  ['labels.version=1.30', ['labels', 'version'], '1.30'],
  ['labels.x=true', ['labels', 'x'], 'true'],
  ['labels.x=TRUE', ['labels', 'x'], 'TRUE'],
  ['labels.x=', ['labels', 'x'], ''],
  ['labels.x=null', ['labels', 'x'], null],
  ['labels.x="null"', ['labels', 'x'], 'null'],
  ['labels["a.b/c"]=yes', ['labels', 'a.b/c'], 'yes'],
  ["labels['a.b/c']=yes", ['labels', 'a.b/c'], 'yes'],
  ['labels[a.b/c]=yes', ['labels', 'a.b/c'], 'yes'],
  ['labels.a\\.b/c=yes', ['labels', 'a.b/c'], 'yes'],
  ['annotations.note=a = b, c: d # e', ['annotations', 'note'], 'a = b, c: d # e'],
  ['annotations.note={x', ['annotations', 'note'], '{x'],
  ['networkPolicy.enabled=TRUE', ['networkPolicy', 'enabled'], true],
  ['imagePullSecrets=[{name: one}]', ['imagePullSecrets'], [{ name: 'one' }]],
  ['nodeSelector={"a": "b"}', ['nodeSelector'], { a: 'b' }],
])('parseAssignment reads %s', (text, path, value) => {
  expect(parseAssignment(text)).toEqual({ path, value });
});

test.each([
  ['firecracker.vm.memory', 'takes path=value'],
  ['=1', 'is not a path'],
  ['.a=1', 'is not a path'],
  ['a..b=1', 'is not a path'],
  ['a b=1', 'is not a path'],
  ['labels["a]=1', 'is not a path'],
  ['[0]=1', 'is not a path'],
  ['firecracker.vm.memroy=1', 'did you mean memory?'],
  ['memory=1', 'firecracker.vm.memory?'],
  ['session.id=x', 'is not a known key'],
  ['suspended=true', 'is not a known key'],
  ['firecracker.vm.memory=lots', 'accepted: MiB'],
  ['firecracker.vm=5', 'accepted: a mapping'],
  ['labels.x=a b', 'accepted: text'],
  ['labels.__proto__=x', '__proto__'],
  ['__proto__.x=1', '__proto__'],
  ['constructor.prototype=1', 'is not a known key'],
  ['imagePullSecrets[0].name=x', 'is in a list'],
])('parseAssignment refuses %s: %s', (text, says) => {
  expect(() => parseAssignment(text)).toThrow(says);
});

test.each(['codeServer.password=hunter2-hunter2', 'codeServer["password"]=hunter2-hunter2', 'codeServer.Password=hunter2-hunter2', 'values.codeServer.password.x=hunter2-hunter2'])(
  'parseAssignment refuses and hides a password: %s',
  (text) => {
    expect(() => parseAssignment(text)).toThrow('is a secret');
    expect(() => parseAssignment(text)).not.toThrow('hunter2');
    expect(withoutSecrets('hunter2-hunter2')).toBe('(not shown)');
  },
); // prettier-ignore

test('parseAssignment repeats no possible secret', () => {
  expect(() => parseAssignment('codeServer.extraEnv=[{name: hunter2, value: 5}]')).not.toThrow('hunter2');
  expect(() => parseAssignment('rootfs.imageUrl=https://me:hunter2@example.com/x')).toThrow('not shown');
  expect(() => parseAssignment('rootfs.imageUrl=https://me:hunter2@example.com/x')).not.toThrow('hunter2');
});

test('parsedPath refuses a path that cannot be set', () => {
  expect(parsedPath('--unset', 'labels["a.b/c"]')).toEqual(['labels', 'a.b/c']);
  expect(() => parsedPath('--unset', 'firecracker.vm.memroy')).toThrow('did you mean memory?');
});

test('valuesOf merges several paths', () => {
  const values = valuesOf(['labels.a=1', 'labels.b=2', 'labels.a=3', 'labels={"c": "4"}', 'labels.d=5'].map(parseAssignment)); // prettier-ignore
  expect(values).toEqual({ labels: { c: '4', d: '5' } });
});
