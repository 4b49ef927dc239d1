import { temporaryFolder } from '../support/project';
import { helm, writeFiles } from './helm';

/** A chart that reads YAML with Go's reader, and prints the data as JSON. npm's readers miss faults that only Go's reader finds. */
const READER = `{{- range $path, $content := .Files.Glob "texts/*" }}
{{- range $document := regexSplit "(?m)^---$" (toString $content) -1 }}
{{- if regexMatch "(?m)^kind:" $document }}
# {{ $path }} {{ $document | fromYaml | toJson }}
{{- end }}
{{- end }}
{{- end }}
`;

const CHUNK = 100;

/** The objects that Go reads from each text. */
export async function readByGo(texts: readonly string[]): Promise<unknown[][]> {
  const objects: unknown[][] = texts.map(() => []);
  for (let start = 0; start < texts.length; start += CHUNK) {
    const folder = writeFiles(temporaryFolder(), [
      { path: 'Chart.yaml', content: 'apiVersion: v2\nname: reader\nversion: 0.1.0\n' },
      { path: 'templates/read.yaml', content: READER },
      ...texts
        .slice(start, start + CHUNK)
        .map((content, index) => ({ path: `texts/${String(start + index)}`, content })),
    ]);
    for (const line of (await helm('helm', ['template', 'reader', folder])).split('\n')) {
      const match = /^# texts\/(\d+) (.*)$/.exec(line);
      if (match) objects[Number(match[1])]?.push(JSON.parse(match[2] ?? ''));
    }
  }
  return objects;
}
