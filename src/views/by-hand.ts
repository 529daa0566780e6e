import type { HandTask } from '../core/event.ts';
import { type Paint, unpainted } from './paint.ts';
import { clean, oneLine, titled } from './words.ts';

/**
 * Tasks as commands, host by host, with the prompts that one sees. `home` is where one begins and returns to. A task
 * without commands is told with why, so that nothing is left out unsaid. Lines, without an end.
 */
export function byHandLines(tasks: readonly HandTask[], home: string, paint: Paint = unpainted): readonly string[] {
  const lines: string[] = [];
  let at = home;
  const go = (host: string) => {
    if (host === at) return;
    if (at !== home) lines.push(`${prompt(at, paint)} exit`);
    if (host !== home) lines.push(`${prompt(home, paint)} ssh ${host}`);
    at = host;
  };
  for (const { where, steps } of tasks) {
    lines.push(paint('dim', `# ${titled(where.name, where.within, where.item)}`));
    if (steps.length === 0)
      lines.push(paint('yellow', `#   no command for it is known: ${where.module} on ${where.on}`));
    for (const { host, command, until } of steps) {
      go(host);
      lines.push(`${prompt(host, paint)} ${clean(command)}`);
      if (until !== undefined) lines.push(paint('dim', `#   again until ${oneLine(until)}`));
    }
  }
  return lines;
}

const prompt = (host: string, paint: Paint) => paint('dim', `[root@${host} ~]#`);
