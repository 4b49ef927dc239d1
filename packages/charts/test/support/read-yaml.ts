import { parseAllDocuments } from 'yaml';

/** What readers of YAML 1.2 and of 1.1 make of documents. Whatever they complain of is an error. */
export const readYaml = (text: string): unknown[][] =>
  (['1.2', '1.1'] as const).map((version) => {
    const documents = parseAllDocuments(text, { version, uniqueKeys: true });
    expect(documents.flatMap((document) => [...document.errors, ...document.warnings])).toEqual([]);
    return documents.map((document) => document.toJS() as unknown);
  });
