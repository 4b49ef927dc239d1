import { read } from 'read';
import { DozlabError } from '../core/errors';
import { editEffectText, type EditEffect } from '../report/edit-effect';
import { hideProgress } from './progress-line';

/**
 * Asks on a terminal.
 * @throws DozlabError with code `invalid-usage` without a terminal and without `--yes`
 */
export async function agreesToLoss(effect: EditEffect, { yes = false }: { readonly yes?: boolean }): Promise<boolean> {
  if (yes || effect.loseData.length === 0) return true;
  const text = editEffectText(effect);
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new DozlabError(
      'invalid-usage',
      `${text}; nothing was written. Fix: add --yes if this is intended; --dry-run shows what would change`,
    );
  hideProgress();
  try {
    const answer = await read({ prompt: `${text}. Continue? [y/N]`, output: process.stderr });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    // Ctrl-C or the end of input.
    return false;
  }
}
