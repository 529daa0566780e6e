import type { Diagnostic } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';

/** True for what Ansible Vault made of a text. */
export function isEncrypted(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;');
}

export function encrypted(span: Span): Diagnostic {
  return {
    code: 'encrypted-value',
    severity: 'error',
    message: 'this is encrypted with Ansible Vault, which quorate does not read',
    span,
    hint: 'declare a param with `secret: true`, and give it with -e @FILE from a decrypted file, or where it is asked for',
  };
}
