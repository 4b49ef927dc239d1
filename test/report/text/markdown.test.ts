import { REPORT_MARKER } from '../../../src/git/forge/forge';
import { markdown } from '../../../src/report/text/markdown';
import { cohort, lab, session, type Files } from '../../support/project';
import { reportOfChange } from '../../support/report';

jest.setTimeout(120_000);

const students = Array.from({ length: 150 }, (_, index) => `student-${String(index)}`);

const sessions = (of: (id: string, index: number) => object): Files =>
  Object.fromEntries(students.map((id, index) => [`sessions/class/${id}.yaml`, session(id, of(id, index))]));

/** Values that differ from session to session, each in its own way. */
const differing = (_: string, index: number): object => ({
  userId: `\`\`\` </details> | @team <b>${String(index)} ${'ü'.repeat(100)}`,
  values: {
    firecracker: { vm: { memory: 512 + index } },
    annotations: Object.fromEntries(
      Array.from({ length: 8 }, (_unused, each) => [
        `example.com/${String(each)}-${String(index)}`,
        '```|</details>'.repeat(5),
      ]),
    ),
  },
});

describe('a report that is too large for a comment', () => {
  const report = reportOfChange(
    sessions(() => ({})),
    sessions(differing),
  );
  const text = markdown(report);

  it('stays below the size of a comment, and fills it', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    expect(Buffer.byteLength(text)).toBeGreaterThan(50_000);
    expect(text.startsWith(REPORT_MARKER)).toBe(true);
  });

  it('counts the lines that are missing', () => {
    const all = report.diffs.flatMap(({ objects }) => objects.flatMap(({ lines }) => ['', ...lines])).length;
    const shown = Array.from(text.matchAll(/^(`{3,})diff\n([^]*?)\n\1$/gm), ([, , lines = '']) =>
      lines.split('\n').filter((line) => !line.startsWith('…')),
    ).flat().length;
    const missing = /Left out: ([\d,]+) lines of manifests/.exec(text)?.[1]?.replaceAll(',', '');
    expect(all).toBeGreaterThan(shown);
    expect(Number(missing)).toBe(all - shown);
  });

  it('closes all blocks', () => {
    let fence: string | undefined;
    let depth = 0;
    for (const line of text.split('\n')) {
      const [found] = /^`{3,}/.exec(line) ?? [];
      if (fence !== undefined) {
        if (line === fence) fence = undefined;
      } else if (found !== undefined) fence = found;
      else if (line === '<details>') depth += 1;
      else if (line === '</details>') depth -= 1;
    }
    expect({ fence, depth }).toEqual({ fence: undefined, depth: 0 });
  });

  it('shows no text of users as markup', () => {
    const outside = text.replaceAll(/^(`{3,})\w*\n[^]*?\n\1$/gm, '').replaceAll(/(`+)[^`][^]*?\1(?!`)/g, '');
    expect(outside).not.toContain('@team');
    expect(outside).not.toContain('<b>');
  });

  it('has all sessions in JSON', () => {
    expect(report.sessions.changed.flatMap((group) => group.sessions)).toHaveLength(students.length);
  });
});

describe('the report of a new class of 30', () => {
  const ids = Array.from({ length: 30 }, (_, index) => `student-${String(index)}`);
  const odd = { values: { firecracker: { vm: { memory: 4096 } } } };
  const ofClass: Files = {
    'sessions/spring/cohort.yaml': cohort('spring'),
    ...Object.fromEntries(
      ids.map((id, index) => [
        `sessions/spring/${id}.yaml`,
        session(id, { userId: id, lab: 'new', ...(index < 2 ? odd : {}) }),
      ]),
    ),
  };
  const newLab = { 'labs/new.yaml': lab('new', { values: { rootfs: { imageUrl: 'https://example.com/new.ext4' } } }) };
  const first = reportOfChange({ 'sessions/class/cohort.yaml': undefined, 'sessions/class/alice.yaml': undefined, ...newLab }, ofClass); // prettier-ignore
  const further = reportOfChange(newLab, ofClass);

  it('has one manifest, the differences of the odd sessions, and at most 300 lines', () => {
    const sessions = first.diffs.filter(({ paths: [path = ''] }) => path.startsWith('dist/sessions/'));
    expect(sessions.map(({ paths, like }) => [paths.length, like])).toEqual([
      [28, undefined],
      [2, 'dist/sessions/spring/student-10.yaml'],
    ]);
    expect(sessions[1]?.objects.flatMap(({ lines }) => lines.filter((line) => /^[-+]/.test(line)))).toEqual([
      '-          value: "1024"',
      '+          value: "4096"',
      // The limit and the request.
      '-            memory: "2Gi"',
      '+            memory: "5Gi"',
      '-            memory: "2Gi"',
      '+            memory: "5Gi"',
    ]);
    expect(markdown(first).split('\n').length).toBeLessThanOrEqual(300);
  });

  it('shows a new lab as a difference from another lab', () => {
    const [model] = further.diffs.filter(({ paths: [path = ''] }) => path.startsWith('dist/sessions/'));
    expect(model).toMatchObject({ like: 'dist/sessions/class/alice.yaml' });
    expect(model?.objects.flatMap(({ lines }) => lines.filter((line) => /^[-+]/.test(line)))).toEqual([
      '-          value: "https://example.com/rootfs.ext4"',
      '+          value: "https://example.com/new.ext4"',
    ]);
    expect(markdown(further).split('\n').length).toBeLessThanOrEqual(200);
  });
});
