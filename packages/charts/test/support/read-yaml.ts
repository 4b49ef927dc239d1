import { parseAllDocuments } from 'yaml';

/** Documents as readers of YAML 1.2 and 1.1 read them. Errors and warnings fail the test. */
export const readYaml = (text: string): unknown[][] =>
  (['1.2', '1.1'] as const).map((version) => {
    const documents = parseAllDocuments(text, { version, uniqueKeys: true });
    expect(documents.flatMap((document) => [...document.errors, ...document.warnings])).toEqual([]);
    return documents.map((document) => document.toJS() as unknown);
  });
