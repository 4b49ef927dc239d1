import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { HEADER } from '../../src/manifests/manifest-file';
import { pathsBelow } from './folder';
import { cohort, lab, project, session } from './project';
import type { Random } from './random';

/** Damage to it must not change the output. */
const CACHE = '.dozlab';

const COHORTS = ['red', 'green', 'blue', 'grey'] as const;
const LABS = ['linux', 'cloud'] as const;

const FREQUENT = ['add', 'change', 'sameSizeAndTime', 'mend'];

export class EditedProject {
  readonly foreign = new Map<string, string>();
  private readonly broken = new Map<string, string>();
  private made = 0;

  constructor(
    readonly folder: string,
    private readonly random: Random,
    sessions: number,
  ) {
    this.put('dozlab.yaml', project(this.settings()));
    for (const name of LABS) this.put(`labs/${name}.yaml`, lab(name));
    for (const [index, name] of COHORTS.entries())
      this.put(`sessions/${name}/cohort.yaml`, cohort(name, { delivery: index % 2 === 0 ? 'helm' : 'kustomize' }));
    for (let index = 0; index < sessions; index += 1) this.add();
  }

  edit(name = this.random.pick([...Object.keys(this.edits), ...FREQUENT])): string {
    return `${name} ${this.edits[name]?.() ?? '(nothing to do)'}`;
  }

  inputs(): string[] {
    return ['dozlab.yaml', ...pathsBelow(this.folder).filter((path) => /^(labs|sessions)\//.test(path))];
  }

  private readonly edits: Readonly<Record<string, () => string | undefined>> = {
    add: () => this.add(),
    change: () => this.ofSession((path, name) => this.put(path, session(name, this.spec()))),
    end: () => this.ofSession((path) => this.remove(path)),
    move: () => this.ofSession((path, name) => this.moved(path, `sessions/${this.random.pick(COHORTS)}/${name}.yaml`)),
    rename: () =>
      this.ofSession((path) => {
        const name = `s${String((this.made += 1))}`;
        this.remove(path);
        return this.put(`${dirname(path)}/${name}.yaml`, session(name, this.spec()));
      }),
    replace: () =>
      this.ofSession((path, name) => {
        this.remove(path);
        return this.put(path, session(name, this.spec()));
      }),
    lab: () => {
      const name = this.random.pick(LABS);
      const vm = { memory: this.random.pick([1024, 2048, 4096]) };
      return this.put(`labs/${name}.yaml`, lab(name, { values: { rootfs: { imageUrl: `https://example.com/${name}.ext4` }, firecracker: { vm } } })); // prettier-ignore
    },
    cohort: () => {
      const name = this.random.pick(COHORTS);
      const delivery = this.random.pick(['helm', 'kustomize']);
      return this.put(`sessions/${name}/cohort.yaml`, cohort(name, { delivery, values: { labels: this.labels() } }));
    },
    project: () => this.put('dozlab.yaml', project(this.settings())),
    break: () => {
      const path = this.random.pick(this.inputs());
      const text = this.text(path);
      if (!this.broken.has(path)) this.broken.set(path, text);
      const faulty = [`${text}  : [`, text.replace(/^spec:/m, 'spec:\n  unknown: 1'), ''];
      return this.put(path, this.random.pick(faulty));
    },
    mend: () => this.mend(),
    mendAll: () => Array.from(this.broken, () => this.mend()).join(' '),
    touch: () => this.ofInput((path) => this.put(path, this.text(path))),
    older: () =>
      this.ofInput((path) => {
        utimesSync(join(this.folder, path), 1_000_000_000, 1_000_000_000 + this.random.whole(0, 9));
        return path;
      }),
    sameSizeAndTime: () => this.ofInput((path) => this.unseen(path)),
    /** Another file with the same size and times replaces it. */
    exchange: () =>
      this.ofSession((path) => {
        const place = join(this.folder, path);
        writeFileSync(`${place}.new`, altered(this.text(path)));
        takeTimes(place, `${place}.new`);
        renameSync(`${place}.new`, place);
        return path;
      }),
    deleteCache: () => {
      rmSync(join(this.folder, CACHE), { recursive: true, force: true });
      return CACHE;
    },
    damageCache: () => {
      const path = this.pick(pathsBelow(join(this.folder, CACHE)).map((each) => `${CACHE}/${each}`));
      if (path === undefined) return undefined;
      const place = join(this.folder, path);
      const { size } = statSync(place);
      const way = this.random.pick(['cut', 'garbage', 'flip', 'folder', 'gone'] as const);
      if (way === 'cut') truncateSync(place, Math.floor(size * this.random.next()));
      else if (way === 'garbage') writeFileSync(place, 'garbage');
      else if (way === 'flip') writeFileSync(place, flipped(readFileSync(place), this.random));
      else unlinkSync(place);
      if (way === 'folder') mkdirSync(place);
      return `${way} ${path}`;
    },
    generated: () => this.ofGenerated((path) => this.put(path, `${this.text(path)}# by hand\n`)),
    generatedUnseen: () => this.ofGenerated((path) => this.unseen(path)),
    generatedGone: () => this.ofGenerated((path) => this.remove(path)),
    generatedFolderGone: () => {
      const path = this.random.pick(['dist/sessions', 'dist/releases', 'dist/flux', 'dist', 'fluxcd']);
      rmSync(join(this.folder, path), { recursive: true, force: true });
      for (const each of this.foreign.keys()) if (each.startsWith(`${path}/`)) this.foreign.delete(each);
      return path;
    },
    surplus: () => this.put(`dist/sessions/${this.random.pick(COHORTS)}/surplus.yaml`, `${HEADER}kind: Mine\n`),
    foreignFile: () => {
      const path = `dist/sessions/${this.random.pick(COHORTS)}/${this.random.pick(['mine', 'notes'])}.txt`;
      const text = `mine ${String(this.random.whole(0, 9))}\n`;
      this.foreign.set(path, text);
      return this.put(path, text);
    },
  };

  private add(): string {
    const name = `s${String((this.made += 1))}`;
    return this.put(`sessions/${this.random.pick(COHORTS)}/${name}.yaml`, session(name, this.spec()));
  }

  private mend(): string | undefined {
    const path = this.pick([...this.broken.keys()]);
    if (path === undefined) return undefined;
    const text = this.broken.get(path) ?? '';
    this.broken.delete(path);
    return this.put(path, text);
  }

  /** Preserves the modification time to the nanosecond. */
  private unseen(path: string): string {
    const place = join(this.folder, path);
    const times = join(this.folder, '.times');
    writeFileSync(times, '');
    takeTimes(place, times);
    writeFileSync(place, altered(this.text(path)));
    takeTimes(times, place);
    unlinkSync(times);
    return path;
  }

  private ofInput(act: (path: string) => string): string {
    return act(this.random.pick(this.inputs()));
  }

  private ofSession(act: (path: string, name: string) => string | undefined): string | undefined {
    const path = this.pick(this.inputs().filter((each) => /^sessions\/.*\/s\d+\.yaml$/.test(each)));
    return path === undefined ? undefined : act(path, /([^/]*)\.yaml$/.exec(path)?.[1] ?? '');
  }

  /** Synth rejects a changed chart of the same version. */
  private ofGenerated(act: (path: string) => string): string | undefined {
    const path = this.pick(pathsBelow(this.folder).filter((each) => /^(dist\/(?!charts\/)|fluxcd\/)/.test(each) && !this.foreign.has(each))); // prettier-ignore
    return path === undefined ? undefined : act(path);
  }

  private pick(paths: readonly string[]): string | undefined {
    return paths.length === 0 ? undefined : this.random.pick(paths);
  }

  private put(path: string, content: unknown): string {
    const place = join(this.folder, path);
    mkdirSync(dirname(place), { recursive: true });
    if (existsSync(place) && lstatSync(place).isDirectory()) rmSync(place, { recursive: true });
    writeFileSync(place, typeof content === 'string' ? content : stringify(content));
    return path;
  }

  private remove(path: string): string {
    unlinkSync(join(this.folder, path));
    this.broken.delete(path);
    return path;
  }

  private moved(from: string, to: string): string {
    renameSync(join(this.folder, from), join(this.folder, to));
    this.broken.delete(from);
    return `${from} to ${to}`;
  }

  private text(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  private labels() {
    return { course: `c${String(this.random.whole(0, 99))}` };
  }

  private settings() {
    const url = `https://git.example.com/labs-${String(this.random.whole(0, 2))}.git`;
    return {
      delivery: 'kustomize',
      flux: { source: { url } },
      secrets: { provider: 'existing' },
      values: { codeServer: { existingSecret: 'vscode' }, labels: this.labels() },
    };
  }

  private spec() {
    return {
      userId: `user-${String(this.random.whole(0, 99))}`,
      lab: this.random.pick(LABS),
      ...(this.random.chance(0.3) ? { expiresAt: `2030-01-0${String(this.random.whole(1, 9))}T18:00:00Z` } : {}),
      ...(this.random.chance(0.2) ? { suspended: this.random.chance(0.5) } : {}),
      ...(this.random.chance(0.3) ? { values: { podLabels: this.labels() } } : {}),
    };
  }
}

/** Node would round the times. */
const takeTimes = (from: string, to: string): void => {
  execFileSync('touch', ['-r', from, to]);
};

/** Preserves the length. */
function altered(text: string): string {
  const at = text.search(/\d(?=\D*$)/);
  if (at < 0) return text.replace(/.\n?$/, '#\n').slice(0, text.length);
  return text.slice(0, at) + String((Number(text[at]) + 1) % 10) + text.slice(at + 1);
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) {
    const at = random.whole(0, copy.length - 1);
    copy[at] = (copy[at] ?? 0) ^ 1;
  }
  return copy;
}
