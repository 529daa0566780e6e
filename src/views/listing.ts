/** A task, or an include with its tasks below it, as `--list-tasks` shows it. */
export interface ListedTask {
  readonly text: string;
  /** How many includes it is in. */
  readonly depth: number;
  readonly tags: readonly string[];
}

/** A play as `--list-…` shows it; what was not asked for is absent. */
export interface ListedPlay {
  /** From 1, its place in the playbook. */
  readonly number: number;
  readonly pattern: string;
  readonly name: string;
  readonly hosts?: readonly string[];
  readonly tasks?: readonly ListedTask[];
  /** Shown apart: when they are done depends on what is notified. */
  readonly handlers?: readonly ListedTask[];
  readonly tags?: readonly string[];
}

/** What a playbook consists of, much as Ansible shows it. Ends with a newline. */
export function renderListing(playbook: string, plays: readonly ListedPlay[]): string {
  return [`playbook: ${playbook}\n`, ...plays.map(one => `${playLines(one).join('\n')}\n`)].join('\n');
}

function playLines({ number, pattern, name, hosts, tasks, handlers, tags }: ListedPlay): readonly string[] {
  return [
    `  play #${number} (${pattern}): ${name}`,
    ...(hosts ? [`    hosts (${hosts.length}):`, ...hosts.map(host => `      ${host}`)] : []),
    ...(tasks ? ['    tasks:', ...tasks.map(taskLine)] : []),
    ...(handlers && handlers.length > 0 ? ['    handlers:', ...handlers.map(taskLine)] : []),
    ...(tags ? [`    TASK TAGS: [${tags.join(', ')}]`] : []),
  ];
}

function taskLine({ text, depth, tags }: ListedTask): string {
  const shown = `${'  '.repeat(3 + depth)}${text.replace(/\s+/g, ' ')}`;
  return tags.length === 0 ? shown : `${shown}  TAGS: [${tags.join(', ')}]`;
}
