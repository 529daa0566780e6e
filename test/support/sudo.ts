import { existsSync } from 'node:fs';

/** True where tests cannot become other users: there is no sudo, or it would want a password. */
export const sudoMissing = !existsSync('/usr/bin/sudo') || process.getuid?.() !== 0;

if (sudoMissing && process.env.CI === 'true')
  throw new Error('sudo is missing, or this is not root: apt-get install sudo');
