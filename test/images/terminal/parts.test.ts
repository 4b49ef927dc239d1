import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { reconnectDelay } from '../../../images/terminal/page/delay';
import { ConfigError, readConfig } from '../../../images/terminal/src/config';
import { parseRequest } from '../../../images/terminal/src/messages';
import { RecentOutput } from '../../../images/terminal/src/recent-output';
import { tmuxCommand } from '../../../images/terminal/src/shell-channel';
import { temporaryFolder } from '../../support/project';

describe('the environment', () => {
  function networkConfig(content: string): string {
    const path = join(temporaryFolder(), 'network-config');
    writeFileSync(path, content);
    return path;
  }

  test('wins over the file of network-setup', () => {
    const file = networkConfig('GATEWAY_IP=172.16.0.1\nVM_IP=172.16.0.2\r\nPOD_IP=\nTAP_DEVICE=tap0\n');
    const base = { SESSION_ID: 'a', NETWORK_CONFIG_FILE: file };
    expect(readConfig(base).vm).toEqual({ host: '172.16.0.2', port: 22 });
    expect(readConfig({ ...base, VM_IP: '10.0.0.2', VM_SSH_PORT: '2222' }).vm).toEqual({
      host: '10.0.0.2',
      port: 2222,
    });
    expect(readConfig({ ...base, VM_IP: '' }).vm.host).toBe('172.16.0.2');
  });

  test('has defaults', () => {
    expect(readConfig({ SESSION_ID: 'a', VM_IP: '172.16.0.2' })).toEqual({
      sessionId: 'a',
      vm: { host: '172.16.0.2', port: 22 },
      login: { user: 'root', keyFile: undefined, passwordFile: undefined, password: undefined },
      port: 8081,
      basePath: '',
      allowedOrigins: [],
      shellLimit: 8,
      viewerLimit: 32,
      graceSeconds: 600,
      outputBytes: 262_144,
    });
  });

  test('is refused without an address of the VM', () => {
    const read = () => readConfig({ SESSION_ID: 'a', NETWORK_CONFIG_FILE: '/does/not/exist' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('VM_IP is neither set nor in /does/not/exist. Fix: set it to the address of the VM');
  });
});

describe('recent output', () => {
  test('is the end of what was added, at a line or a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 30 }),
        fc.integer({ min: 8, max: 64 }),
        (parts, size) => {
          const recent = new RecentOutput(size);
          for (const part of parts) recent.add(Buffer.from(part));
          const all = Buffer.from(parts.join(''));
          const text = recent.text();
          expect(all.toString().endsWith(text)).toBe(true);
          const isWhole = all.length <= size;
          const hasLine = all.subarray(-size).includes('\n');
          const least = isWhole ? all.length : hasLine ? 0 : size - 3;
          expect(Buffer.byteLength(text)).toBeGreaterThanOrEqual(least);
        },
      ),
    );
  });

  test('has a fixed size, whatever is added', () => {
    const recent = new RecentOutput(8);
    recent.add(Buffer.from(`${'x'.repeat(100)}\n12345`));
    expect(recent.text()).toBe('12345');
    recent.add(Buffer.from('67890abcdef'));
    expect(recent.text()).toBe('90abcdef');
  });
});

test('no frame makes parsing fail, and a request has the right types', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.jsonValue().map((value) => JSON.stringify({ type: 'resize', cols: value, rows: 1 })),
      ),
      (frame) => {
        const request = parseRequest(frame);
        const fields = typeof request === 'string' ? [] : Object.values(request).slice(1);
        expect(
          fields.every((field) => typeof field === 'string' || (Number(field) >= 1 && Number(field) <= 1000)),
        ).toBe(true);
      },
    ),
  );
});

test('the command of tmux has no text but the id', () => {
  expect(tmuxCommand('abc123')).toMatch(/ -s dozlab-abc123$/);
  for (const id of ['', 'abc', 'abc123;id', '$(id)xx', 'abcdef\n', "abcdef'"])
    expect(() => tmuxCommand(id)).toThrow('not an id');
});

test('pages wait longer at each attempt, at most 10 s, and not all as long', () => {
  expect([0, 1, 2, 3, 4, 5, 60].map((attempts) => reconnectDelay(attempts, 0))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
  expect(reconnectDelay(0, 1)).toBe(250);
});
