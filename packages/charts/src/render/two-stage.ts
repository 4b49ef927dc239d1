import { CALL, printJavaScript, type Calls } from './javascript';
import type { Operation } from './operations';
import { bodiesOf, expressionsOf } from './operation-visitor';

/**
 * Prints operations as the body of a `Program`.
 * It is made of our own constructs alone: no text of a user becomes part of it, only of what it prints.
 * @param varying names of the parts that vary
 */
export function programText(operations: readonly Operation[], varying: readonly string[]): string {
  const stages = new Stages(varying);
  const { early, late } = stages.printed(operations);
  const often = Array.from(stages.calls).filter(([, count]) => count > 1);
  const names = new Map(often.map(([call], index) => [call, `h${String(index)}`]));
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

/** The values, or a part of them, in an expression. */
const READ = /\bv\b(?:\.([A-Za-z_]\w*))?/g;

/** Statements of a program: those that make what does not vary, and those that print. */
interface Staged {
  readonly early: string;
  readonly late: string;
}

/** Prints operations in two stages. */
class Stages {
  readonly calls: Calls = new Map();
  /** Variables of the first stage. */
  readonly names: string[] = [];

  constructor(private readonly varying: readonly string[]) {}

  /** Whether an expression reads a part that varies, or all parts. */
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

  /** Whether what an operation prints depends on what varies, or on what was printed before it. */
  private isLateOperation(operation: Operation): boolean {
    return (
      operation.kind === 'parting' ||
      expressionsOf(operation).some(({ js }) => this.isLate(js)) ||
      bodiesOf(operation).some((body) => body.some((each) => this.isLateOperation(each)))
    );
  }
}

const inlined = (operation: Operation): readonly Operation[] =>
  operation.kind === 'named' ? operation.body.flatMap(inlined) : [operation];
