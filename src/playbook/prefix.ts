/** Keys, and module names, come with or without the prefix of Ansible's own collection. */
export function withoutPrefix(key: string): string {
  return key.replace(/^ansible\.(builtin|legacy)\./, '');
}
