import { bodiesOf, expressionsOf, type Operation } from './ir';
import { CALL, type Calls, printJavaScript } from './javascript';

/** The text prints values that do not vary once. It contains code of the constructs, never text of a user. */
export function specialize(operations: readonly Operation[], varying: readonly string[]): string {
  const stages = new Stages(varying);
  const { early, late } = stages.printed(operations);
  const repeated = Array.from(stages.calls).filter(([, count]) => count > 1);
  const names = new Map(repeated.map(([call], index) => [call, `h${String(index)}`]));
  const withNames = (text: string): string =>
    text.replace(CALL, (_, call: string) => {
      const name = names.get(call);
      return name === undefined ? call : `(${name}??=${call})`;
    });
  const declared = (isLate: boolean): string[] =>
    Array.from(names).flatMap(([call, name]) => (stages.isLate(call) === isLate ? [name] : []));
  const first = `let ${['o', ...stages.names, ...declared(false)].join(',')};${withNames(early)}`;
  const then = `let ${['o=""', ...declared(true)].join(',')};${withNames(late)}return o;`;
  return `return (v,n)=>{${first}return v=>{${then}}}`;
}

const READ = /\bv\b(?:\.([A-Za-z_]\w*))?/g;

interface Staged {
  readonly early: string;
  readonly late: string;
}

class Stages {
  readonly calls: Calls = new Map();
  readonly names: string[] = [];

  constructor(private readonly varying: readonly string[]) {}

  isLate(js: string): boolean {
    return Array.from(js.matchAll(READ)).some(([, name]) => name === undefined || this.varying.includes(name));
  }

  printed(operations: readonly Operation[]): Staged {
    const early: string[] = [];
    const late: string[] = [];
    let run: Operation[] = [];
    const endRun = (): void => {
      if (run.every(({ kind }) => kind === 'text')) late.push(printJavaScript(run, this.calls));
      else {
        const name = this.variable();
        early.push(`o="";${printJavaScript(run, this.calls)}${name}=t(o);`);
        late.push(`o+=${name};`);
      }
      run = [];
    };
    for (const operation of operations.flatMap(inlined)) {
      if (!this.isLateOperation(operation)) {
        run.push(operation);
        continue;
      }
      endRun();
      if (operation.kind !== 'if' || this.isLate(operation.condition.js)) {
        late.push(printJavaScript([operation], this.calls));
        continue;
      }
      const name = this.variable();
      const then = this.printed(operation.then);
      const otherwise = this.printed(operation.otherwise ?? []);
      early.push(`if(${name}=${operation.condition.js}){${then.early}}else{${otherwise.early}}`);
      late.push(`if(${name}){${then.late}}else{${otherwise.late}}`);
    }
    endRun();
    return { early: early.join(''), late: late.join('') };
  }

  private variable(): string {
    const name = `s${String(this.names.length)}`;
    this.names.push(name);
    return name;
  }

  private isLateOperation(operation: Operation): boolean {
    return (
      operation.kind === 'document' ||
      expressionsOf(operation).some(({ js }) => this.isLate(js)) ||
      bodiesOf(operation).some((body) => body.some((each) => this.isLateOperation(each)))
    );
  }
}

const inlined = (operation: Operation): readonly Operation[] =>
  operation.kind === 'named' ? operation.body.flatMap(inlined) : [operation];
